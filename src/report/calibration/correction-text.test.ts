import { describe, expect, it } from "vitest";
import type { CorrectedMean } from "../../runlog/index.ts";
import { correctionsText } from "./correction-text.ts";
import { rankingText } from "./ranking-text.ts";

const mean = (changes: Partial<CorrectedMean> = {}): CorrectedMean => ({
  ...{ column: "j/correctness", condition: "rag@3", answers: 398, labels: 60, failed: 2, judge: 2.1 },
  corrected: { value: 1.9, n: 60, low: 1.7, high: 2.1, method: "prediction-powered" },
  labelsAlone: { value: 1.8, n: 60, low: 1.5, high: 2.1, method: "labels-alone" },
  ...{ lambda: 0.7, width: "narrower", effectiveLabels: 131.4, ...changes },
});
const shown = (means: CorrectedMean[], columns = 200, system = "bm25") =>
  correctionsText(
    [
      {
        system,
        ranges: new Map([["j/correctness", [0, 3]]]),
        corrections: {
          ...{ kind: "corrections", schema: 1, run: "r", log: "", at: "", level: 0.95, labels: { files: [] }, means },
          judge: { id: "j", sha256: "", rubric: "" },
        },
      },
    ],
    columns,
  );

describe("correctionsText", () => {
  it("has raw, corrected and labels alone side by side, and what the labels are worth", () => {
    expect(shown([mean()])).toMatch(
      /bm25 +rag@3 +j\/correctness +2\.10 +1\.90 \[1\.70, 2\.10\] +1\.80 \[1\.50, 2\.10\] +60 +400 +\.700 +131/,
    );
    expect(shown([mean()])).not.toContain("take the labels");
    expect(shown([mean()])).not.toContain("Rogan");
    expect(shown([mean({ roganGladen: { value: 0.5, n: 60 } })])).toContain("Rogan–Gladen");
  });

  it("says where the judge is of no use", () => {
    expect(shown([mean({ width: "wider" })])).toContain("is wider than that of the labels alone: take the labels");
    expect(shown([mean({ width: "same", lambda: 0 })])).toContain("because its grades do not go with the labels");
    expect(shown([mean({ corrected: { reason: "a single label", n: 1 }, width: "unknown" })])).toContain("—");
  });

  it("keeps within a narrow terminal, and hostile names from acting on it", () => {
    const narrow = shown([mean()], 60, "\u001b[31mevil").split("\n");
    expect(narrow.join("\n")).not.toContain("\u001b");
    for (const line of narrow) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe("rankingText", () => {
  const facts = {
    by: "kappa",
    criterion: "correct",
    level: 0.95,
    items: 120,
    questions: 40,
    unit: "question",
  } as const;
  const figure = { value: 0.6, low: 0.5, high: 0.7, n: 120 };

  it("names the best, who is told apart from it, and what judges did not grade", () => {
    const rows = [
      { judge: "a\u001b", figure, verdict: "best", group: 1, ungraded: 0 },
      { judge: "b", figure, behind: { value: 0.01, n: 120 }, p: 0.4, verdict: "cannot-tell", group: 1, ungraded: 3 },
      { judge: "c", figure, behind: { value: 0.3, n: 120 }, p: 0.001, verdict: "behind", group: 2, ungraded: 0 },
    ] as const;
    const text = rankingText(rows, facts, 120);
    expect(text).toContain("3 judges on 120 labelled answers to 40 questions, by Cohen's κ");
    expect(text).toContain("1 of 2.");
    expect(text).toMatch(/b +\.600 \[\.500, \.700\] +\.010 +\.400 +1 +cannot tell +3/);
    expect(text).not.toContain("\u001b");
  });
});
