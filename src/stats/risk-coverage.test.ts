import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { areaUnderRiskCoverage, estimateAurc, riskCoverage } from "./risk-coverage.ts";

describe("by hand", () => {
  it.each<[what: string, confidences: number[], losses: number[], expected: number]>([
    // Mean losses of the surest 1, 2, 3, 4: 0, 0, 1/3, 1/2.
    ["the errors come last", [0.9, 0.8, 0.3, 0.1], [0, 0, 1, 1], (0 + 0 + 1 / 3 + 1 / 2) / 4],
    // 1, 1, 2/3, 1/2.
    ["the errors come first", [0.1, 0.3, 0.8, 0.9], [0, 0, 1, 1], (1 + 1 + 2 / 3 + 1 / 2) / 4],
    ["all are right", [3, 2, 1], [0, 0, 0], 0],
    ["all are wrong", [3, 2, 1], [1, 1, 1], 1],
    // Half of the orders begin with the error: the mean over both is ½ each time.
    ["confidences say nothing", [5, 5], [1, 0], 1 / 2],
    // 0, then on average (0 + ½) / 2 and (0 + 1) / 3.
    ["a tie below the surest", [9, 5, 5], [0, 1, 0], (0 + 1 / 4 + 1 / 3) / 3],
    ["losses in between", [2, 1], [0.25, 0.75], (0.25 + 0.5) / 2],
  ])("%s", (_what, confidences, losses, expected) => {
    expect(areaUnderRiskCoverage(confidences, losses)).toBeCloseTo(expected, 12);
  });

  it("the curve has a point for every confidence that occurs", () => {
    expect(riskCoverage([0.2, 0.9, 0.2, 0.5], [1, 0, 0, 1])).toEqual([
      { threshold: 0.9, coverage: 1 / 4, risk: 0 },
      { threshold: 0.5, coverage: 2 / 4, risk: 1 / 2 },
      { threshold: 0.2, coverage: 1, risk: 1 / 2 },
    ]);
    expect(riskCoverage([], [])).toEqual([]);
  });

  it.each<[number[], number[]]>([
    [[1], []],
    [[Number.NaN], [0]],
    [[1], [2]],
    [[1], [-0.1]],
    [[1], [Number.NaN]],
    [[], []],
  ])("refuses confidences %j with losses %j", (confidences, losses) => {
    expect(() => areaUnderRiskCoverage(confidences, losses)).toThrow();
  });
});

/** The definition word for word, without ties. */
function naive(confidences: readonly number[], losses: readonly number[]): number {
  const order = confidences.map((_, i) => i).sort((a, b) => confidences[b]! - confidences[a]!);
  let sum = 0;
  for (let i = 1; i <= order.length; i += 1) {
    sum += order.slice(0, i).reduce((total, at) => total + losses[at]!, 0) / i;
  }
  return sum / order.length;
}

const distinct = fc
  .uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 25 })
  .chain((confidences) =>
    fc.tuple(
      fc.constant(confidences),
      fc.array(fc.constantFrom<number>(0, 0.5, 1), { minLength: confidences.length, maxLength: confidences.length }),
    ),
  );

describe("relations", () => {
  it("is the definition where no two confidences are equal", () => {
    fc.assert(
      fc.property(distinct, ([confidences, losses]) => {
        expect(areaUnderRiskCoverage(confidences, losses)).toBeCloseTo(naive(confidences, losses), 12);
      }),
    );
  });

  it("ties count as the mean over their orders", () => {
    const losses = [1, 0, 0.5];
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    const each = orders.map((order) =>
      naive(
        [3, 2, 1],
        order.map((i) => losses[i]!),
      ),
    );
    expect(areaUnderRiskCoverage([7, 7, 7], losses)).toBeCloseTo(each.reduce((a, b) => a + b) / 6, 12);
  });

  it("depends on the order of confidences alone, not on their scale or the order of samples", () => {
    fc.assert(
      fc.property(distinct, ([confidences, losses]) => {
        const found = areaUnderRiskCoverage(confidences, losses);
        expect(
          areaUnderRiskCoverage(
            confidences.map((x) => Math.atan(x / 50)),
            losses,
          ),
        ).toBeCloseTo(found, 12);
        expect(areaUnderRiskCoverage(confidences.toReversed(), losses.toReversed())).toBeCloseTo(found, 12);
      }),
    );
  });

  it("lies between the best and the worst order of the same losses; the curve ends at the plain risk", () => {
    fc.assert(
      fc.property(distinct, ([confidences, losses]) => {
        const found = areaUnderRiskCoverage(confidences, losses);
        const best = areaUnderRiskCoverage(
          losses.map((loss) => -loss),
          losses,
        );
        const worst = areaUnderRiskCoverage(losses, losses);
        expect(found).toBeGreaterThanOrEqual(best - 1e-12);
        expect(found).toBeLessThanOrEqual(worst + 1e-12);
        const risk = losses.reduce<number>((a, b) => a + b, 0) / losses.length;
        expect(riskCoverage(confidences, losses).at(-1)).toMatchObject({ coverage: 1 });
        expect(riskCoverage(confidences, losses).at(-1)!.risk).toBeCloseTo(risk, 12);
        expect(
          areaUnderRiskCoverage(
            losses.map(() => 1),
            losses,
          ),
        ).toBeCloseTo(risk, 12);
      }),
    );
  });
});

describe("estimateAurc", () => {
  const made = (label: string, n: number) => {
    const rng = seeded(label);
    const confidences = Array.from({ length: n }, () => rng.float());
    return { confidences, losses: confidences.map((sure) => Number(rng.float() > sure)) };
  };

  it("has the area as its mean, the same interval for the same seed, and counts", () => {
    const { confidences, losses } = made("a", 200);
    const found = estimateAurc(confidences, losses, { rng: seeded("b") });
    expect(found).toEqual(estimateAurc(confidences, losses, { rng: seeded("b") }));
    expect(found).toMatchObject({ state: "estimated", method: "bootstrap-percentile", n: 200, level: 0.95 });
    if (found.state !== "estimated") throw new Error();
    expect(found.mean).toBe(areaUnderRiskCoverage(confidences, losses));
    expect(found.low).toBeLessThan(found.mean);
    expect(found.high).toBeGreaterThan(found.mean);
  });

  it("holds the true area about as often as it says", () => {
    // Confidence u uniform, loss 1 with chance 1 − u: at coverage c the risk is c / 2, so the area is 1/4.
    let held = 0;
    for (let i = 0; i < 200; i += 1) {
      const { confidences, losses } = made(`cover/${i}`, 150);
      const found = estimateAurc(confidences, losses, { level: 0.9, resamples: 199, rng: seeded(`rng/${i}`) });
      if (found.state === "estimated" && found.low <= 0.25 && 0.25 <= found.high) held += 1;
    }
    expect(held / 200).toBeGreaterThan(0.84);
    expect(held / 200).toBeLessThan(0.96);
  });

  it("draws whole clusters: copies of a sample add nothing", () => {
    const { confidences, losses } = made("c", 60);
    const thrice = (xs: readonly number[]) => [...xs, ...xs, ...xs];
    const clusters = thrice(confidences.map((_, i) => i));
    const width = (estimate: ReturnType<typeof estimateAurc>): number =>
      estimate.state === "estimated" ? estimate.high - estimate.low : Number.NaN;
    const once = width(estimateAurc(confidences, losses, { rng: seeded("d") }));
    const clustered = width(estimateAurc(thrice(confidences), thrice(losses), { rng: seeded("d"), clusters }));
    expect(clustered / once).toBeGreaterThan(0.9);
    expect(clustered / once).toBeLessThan(1.1);
  });

  it("says so where there is nothing to estimate", () => {
    const rng = seeded("e");
    expect(estimateAurc([1], [0], { rng })).toMatchObject({ state: "not-estimable" });
    expect(estimateAurc([1, 2], [0, 0], { rng })).toMatchObject({ state: "not-estimable", n: 2 });
    expect(() => estimateAurc([1, 2], [0, 1], { rng, clusters: [1] })).toThrow();
  });
});
