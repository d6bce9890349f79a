import { describe, expect, it } from "vitest";
import { heatChart } from "./heat-chart.ts";
import { histogramChart } from "./histogram-chart.ts";
import { stackChart } from "./stack-chart.ts";

describe("charts of counts say what they show and bring the table that holds it", () => {
  it("bars in parts", () => {
    const { says, numbers } = stackChart({
      title: "Lost by stage",
      axis: { name: "share", format: (x) => x.toFixed(2) },
      kinds: ["generation", "judge"],
      rows: [
        {
          who: "bm25 rag@3",
          text: "5 of 100",
          parts: [
            { of: "generation", detail: "E_TIMEOUT", value: 0.03 },
            { of: "judge", value: 0.02 },
          ],
        },
      ],
    });
    expect(says).toBe("share in parts. bm25 rag@3: generation E_TIMEOUT 0.03, judge 0.02.");
    expect(numbers).toEqual({
      heads: ["", "stage", "code", "share"],
      rows: [
        ["bm25 rag@3", "generation", "E_TIMEOUT", "0.03"],
        ["bm25 rag@3", "judge", "", "0.02"],
      ],
    });
  });

  it("histograms", () => {
    const rows = [{ who: "bm25", text: "n 4", counts: [1, 3] }];
    const { says, numbers } = histogramChart({ title: "right", name: "grade", bins: ["0", "1"], rows });
    expect(says).toBe("How many answers got each grade. bm25: 1 of 0, 3 of 1.");
    expect(numbers).toEqual({ heads: ["grade", "0", "1"], rows: [["bm25", "1", "3"]] });
  });

  it("heat maps", () => {
    const counts = [
      [5, 1],
      [0, 4],
    ];
    const { says, numbers } = heatChart({ title: "t", x: "judge", y: "people", scale: ["0", "1"], counts });
    expect(says).toBe(
      "people against judge. people 0: 5 with judge 0, 1 with judge 1. people 1: 0 with judge 0, 4 with judge 1.",
    );
    expect(numbers).toEqual({
      heads: ["people, judge →", "0", "1"],
      rows: [
        ["0", "5", "1"],
        ["1", "0", "4"],
      ],
    });
  });
});
