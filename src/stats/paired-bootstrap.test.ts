import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { seeded } from "../core/rng.ts";
import { percentileInterval } from "./bootstrap-interval.ts";
import { pairedBootstrap } from "./paired-bootstrap.ts";
import { resampledMeans } from "./resampled-means.ts";

const differences = Array.from({ length: 50 }, (_, i) => ((i * 13) % 17) / 10 - 0.7);
const clusters = differences.map((_, i) => Math.floor(i / 5));

describe("pairedBootstrap", () => {
  it("is the percentile interval of the resampled mean differences, with the seed behind it", () => {
    const interval = pairedBootstrap(differences, { level: 0.9, resamples: 500, rng: seeded("x") });
    const expected = percentileInterval(resampledMeans(differences, 500, seeded("x")), 0.9);
    expect(interval).toEqual({ ...expected, seed: "x" });
  });

  it("draws whole clusters where they are given", () => {
    const interval = pairedBootstrap(differences, { resamples: 500, rng: seeded("x"), clusters });
    const expected = percentileInterval(resampledMeans(differences, 500, seeded("x"), clusters), 0.95);
    expect(interval).toMatchObject(expected);
  });

  it("turns round when the systems swap", () => {
    const a = pairedBootstrap(differences, { resamples: 999, rng: seeded("x") });
    const b = pairedBootstrap(
      differences.map((x) => -x),
      { resamples: 999, rng: seeded("x") },
    );
    expect(b.low).toBeCloseTo(-a.high, 12);
    expect(b.high).toBeCloseTo(-a.low, 12);
  });

  it("refuses few resamples, a level of 1, and fewer than two queries or clusters", () => {
    expect(() => pairedBootstrap(differences, { resamples: 10, rng: seeded(0) })).toThrow(BadArgument);
    expect(() => pairedBootstrap(differences, { level: 1, rng: seeded(0) })).toThrow(BadArgument);
    for (const few of [[], [0.3]]) expect(() => pairedBootstrap(few, { rng: seeded(0) })).toThrow(BadArgument);
    expect(() => pairedBootstrap([0.1, 0.2], { rng: seeded(0), clusters: [1, 1] })).toThrow(BadArgument);
  });
});
