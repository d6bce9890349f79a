import { describe, expect, it } from "vitest";
import type { MetricDefinition } from "./define.ts";
import { METRICS } from "./registry.ts";
import { answerMetric, FULL, outcomeOf, rankingMetric, sample } from "./testing/metric.ts";

const exampleName = (d: MetricDefinition): string =>
  d.name === "Composite"
    ? "Composite(of='0.7 F1 + 0.3 ROUGE-L')"
    : Object.entries(d.params).some(([key, spec]) => key === "at" && "required" in spec && spec.required)
      ? `${d.name}@5`
      : d.name;

const RANKING = METRICS.filter((d) => d.kind === "ranking");
const ANSWER = METRICS.filter((d) => d.kind === "answer");

describe("METRICS", () => {
  it("is sorted by name and names nothing twice", () => {
    const names = METRICS.map((d) => d.name.toLowerCase());
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBe(names.length);
  });

  it("has every metric of the field that the project promises", () => {
    expect(METRICS.map((d) => d.name)).toEqual([
      "AnswerPrecision",
      "AnswerTokens",
      "AnswerWords",
      "AP",
      "BLEU",
      "Bpref",
      "chrF",
      "CitationPrecision",
      "CitationRecall",
      "Complete",
      "Composite",
      "Contains",
      "Coverage",
      "EM",
      "ERR",
      "F1",
      "FalseAnswer",
      "HitLimit",
      "Judged",
      "nDCG",
      "OverRefusal",
      "P",
      "PrecisionRetrieved",
      "Quotes",
      "R",
      "RBP",
      "RefusalPrecision",
      "RefusalRecall",
      "Repetition",
      "ROUGE-1",
      "ROUGE-2",
      "ROUGE-L",
      "ROUGE-Lsum",
      "Rprec",
      "RR",
      "SelfDialogue",
      "Success",
      "Support",
    ]);
  });

  it.each(METRICS.map((d) => [d.name, d] as const))(
    "%s: no other metric's name or alias is an alias of it",
    (_n, d) => {
      const others = METRICS.filter((other) => other !== d).flatMap((other) => [other.name, ...other.aka]);
      for (const alias of d.aka) {
        expect(others.map((o) => o.toLowerCase())).not.toContain(alias.toLowerCase());
      }
    },
  );

  it.each(METRICS.map((d) => [d.name, d] as const))("%s: the floor is the worst value of the range", (_name, d) => {
    // What only some answers have, a quotation say, a failure has not; nor has it a text of its own.
    const conditional = ["RefusalPrecision", "CitationPrecision", "Quotes"];
    if (d.whenFailed === "not-applicable") expect(d.group === "text" || conditional.includes(d.name)).toBe(true);
    else expect(d.whenFailed).toBe(d.better === "higher" ? d.range[0] : d.range[1]);
  });

  it.each(METRICS.map((d) => [d.name, d] as const))("%s: every default is a value the parameter allows", (_name, d) => {
    for (const spec of Object.values(d.params)) {
      expect(spec.description).not.toBe("");
      if (spec.type === "choice") expect(spec.choices).toContain(spec.default);
      if ((spec.type === "int" || spec.type === "float") && spec.default !== undefined) {
        expect(spec.default).toBeGreaterThanOrEqual(spec.min);
        expect(spec.default).toBeLessThanOrEqual(spec.max);
      }
    }
  });
});

describe("ranking metrics keep what they declare", () => {
  const relevant = new Map([["a", 1]]);
  const noneRelevant = new Map([["a", 0]]);

  it.each(RANKING.map((d) => [d.name, d] as const))("%s", (_name, d) => {
    const metric = rankingMetric(exampleName(d));
    expect(outcomeOf(metric.compute([], relevant))).toBe(d.whenEmpty);
    expect(outcomeOf(metric.compute(["a"], noneRelevant))).toBe(d.whenNoGold === "unaffected" ? 1 : d.whenNoGold);
    expect(outcomeOf(metric.compute(["a"], new Map()))).toBe("no-gold");
  });

  it("says in words why a query is not scored", () => {
    expect(rankingMetric("R(rel=2)@5").compute(["a"], relevant)).toEqual({
      state: "unscored",
      reason: "not-applicable",
      detail: "no passage has a grade of 2 or more",
    });
  });
});

describe("answer metrics keep what they declare", () => {
  const answer = 'It is "the right thing to say" [1].';
  const answered = sample({ ...FULL, answer });

  it.each(ANSWER.map((d) => [d.name, d] as const))("%s", (_name, d) => {
    const metric = answerMetric(exampleName(d));
    const value = outcomeOf(metric.compute(answered));
    const refused = outcomeOf(metric.compute({ ...answered, refused: true }));
    expect(refused).toBe(d.whenEmpty === "unaffected" ? value : d.whenEmpty);
    const { references, judgements, passages, ...ungrounded } = answered;
    const withoutGold = outcomeOf(metric.compute(sample(ungrounded)));
    expect(withoutGold).toBe(d.whenNoGold === "unaffected" ? value : d.whenNoGold);
    const empty = { ...answered, references: [], judgements: new Map<string, number>(), passages: [] };
    expect(outcomeOf(metric.compute(empty))).toBe(withoutGold);
  });

  it.each(ANSWER.map((d) => [d.name, d] as const))(
    "%s: a failure scores the floor exactly where it speaks",
    (_name, d) => {
      const metric = answerMetric(exampleName(d));
      for (const answerable of [true, false]) {
        const question = { ...FULL, answerable };
        const floor = outcomeOf(metric.floor(question));
        const given = outcomeOf(metric.compute({ ...question, answer, refused: false }));
        const refused = outcomeOf(metric.compute({ ...question, answer: "", refused: true }));
        if (d.whenFailed === "not-applicable") expect(floor).toBe("not-applicable");
        else if (typeof given === "string" && typeof refused === "string") expect(floor).toBe(given);
        else expect(floor).toBe(d.whenFailed);
      }
    },
  );

  it("a proportion has samples of 0 and 1 only", () => {
    for (const d of ANSWER.filter((a) => a.proportion)) {
      for (const answer of ["right", "right thing", "wrong"]) {
        for (const refused of [true, false]) {
          for (const answerable of [true, false]) {
            const value = outcomeOf(
              answerMetric(exampleName(d)).compute({ answer, refused, answerable, references: ["right"] }),
            );
            if (typeof value === "number") expect([0, 1]).toContain(value);
          }
        }
      }
    }
  });
});
