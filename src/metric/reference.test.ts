import { describe, expect, it } from "vitest";
import { metricReference, metricSection } from "./reference.ts";
import { METRICS } from "./registry.ts";

describe("metricReference", () => {
  it("has a section for every metric, in its group", () => {
    const headings = metricReference().match(/^### .*$/gm);
    expect(headings?.map((h) => h.slice(4)).sort()).toEqual(METRICS.map((d) => d.name).sort());
    expect(metricReference().match(/^## .*$/gm)).toEqual([
      "## Ranking metrics",
      "## Answer metrics",
      "## Grounding metrics",
      "## Refusal metrics",
      "## Text metrics",
    ]);
  });

  it("leaves out a group without metrics", () => {
    expect(metricReference([])).not.toContain("##");
  });

  it("prints a metric's facts and parameters as they are declared", () => {
    const precision = METRICS.find((d) => d.name === "P")!;
    expect(metricSection(precision)).toMatchInlineSnapshot(`
      "### P

      **Precision.** Share of the first k places that hold a relevant passage: relevant found / k. Places left empty by a short ranking count as not relevant, so a system cannot gain by returning less; dividing by what was returned is PrecisionRetrieved.

      |  |  |
      | --- | --- |
      | Range | 0 to 1, higher is better |
      | Unit | fraction of the cutoff |
      | Nothing returned | 0 |
      | Nothing to compare with | unscored (not-applicable) |
      | The system failed | 0 |
      | Source | trec_eval P.k |
      | Elsewhere called | \`Precision\`, \`precision_at_k\` |

      | Parameter | Values | Default | Meaning |
      | --- | --- | --- | --- |
      | \`@\` | whole number, 1 to 1000000 | required | how many of the best hits count |
      | \`rel\` | whole number, 1 to 1000 | 1 | lowest grade that counts as relevant |
      | \`gold\` | \`lenient\`, \`strict\`, \`document\` | lenient | how gold that is given as spans is found in passages: lenient, a passage holds half of a span or lies half inside it; strict, it holds the whole span, and a span that no passage holds whole counts and cannot be found. document: any passage of a judged document (a page, a title) stands for it; its further passages count as not relevant |"
    `);
  });

  it("says as words what a metric does in corner cases", () => {
    const text = metricSection(METRICS.find((d) => d.name === "RefusalPrecision")!);
    expect(text).toContain("| The system failed | unscored (not-applicable) |");
    expect(text).toContain("| Nothing to compare with | as usual |");
    expect(metricSection(METRICS.find((d) => d.name === "AnswerPrecision")!)).toContain(
      "| `by` | an answer metric | EM |",
    );
  });

  it("is the same text every time and has no table cell broken by a bar", () => {
    expect(metricReference()).toBe(metricReference());
    for (const line of metricReference()
      .split("\n")
      .filter((l) => l.startsWith("|"))) {
      expect([4, 6]).toContain(line.split(/(?<!\\)\|/).length);
    }
  });
});
