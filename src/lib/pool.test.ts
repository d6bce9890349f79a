import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forEachLimited } from "./pool.ts";

const never = new AbortController().signal;

describe("forEachLimited", () => {
  it("works on every item once, with as many at a time as allowed and never more", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(30), fc.integer({ min: 1, max: 8 }), async (count, limit) => {
        const seen: number[] = [];
        let now = 0;
        let peak = 0;
        const items = Array.from({ length: count }, (_, i) => i);
        await forEachLimited(items, limit, never, async (item) => {
          peak = Math.max(peak, ++now);
          await delay(0);
          seen.push(item);
          now -= 1;
        });
        expect(seen.sort((a, b) => a - b)).toEqual(items);
        expect(peak).toBe(Math.min(count, limit));
      }),
      { numRuns: 30 },
    );
  });

  it("takes an item only when a worker is free", async () => {
    let taken = 0;
    function* endless() {
      for (;;) yield taken++;
    }
    const stop = new AbortController();
    await forEachLimited(endless(), 3, stop.signal, async (item) => {
      expect(taken - item).toBeLessThanOrEqual(3);
      await delay(0);
      if (item === 50) stop.abort();
    });
    expect(taken).toBeLessThanOrEqual(54);
  });

  it("throws the first error after the other workers have ended, told by the signal", async () => {
    const ended: string[] = [];
    const work = forEachLimited(["a", "b", "c", "d"], 3, never, async (item, signal) => {
      if (item === "b") throw new Error("first");
      await delay(10_000, undefined, { signal }).catch(() => undefined);
      ended.push(item);
      throw new Error("echo");
    });
    await expect(work).rejects.toThrow("first");
    expect(ended).toEqual(["a", "c"]);
  });

  it("takes nothing more once aborted", async () => {
    let worked = 0;
    await forEachLimited([1, 2, 3], 2, AbortSignal.abort(), async () => {
      worked += 1;
    });
    expect(worked).toBe(0);
  });
});
