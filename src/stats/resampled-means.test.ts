import { describe, expect, it } from "vitest";
import { BadArgument } from "../core/errors.ts";
import { seeded } from "../core/rng.ts";
import { describe as describeValues } from "./describe.ts";
import { RandomIndices } from "./random-indices.ts";
import { resampledMeans } from "./resampled-means.ts";
import { standardError, toUnits } from "./units.ts";

const values = Array.from({ length: 37 }, (_, i) => ((i * 7919) % 101) / 100);
const clusters = values.map((_, i) => Math.floor(Math.sqrt(i)));

describe("resampledMeans", () => {
  it("is the mean of the drawn values, written naively", () => {
    const indices = new Uint32Array(values.length);
    const source = new RandomIndices(seeded(1), values.length);
    const naive = Array.from({ length: 50 }, () => {
      source.fill(indices);
      return indices.reduce((total, i) => total + values[i]!, 0) / values.length;
    });
    resampledMeans(values, 50, seeded(1)).forEach((mean, r) => {
      expect(mean).toBeCloseTo(naive[r]!, 13);
    });
  });

  it("with clusters is the ratio of the drawn sums to the drawn sizes, written naively", () => {
    const units = toUnits(values, clusters);
    const indices = new Uint32Array(units.count);
    const source = new RandomIndices(seeded(2), units.count);
    const naive = Array.from({ length: 50 }, () => {
      source.fill(indices);
      const drawn = [...indices].flatMap((g) => values.filter((_, i) => clusters[i] === g));
      return drawn.reduce((total, x) => total + x, 0) / drawn.length;
    });
    resampledMeans(values, 50, seeded(2), clusters).forEach((mean, r) => {
      expect(mean).toBeCloseTo(naive[r]!, 13);
    });
  });

  it("has the mean of the sample and the plug-in standard error, within 4 Monte-Carlo standard errors", () => {
    const draws = 20_000;
    const d = describeValues(resampledMeans(values, draws, seeded(3)))!;
    const { mean, count, deviations } = toUnits(values);
    const plugIn = Math.sqrt(deviations.reduce((total, x) => total + x * x, 0)) / count;
    expect(Math.abs(d.mean - mean)).toBeLessThan((4 * plugIn) / Math.sqrt(draws));
    expect(Math.abs(d.sd! / plugIn - 1)).toBeLessThan(4 / Math.sqrt(2 * draws));
  });

  it("spreads more when clusters are drawn and values agree within them", () => {
    const repeated = values.flatMap((x) => [x, x, x, x]);
    const of = values.flatMap((_, i) => [i, i, i, i]);
    const alone = describeValues(resampledMeans(repeated, 4000, seeded(4)))!.sd!;
    const together = describeValues(resampledMeans(repeated, 4000, seeded(4), of))!.sd!;
    expect(together / alone).toBeGreaterThan(1.85);
    expect(together / alone).toBeLessThan(2.15);
    expect(together).toBeCloseTo(standardError(toUnits(repeated, of)), 2);
  });

  it("refuses to draw from nothing", () => {
    expect(() => resampledMeans([], 10, seeded(7))).toThrow(BadArgument);
  });

  it("is the same for the same seed and differs for another", () => {
    expect(resampledMeans(values, 20, seeded(5))).toEqual(resampledMeans(values, 20, seeded(5)));
    expect(resampledMeans(values, 20, seeded(5))).not.toEqual(resampledMeans(values, 20, seeded(6)));
  });
});
