import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMetric, type RankingMetric } from "../metric/index.ts";
import type { QuestionRecord } from "../runlog/index.ts";
import { documentJudgements } from "./document-judgements.ts";
import { hasGold, judgementsFor, scoreRanking } from "./score.ts";

type Documents = NonNullable<QuestionRecord["documents"]>;

function metricOf(name: string): RankingMetric {
  const parsed = parseMetric(name);
  if (!parsed.ok || parsed.metric.kind !== "ranking") throw new Error(name);
  return parsed.metric;
}
const question = (documents: Documents | undefined, more: Partial<QuestionRecord> = {}): QuestionRecord => ({
  id: "q",
  text: "?",
  judgements: [],
  ...(documents && { documents }),
  ...more,
});
function scoreOf(name: string, documents: Documents | undefined, ranked: readonly string[], more = {}): unknown {
  const ranking = ranked.map((id, at) => [id, -at] as const);
  const outcome = scoreRanking([metricOf(name)], ranking, question(documents, more))[name]!;
  return outcome.state === "scored" ? outcome.value : outcome.reason;
}

const PAGES: Documents = [
  ["Aaron", 2, ["a1", "a2", "a3"]],
  ["Heroes", 1, ["h1"]],
  ["Moses", 1, []],
];

describe("documentJudgements", () => {
  it("lets the first passage of a document stand for it, and its others for nothing new", () => {
    expect([...documentJudgements(PAGES, ["x", "a2", "h1", "a1"])]).toEqual([
      ["a2", 2],
      ["a1", 0],
      ["h1", 1],
      ["\u0000document Moses", 1],
    ]);
  });

  it("keeps documents that were not retrieved as something to be found", () => {
    expect([...documentJudgements(PAGES, [])].map(([, grade]) => grade)).toEqual([2, 1, 1]);
  });
});

describe("a metric by document", () => {
  // Ranking a2 x a1 h1: places 1 and 4 bring something new, of three relevant documents.
  it.each([
    ["P(gold=document)@1", 1],
    ["P(gold=document)@3", 1 / 3],
    ["P(gold=document)@4", 2 / 4],
    ["R(gold=document)@3", 1 / 3],
    ["R(gold=document)@4", 2 / 3],
    ["Success(gold=document)@1", 1],
    ["RR(gold=document)", 1],
    ["Judged(gold=document)@4", 3 / 4],
    ["P(gold=document, rel=2)@4", 1 / 4],
    ["nDCG(gold=document)@4", (2 + 1 / Math.log2(5)) / (2 + 1 / Math.log2(3) + 1 / 2)],
  ])("%s of the ranking a2 x a1 h1 is %d", (name, expected) => {
    expect(scoreOf(name, PAGES, ["a2", "x", "a1", "h1"])).toBeCloseTo(expected as number, 12);
  });

  it("is Hugging Face's precision at k for any ranking: gold titles among those of the first k, divided by k", () => {
    const titles = ["A", "B", "C", "D"];
    const passageOf = fc.tuple(fc.constantFrom(...titles), fc.nat({ max: 3 }));
    fc.assert(
      fc.property(
        fc.uniqueArray(passageOf, { selector: ([title, n]) => `${title}${n}`, maxLength: 12 }),
        fc.uniqueArray(fc.constantFrom(...titles, "Gone"), { minLength: 1 }),
        fc.integer({ min: 1, max: 8 }),
        (ranked, gold, k) => {
          const documents = gold.map(
            (title) => [title, 1, title === "Gone" ? [] : [0, 1, 2, 3].map((n) => `${title}${n}`)] as const,
          );
          const top = new Set(ranked.slice(0, k).map(([title]) => title));
          const expected = gold.filter((title) => top.has(title)).length / k;
          const ids = ranked.map(([title, n]) => `${title}${n}`);
          expect(scoreOf(`P(gold=document)@${k}`, documents, ids)).toBeCloseTo(expected, 12);
        },
      ),
    );
  });

  it("equals the metric by passage where every document is one passage", () => {
    const single: Documents = [
      ["A", 2, ["a"]],
      ["B", 1, ["b"]],
    ];
    const judgements = single.map(([, grade, [id]]) => [id!, grade] as const);
    for (const metric of ["P@3", "R@3", "nDCG@3", "AP", "RR"]) {
      const byDocument = metric.includes("@") ? metric.replace("@", "(gold=document)@") : `${metric}(gold=document)`;
      const ranked = ["x", "b", "a"];
      expect(scoreOf(byDocument, single, ranked)).toBe(scoreOf(metric, undefined, ranked, { judgements }));
    }
  });

  it("is unscored without judged documents, and says nothing of what cannot be found", () => {
    expect(scoreOf("P(gold=document)@1", undefined, ["a"])).toBe("no-gold");
    expect(scoreOf("P(gold=document)@1", undefined, ["a"], { answerable: false })).toBe("not-applicable");
    expect(scoreOf("P(gold=document)@1", [["A", 0, ["a"]]], ["a"])).toBe("not-applicable");
  });

  it("leaves the metrics by passage to their own judgements", () => {
    const both = question(PAGES, { judgements: [["x", 1]] });
    expect([...judgementsFor(metricOf("P@1"), both, ["a1"])]).toEqual([["x", 1]]);
    expect(hasGold(metricOf("P@1"), question(PAGES))).toBe(false);
    expect(hasGold(metricOf("P(gold=document)@1"), question(PAGES))).toBe(true);
  });
});
