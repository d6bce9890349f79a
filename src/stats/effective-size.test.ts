import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { effectiveSize } from "./effective-size.ts";
import { quantileSorted } from "./quantile.ts";
import { quantileInterval } from "./quantile-interval.ts";

/** (t / z)² of nine degrees of freedom. */
const WIDER = (2.262157 / 1.959964) ** 2;

describe("effectiveSize", () => {
  it("is worked by hand for two halves, as far apart as can be", () => {
    // The means of the blocks are five times 1 and five times 0: a variance of .25 × 10 / 9, of their mean a tenth of that.
    const byBlocks = (0.25 * (10 / 9)) / 10;
    const independent = 0.25 / 99;
    const halves = Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 0));
    expect(effectiveSize(halves)).toBeCloseTo(100 / ((WIDER * byBlocks) / independent), 4);
  });

  it.each<[string, number[]]>([
    ["all alike", new Array<number>(100).fill(1)],
    ["too short to show anything", [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]],
    ["even in every block", Array.from({ length: 100 }, (_, i) => i % 2)],
  ])("is the number of values where they are %s", (_what, values) => {
    expect(effectiveSize(values)).toBe(values.length);
  });

  it("is about n over (t / z)² at the worst of usual luck for independent values", () => {
    const rng = seeded(1);
    const shares = Array.from({ length: 400 }, () => {
      const values = Array.from({ length: 300 }, () => (rng.float() < 0.3 ? 1 : 0));
      return effectiveSize(values) / 300;
    });
    shares.sort((a, b) => a - b);
    expect(quantileSorted(shares, 0.5)).toBeGreaterThan(0.75);
    expect(quantileSorted(shares, 0.05)).toBeGreaterThan(0.33);
  });

  it("stays from 1 to n, and is the same for a series turned round", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 300 }), (values) => {
        const worth = effectiveSize(values);
        expect(worth).toBeGreaterThanOrEqual(1);
        expect(worth).toBeLessThanOrEqual(values.length);
        expect(effectiveSize(values.map((x) => 1 - x))).toBeCloseTo(worth, 9);
        if (values.length % 10 === 0) expect(effectiveSize(values.toReversed())).toBeCloseTo(worth, 9);
      }),
    );
  });

  it("takes values that come k times in a row as about one", () => {
    const rng = seeded(2);
    const once = Array.from({ length: 400 }, () => (rng.float() < 0.5 ? 1 : 0));
    const five = once.flatMap((x) => [x, x, x, x, x]);
    expect(effectiveSize(five) / effectiveSize(once)).toBeLessThan(1.4);
  });

  it("refuses a series without values", () => {
    expect(() => effectiveSize([])).toThrow("at least one value");
  });
});

/** The times in an M/D/1 queue of service time 1, by Lindley's recursion, once it has run for a while. */
function queue(load: number, n: number, seed: string): number[] {
  const rng = seeded(seed);
  const times: number[] = [];
  let wait = 0;
  for (let i = -100; i < n; i += 1) {
    if (i >= 0) times.push(wait + 1);
    wait = Math.max(0, wait + 1 + Math.log(1 - rng.float()) / load);
  }
  return times;
}

describe("the interval of a quantile of times in a queue", () => {
  it.each([
    // Load, the least coverage of 95 % intervals; those for independent values have .9, .6, .4.
    [0.3, 0.93],
    [0.5, 0.9],
    [0.7, 0.86],
  ])("holds the true one about as often as it says, at a load of %d", (load, least) => {
    const truth = Float64Array.from(queue(load, 400_000, "truth")).sort();
    const n = Math.round(600 * load);
    for (const p of [0.5, 0.9]) {
      const real = quantileSorted(truth, p);
      let [held, naive] = [0, 0];
      const draws = 300;
      for (let draw = 0; draw < draws; draw += 1) {
        const times = queue(load, n, `${load}/${draw}`);
        const sorted = times.toSorted((a, b) => a - b);
        const at = quantileSorted(sorted, p);
        const worth = effectiveSize(times.map((time) => (time <= at ? 1 : 0)));
        const covers = (size: number): boolean => {
          const { low = 0, high = Number.POSITIVE_INFINITY } = quantileInterval(sorted, p, 0.95, size);
          return low <= real && real <= high;
        };
        if (covers(worth)) held += 1;
        if (covers(n)) naive += 1;
      }
      expect(held / draws).toBeGreaterThan(least);
      expect(held).toBeGreaterThanOrEqual(naive);
    }
  });
});
