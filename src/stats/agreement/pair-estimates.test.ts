import { describe, expect, it } from "vitest";
import { BadArgument } from "../../core/errors.ts";
import type { Estimated } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { estimateMean } from "../estimate-mean.ts";
import { wilson } from "../wilson.ts";
import { exactAgreement, meanAbsoluteError, signedBias, withinOne } from "./pair-differences.ts";
import { pairEstimates } from "./pair-estimates.ts";
import { tallyGrades } from "./tally.ts";

const rng = seeded(0);
const people = [0, 1, 2, 3, 3, 2, 1, 0, undefined, 2];
const judge = [0, 1, 3, 3, 1, 2, 2, 0, 1, undefined];

describe("pairEstimates", () => {
  it("has the means of the plain functions, over items that both graded; others are unscored", () => {
    const tally = tallyGrades([people, judge], [0, 1, 2, 3]);
    const found = pairEstimates(tally, { rng });
    for (const [estimate, coefficient] of [
      [found.exact, exactAgreement(tally)],
      [found.withinOne, withinOne(tally)],
      [found.absoluteError, meanAbsoluteError(tally)],
      [found.bias, signedBias(tally)],
    ] as const) {
      expect(estimate).toMatchObject({ state: "estimated", n: 8, unscored: 2 });
      expect((estimate as Estimated).mean).toBeCloseTo((coefficient as { value: number }).value, 12);
    }
    expect(found.exact).toMatchObject({ method: "wilson", ...wilson(5, 8, 0.95) });
  });

  it("does not take full agreement on a few items for certainty", () => {
    const { exact, absoluteError, bias } = pairEstimates(
      tallyGrades(
        [
          [0, 1, 2],
          [0, 1, 2],
        ],
        [0, 1, 2, 3],
      ),
      { rng },
    );
    expect(exact).toMatchObject({ mean: 1, ...wilson(3, 3, 0.95) });
    expect((absoluteError as Estimated).high).toBeGreaterThan(0.5);
    expect((bias as Estimated).low).toBeLessThan(-0.5);
  });

  it("clusters by question, of the items that have both grades", () => {
    const clusters = people.map((_, i) => Math.floor(i / 2));
    const found = pairEstimates(tallyGrades([people, judge], [0, 1, 2, 3]), { clusters, level: 0.9, rng });
    const expected = estimateMean(
      { values: [0, 0, 1, 0, -2, 0, 1, 0], failed: 0, unscored: 2, clusters: clusters.slice(0, 8) },
      { level: 0.9, range: [-3, 3], rng },
    );
    expect(found.bias).toEqual(expected);
    expect(found.exact).toMatchObject({ method: "wilson-clustered", level: 0.9 });
  });

  it("is not estimable without items or with one", () => {
    for (const columns of [
      [[], []],
      [[1], [2]],
      [[1], [undefined]],
    ] as (number | undefined)[][][]) {
      const found = pairEstimates(tallyGrades(columns, [1, 2]), { rng });
      for (const estimate of Object.values(found)) expect(estimate.state).toBe("not-estimable");
    }
  });

  it("refuses three raters", () => {
    expect(() => pairEstimates(tallyGrades([[1], [1], [1]]), { rng })).toThrow(BadArgument);
  });
});
