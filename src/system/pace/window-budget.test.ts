import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WindowBudget } from "./window-budget.ts";

describe("WindowBudget", () => {
  it("has room until the window holds the limit, and again when the oldest leaves it", () => {
    const budget = new WindowBudget(3, 60_000);
    for (const at of [0, 1000, 2000]) {
      expect(budget.waitMs(1, at)).toBe(0);
      budget.take(1, at);
    }
    // The first leaves after the window and the grain of 100 ms within which entries are one.
    expect(budget.waitMs(1, 2000)).toBe(58_100);
    expect(budget.waitMs(2, 2000)).toBe(59_100);
    expect(budget.waitMs(1, 60_100)).toBe(0);
    expect(budget.used(60_100)).toBe(2);
  });

  it("lets a call that is larger than the limit into an empty window", () => {
    const budget = new WindowBudget(100, 60_000);
    expect(budget.waitMs(500, 0)).toBe(0);
    budget.take(500, 0);
    expect(budget.waitMs(1, 0)).toBe(60_100);
  });

  it("takes the real amount in the place of what was estimated", () => {
    const budget = new WindowBudget(1000, 60_000);
    const entry = budget.take(900, 0);
    expect(budget.waitMs(200, 10)).toBeGreaterThan(0);
    budget.settle(entry, 900, 300);
    expect(budget.used(10)).toBe(300);
    expect(budget.waitMs(200, 10)).toBe(0);
  });

  it("never lets more than the limit into any window, whenever calls come", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 80 });
    const amounts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 80, maxLength: 80 });
    fc.assert(
      fc.property(gaps, amounts, (waits, sizes) => {
        const budget = new WindowBudget(100, 60_000);
        const taken: { at: number; amount: number }[] = [];
        let now = 0;
        waits.forEach((gap, i) => {
          now += gap;
          for (let wait = budget.waitMs(sizes[i]!, now); wait > 0; wait = budget.waitMs(sizes[i]!, now)) now += wait;
          budget.take(sizes[i]!, now);
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
    const budget = new WindowBudget(100, 60_000);
    let now = 0;
    for (let i = 0; i < 1000; i += 1) {
      for (let wait = budget.waitMs(1, now); wait > 0; wait = budget.waitMs(1, now)) now += wait;
      budget.take(1, now);
    }
    expect(now).toBeLessThan(9 * 60_000 * 1.01);
  });

  it("holds a day in a few hundred entries", () => {
    const budget = new WindowBudget(1e9, 86_400_000);
    for (let at = 0; at < 86_400_000; at += 500) budget.take(1, at);
    expect(budget.used(86_400_000)).toBe(172_800);
    const start = performance.now();
    for (let i = 0; i < 1000; i += 1) budget.waitMs(1, 86_400_000);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
