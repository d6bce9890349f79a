import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { arrivalTimes } from "./arrival-times.ts";

const gapsOf = (times: readonly number[]): number[] => times.map((at, i) => at - (times[i - 1] ?? 0));
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("arrivalTimes", () => {
  it("spaces constant arrivals evenly, the first after half a gap", () => {
    expect(arrivalTimes("constant", 4, 1000, seeded(0))).toEqual([125, 375, 625, 875]);
    expect(arrivalTimes("constant", 0.5, 1000, seeded(0))).toEqual([]);
  });

  it("draws gaps whose mean is 1 / rate and whose spread is that of an exponential", () => {
    const gaps = gapsOf(arrivalTimes("poisson", 10, 4_000_000, seeded(1)));
    expect(mean(gaps)).toBeCloseTo(100, -0.5);
    const variance = mean(gaps.map((gap) => (gap - 100) ** 2));
    expect(Math.sqrt(variance) / 100).toBeCloseTo(1, 1);
    // P(gap > 2 / rate) = e^-2.
    expect(gaps.filter((gap) => gap > 200).length / gaps.length).toBeCloseTo(Math.exp(-2), 2);
  });

  it("counts per second as Poisson does: variance equal to the mean", () => {
    const counts = new Array<number>(20_000).fill(0);
    for (const at of arrivalTimes("poisson", 3, 20_000_000, seeded(2))) counts[Math.floor(at / 1000)]! += 1;
    const middle = mean(counts);
    expect(middle).toBeCloseTo(3, 1);
    expect(mean(counts.map((count) => (count - middle) ** 2)) / middle).toBeCloseTo(1, 1);
  });

  it("gives the same times for the same seed, others for another", () => {
    const times = (seed: number) => arrivalTimes("poisson", 5, 10_000, seeded(seed));
    expect(times(3)).toEqual(times(3));
    expect(times(3)).not.toEqual(times(4));
  });

  it("ascends and stays before the end, whatever the rate", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("poisson", "constant"),
        fc.double({ min: 0.01, max: 200, noNaN: true }),
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer(),
        (kind, rate, until, seed) => {
          const times = arrivalTimes(kind, rate, until, seeded(seed));
          expect(times.every((at, i) => at >= (times[i - 1] ?? 0) && at < until)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});
