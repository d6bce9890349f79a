import { describe, expect, it } from "vitest";
import { riskChart } from "./risk-chart.ts";
import { riskCurve } from "./risk-curve.ts";
import type { SelectiveAnswering } from "./selective.ts";

const found = (points: number): SelectiveAnswering =>
  ({
    condition: "rag@3",
    right: { metric: "EM", from: 0.5 },
    curve: Array.from({ length: points }, (_, i) => ({ threshold: -i, coverage: (i + 1) / points, risk: i / points })),
  }) as unknown as SelectiveAnswering;

describe("riskCurve", () => {
  it("keeps both ends of a long curve and all of a short one, without thresholds", () => {
    const { curve, right } = riskCurve(found(1_000));
    expect(right).toBe("EM ≥ .5");
    expect(curve.length).toBe(40);
    expect([curve[0], curve.at(-1)]).toEqual([
      { coverage: 0.001, risk: 0 },
      { coverage: 1, risk: 0.999 },
    ]);
    expect(riskCurve(found(3)).curve).toHaveLength(3);
  });
});

describe("riskChart", () => {
  it("has a stepped line each, over the whole of coverage and from a risk of 0", () => {
    const { curve } = riskCurve(found(2));
    const chart = riskChart([{ name: "bm25", curve }], "rag@3", "1 of 9 is drawn")!;
    expect(chart.series).toEqual([
      {
        name: "bm25",
        steps: true,
        points: [
          { x: 0.5, y: 0 },
          { x: 1, y: 0.5 },
        ],
      },
    ]);
    expect(chart).toMatchObject({ note: "1 of 9 is drawn", y: { zero: true, range: [0, 1] } });
    expect(chart.x.ticks).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it("is absent without lines", () => {
    expect(riskChart([], "")).toBeUndefined();
  });
});
