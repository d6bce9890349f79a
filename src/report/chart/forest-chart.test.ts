import { describe, expect, it } from "vitest";
import { forestChart } from "./forest-chart.ts";

const axis = { name: "EM", format: String };
const row = (who: string, mark = "") => ({ who, mean: 0.5, low: 0.4, high: 0.6, text: ".500 [.400, .600]", mark });

describe("forestChart", () => {
  const groups = [{ title: "bm25", rows: [row("rag@3", "best"), row("rag@5")] }, { rows: [row("alone", "≈ best")] }];

  it("says every interval with its heading and its mark", () => {
    expect(forestChart({ title: "EM", axis, groups }).says).toBe(
      "EM, with intervals. bm25, rag@3: .500 [.400, .600], best. bm25, rag@5: .500 [.400, .600]. alone: .500 [.400, .600], ≈ best.",
    );
  });

  it("brings a table only where no other one holds its numbers", () => {
    expect(forestChart({ title: "EM", axis, groups }).numbers).toBeUndefined();
    expect(forestChart({ title: "EM", axis, groups, alone: true }).numbers).toEqual({
      heads: ["", "EM"],
      rows: [
        ["bm25, rag@3", ".500 [.400, .600]"],
        ["bm25, rag@5", ".500 [.400, .600]"],
        ["alone", ".500 [.400, .600]"],
      ],
    });
  });

  it("says no more than a listener bears, whatever the names", () => {
    const rows = Array.from({ length: 200 }, (_, i) => row(`${"w".repeat(5_000)}${i}`));
    const { says } = forestChart({ title: "EM", axis, groups: [{ rows }] });
    expect(says.length).toBeLessThan(1_000);
    expect(says).toMatch(/And 19\d more\.$/);
  });
});
