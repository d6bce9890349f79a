import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { refusalDetector } from "../../metric/index.ts";
import { wilson } from "../../stats/index.ts";
import { type DetectorCheck, DetectorTally, type LabelledAnswer } from "./detector-check.ts";
import { detectorText } from "./detector-text.ts";

const detect = refusalDetector();

function checked(answers: readonly LabelledAnswer[]): DetectorCheck {
  const tally = new DetectorTally();
  for (const answer of answers) tally.add(answer, detect(answer.text));
  return tally.check(0.95, seeded("test"));
}

describe("DetectorTally", () => {
  const answers = [
    { id: "1", text: "I do not know.", refused: true },
    { id: "2", text: "I do not know.", refused: true },
    { id: "3", text: "I do not know, but it was in 1812.", refused: false },
    { id: "4", text: "Ask the \u001b[31mlibrarian.", refused: true },
    { id: "5", text: "In 1812.", refused: false },
  ];

  it("counts the four cells, lists what is wrong and says which rule was right how often", () => {
    const check = checked(answers);
    expect(check).toMatchObject({
      n: 5,
      confusion: { refusalFlagged: 2, refusalMissed: 1, answerFlagged: 1, answerPassed: 1 },
      precision: { mean: 2 / 3, n: 3, method: "wilson", ...wilson(2, 3, 0.95) },
      recall: { mean: 2 / 3, n: 3, method: "wilson" },
      rules: [{ rule: "phrase: I do not know", flagged: 3, right: 2 }],
      missed: [{ id: "4", rule: "none" }],
      false: [{ id: "3", rule: "phrase: I do not know" }],
    });
  });

  it("has no figure where nothing was flagged or nothing is a refusal", () => {
    const check = checked([{ id: "1", text: "In 1812.", refused: false }]);
    expect(check.precision).toMatchObject({ state: "not-estimable", n: 0 });
    expect(check.recall).toMatchObject({ state: "not-estimable", n: 0 });
  });

  it("does not depend on the order, and its cells add up", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(answers, { minLength: 1 }), (some) => {
        const check = checked(some);
        expect(checked(some.toReversed()).confusion).toEqual(check.confusion);
        expect(Object.values(check.confusion).reduce((a, b) => a + b)).toBe(some.length);
        const flagged = check.rules.reduce((n, rule) => n + rule.flagged, 0);
        expect(flagged).toBe(check.confusion.refusalFlagged + check.confusion.answerFlagged);
      }),
    );
  });

  it("is printed with intervals, with hostile text made visible, within the width", () => {
    const text = detectorText(checked(answers), { detector: "It", level: 0.95, columns: 60, named: 10 });
    expect(text).toMatch(/precision \.667 \[\.208, \.939\] of 3 flagged/);
    expect(text).toContain("Refusals missed: 1");
    expect(text).not.toContain("\u001b");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe.skipIf(!hasShared)("the default detector on mtrag-human-eval", () => {
  interface Row {
    readonly task_id: string;
    readonly model_id: string;
    readonly response: string;
    readonly answerability: readonly string[];
    readonly conditional_idk: 0 | 1;
  }

  it("477 answers: precision and recall against the benchmark's own flags of \"I don't know\"", () => {
    const rows = readFileSync(shared("data/mtrag-human-eval/flat.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Row);
    // conditional_idk is 0 where an answer declines though it need not, or does not though it should.
    const labelled = rows.map((row) => ({
      id: `${row.task_id} ${row.model_id}`,
      text: row.response,
      refused: row.answerability.includes("UNANSWERABLE") === (row.conditional_idk === 1),
    }));
    const check = checked(labelled);
    // It misses none, and of what it flags the rest are hedges: a gap is named, then an answer is given all the same.
    expect(check).toMatchObject({
      n: 477,
      confusion: { refusalFlagged: 15, refusalMissed: 0, answerFlagged: 19, answerPassed: 443 },
      precision: { mean: 15 / 34, ...wilson(15, 34, 0.95) },
      recall: { mean: 1, ...wilson(15, 15, 0.95) },
    });
  });
});
