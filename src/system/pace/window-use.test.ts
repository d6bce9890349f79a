import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WindowUse } from "./window-use.ts";

describe("WindowUse", () => {
  it("has room until the window holds the limit, and again when the oldest leaves it", () => {
    const use = new WindowUse(60_000);
    for (const at of [0, 1000, 2000]) {
      expect(use.waitMs(1, 3, at)).toBe(0);
      use.take(1, at);
    }
    // The first leaves after the window and the grain of 100 ms within which entries are one.
    expect(use.waitMs(1, 3, 2000)).toBe(58_100);
    expect(use.waitMs(2, 3, 2000)).toBe(59_100);
    expect(use.waitMs(1, 3, 60_100)).toBe(0);
    expect(use.used(60_100)).toBe(2);
  });

  it("lets a call that is larger than the limit into an empty window", () => {
    const use = new WindowUse(60_000);
    expect(use.waitMs(500, 100, 0)).toBe(0);
    use.take(500, 0);
    expect(use.waitMs(1, 100, 0)).toBe(60_100);
  });

  it("takes the real amount in the place of what was estimated", () => {
    const use = new WindowUse(60_000);
    const entry = use.take(900, 0);
    expect(use.waitMs(200, 1000, 10)).toBeGreaterThan(0);
    use.settle(entry, 900, 300);
    expect(use.used(10)).toBe(300);
    expect(use.waitMs(200, 1000, 10)).toBe(0);
  });

  it("never lets more than the limit into any window, whenever calls come", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 80 });
    const amounts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 80, maxLength: 80 });
    fc.assert(
      fc.property(gaps, amounts, (waits, sizes) => {
        const use = new WindowUse(60_000);
        const taken: { at: number; amount: number }[] = [];
        let now = 0;
        waits.forEach((gap, i) => {
          now += gap;
          for (let wait = use.waitMs(sizes[i]!, 100, now); wait > 0; wait = use.waitMs(sizes[i]!, 100, now))
            now += wait;
          use.take(sizes[i]!, now);
          taken.push({ at: now, amount: sizes[i]! });
        });
        for (const { at } of taken) {
          const window = taken.filter((t) => t.at >= at && t.at < at + 60_000);
          expect(window.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  it("uses the budget: what always waits gets 100 a minute but for the grain", () => {
    const use = new WindowUse(60_000);
    let now = 0;
    for (let i = 0; i < 1000; i += 1) {
      for (let wait = use.waitMs(1, 100, now); wait > 0; wait = use.waitMs(1, 100, now)) now += wait;
      use.take(1, now);
    }
    expect(now).toBeLessThan(9 * 60_000 * 1.01);
  });

  it("holds a day in a few hundred entries", () => {
    const use = new WindowUse(86_400_000);
    const entries = new Set<unknown>();
    for (let at = 0; at < 86_400_000; at += 500) entries.add(use.take(1, at));
    expect(entries.size).toBeLessThanOrEqual(600);
    expect(use.used(86_400_000)).toBe(172_800);
  });
});
