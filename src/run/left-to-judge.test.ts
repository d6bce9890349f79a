import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnswerMetric, parseMetric, refusalDetector } from "../metric/index.ts";
import { outcomesOf, refusalOf } from "./left-to-judge.ts";
import { scoreAnswer } from "./score.ts";

const JUDGED = { manifest: { refusalJudge: { id: "declines", sha256: "0".repeat(64), criterion: "declines" } } };
const PLAIN = { manifest: {} };
const detect = refusalDetector({ phrases: [], patterns: [] });
const metric = (name: string): AnswerMetric => {
  const parsed = parseMetric(name);
  if (!parsed.ok || parsed.metric.kind !== "answer") throw new Error(name);
  return parsed.metric;
};
const NAMES = ["EM", "F1", "Coverage", "AnswerPrecision", "RefusalPrecision", "RefusalRecall", "OverRefusal"];
const ALL = [...NAMES, "FalseAnswer", "AnswerWords", "ROUGE-L"].map(metric);

describe("an answer whose refusal a judge decides", () => {
  it("says so in its line, and what the system said or an empty answer needs no judge", () => {
    expect(refusalOf(JUDGED, detect("I don't know."))).toEqual({ refusedBy: "judge: declines" });
    expect(refusalOf(JUDGED, detect("four", false))).toEqual({ refused: false, refusedBy: "system" });
    expect(refusalOf(JUDGED, detect(" … "))).toEqual({ refused: true, refusedBy: "empty" });
    expect(refusalOf(PLAIN, refusalDetector()("I don't know."))).toMatchObject({ refused: true });
  });

  it("holds both readings: either is what every metric says of the answer as that", () => {
    const text = fc.constantFrom("four", "it is four", "no idea, sorry", "");
    fc.assert(
      fc.property(text, fc.boolean(), fc.boolean(), (answer, answerable, gold) => {
        const question = { id: "q", text: "?", answerable, judgements: [], ...(gold && { answers: ["four"] }) };
        const score = (refused: boolean) => scoreAnswer(ALL, { text: answer, finish: "stop" }, refused, [], question);
        const verdict = detect(answer);
        const found = outcomesOf(JUDGED, verdict, score);
        expect(found.outcomes).toEqual(score(verdict.refused));
        if (verdict.rule !== "none") expect(found).not.toHaveProperty("ifRefused");
        else expect({ ...found.outcomes, ...found.ifRefused }).toEqual(score(true));
        expect(outcomesOf(PLAIN, verdict, score)).toEqual({ outcomes: score(verdict.refused) });
      }),
    );
  });

  it("keeps of the second reading what differs alone", () => {
    const question = { id: "q", text: "?", answerable: true, answers: ["four"], judgements: [] };
    const score = (refused: boolean) => scoreAnswer(ALL, { text: "five", finish: "stop" }, refused, [], question);
    const { ifRefused } = outcomesOf(JUDGED, detect("five"), score);
    // Wrong is as far from the reference as nothing at all; whether it was answered is what counts.
    expect(Object.keys(ifRefused!).sort()).toEqual([
      ...["AnswerPrecision", "AnswerWords", "Coverage", "OverRefusal", "RefusalPrecision"],
    ]);
  });
});
