import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { rankIds } from "./rank-ids.ts";
import { outcomeOf, rankingMetric } from "./testing/metric.ts";
import { readQrels, readRun } from "./testing/trec.ts";
import { trecEvalValue } from "./trec-eval.ts";

interface Reference {
  readonly queries: readonly string[];
  readonly mean: Readonly<Record<string, number>>;
  readonly per_query: Readonly<Record<string, readonly number[]>>;
  readonly own_full_precision: Readonly<Record<string, readonly number[]>>;
  readonly own_full_precision_mean: Readonly<Record<string, number>>;
  readonly ten_queries_missing_from_run: {
    readonly removed_queries: readonly string[];
    readonly ir_measures_aggregate: Readonly<Record<string, number>>;
  };
  readonly edge_cases: Readonly<Record<string, EdgeCase>>;
}

interface EdgeCase {
  readonly qrels: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly run: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly ir_measures_per_query: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Reference columns that are not named as ours, and what to compare instead. */
const RENAMED: Readonly<Record<string, string>> = {
  "RBP(p=0.8, rel=1)": "RBP(p=0.8)",
  SetP: "PrecisionRetrieved",
  SetR: "R",
};
/**
 * Measures we do not have, and two that other tools sort or round differently: those are compared in full precision
 * below.
 */
const LEFT_OUT = new Set([
  "infAP",
  "SetF",
  "NumRet",
  "NumRel",
  "ERR@10",
  "nDCG(dcg='exp-log2')@10",
  "RBP(p=0.8, rel=1)",
]);

describe.skipIf(!hasShared)("ranking.json: ir_measures, pytrec_eval and ranx on cranfield", () => {
  const values = hasShared
    ? (JSON.parse(readFileSync(shared("reference/ranking.json"), "utf8")) as { values: Reference }).values
    : ({ mean: {}, edge_cases: {} } as unknown as Reference);
  const qrels = hasShared ? readQrels(shared("data/cranfield/qrels.trec")) : new Map();
  const run = hasShared ? readRun(shared("data/cranfield/bm25.run")) : new Map();

  const scores = (name: string, without: ReadonlySet<string> = new Set()): number[] =>
    values.queries.map((q) => {
      const ranking = without.has(q) ? [] : (run.get(q) ?? []);
      return trecEvalValue(rankingMetric(name).compute(rankIds(ranking), qrels.get(q)!));
    });
  const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
  const expectAll = (actual: readonly number[], expected: readonly number[]): void => {
    for (const [i, value] of actual.entries()) expect(value, values.queries[i]).toBeCloseTo(expected[i]!, 9);
  };

  it.each(Object.keys(values.mean).filter((name) => !LEFT_OUT.has(name)))("%s per query and mean to 1e-9", (name) => {
    const ours = scores(RENAMED[name] ?? name);
    expectAll(ours, values.per_query[name]!);
    expect(mean(ours)).toBeCloseTo(values.mean[name]!, 9);
  });

  it.each([
    ["ERR@10", "ERR@10 (max grade 4)"],
    ["nDCG(dcg='exp-log2')@10", "nDCG(dcg='exp-log2')@10"],
    ["RBP(p=0.8)", "RBP(p=0.8, rel=1)"],
  ])("%s in full precision, in trec_eval's order of ties", (ours, theirs) => {
    expectAll(scores(ours), values.own_full_precision[theirs]!);
    expect(mean(scores(ours))).toBeCloseTo(values.own_full_precision_mean[theirs]!, 9);
  });

  it("scores queries that the run lacks as 0, so that dropping hard ones does not help", () => {
    const { removed_queries, ir_measures_aggregate } = values.ten_queries_missing_from_run;
    for (const [name, expected] of Object.entries(ir_measures_aggregate)) {
      expect(mean(scores(name, new Set(removed_queries)))).toBeCloseTo(expected, 9);
    }
  });

  it.each(Object.entries(values.edge_cases))("edge case %s", (_name, { qrels, run, ir_measures_per_query }) => {
    const ties = new Set(Object.values(run).flatMap((hits) => tiedIn32Bits(Object.values(hits))));
    let checked = 0;
    for (const [theirs, byQuery] of Object.entries(ir_measures_per_query)) {
      if (theirs === "infAP") continue;
      // With ties these providers use another order; and gdeval prints 5 decimals.
      const otherOrder =
        theirs === "RR@10" ||
        theirs.startsWith("RBP") ||
        theirs.startsWith("Judged") ||
        theirs.includes("exp") ||
        theirs.startsWith("ERR");
      if (ties.has(true) && otherOrder) continue;
      const digits = theirs.startsWith("ERR") || theirs.includes("exp") ? 5 : 9;
      const metric = rankingMetric(theirs);
      for (const [query, expected] of Object.entries(byQuery)) {
        const ranking = rankIds(Object.entries(run[query] ?? {}));
        const outcome = metric.compute(ranking, new Map(Object.entries(qrels[query]!)));
        expect(Math.abs(trecEvalValue(outcome) - expected), `${theirs} of ${query}`).toBeLessThan(10 ** -digits);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThanOrEqual(13);
  });
});

function tiedIn32Bits(scores: readonly number[]): boolean {
  return new Set(scores.map(Math.fround)).size < scores.length;
}

describe("values others publish for their own definitions", () => {
  const relevant = (...ids: string[]) => new Map(ids.map((id) => [id, 1]));

  it.each([
    ["two golds, one found at rank 1 of 4: the ideal holds both", "nDCG@4", "axyz", ["a", "b"], 0.6131471927654584],
    ["three copies of one wrong page gain nothing", "nDCG@3", "xxx", ["a"], 0],
    ["copies of a right page count once", "nDCG@3", "aaa", ["a", "b", "c"], 1 / (1 + 1 / Math.log2(3) + 0.5)],
    [
      "a short list is measured against the full cutoff",
      "nDCG@3",
      "a",
      ["a", "b", "c"],
      1 / (1 + 1 / Math.log2(3) + 0.5),
    ],
    ["4 relevant of 10", "P@10", "abcdefghij", ["a", "d", "f", "j"], 0.4],
    ["fewer than k returned: by k", "P@4", "ab", ["a", "b"], 0.5],
    ["fewer than k returned: by number retrieved", "PrecisionRetrieved@4", "ab", ["a", "b"], 1],
    ["recall of the strict rule", "Complete@3", "axb", ["a", "b", "c"], 0],
    ["recall of the lenient rule", "Success@3", "axb", ["a", "b", "c"], 1],
    ["recall as a fraction", "R@3", "axb", ["a", "b", "c"], 2 / 3],
  ])("%s", (_why, name, ranked, gold, expected) => {
    expect(outcomeOf(rankingMetric(name).compute(Array.from(ranked), relevant(...gold)))).toBeCloseTo(expected, 12);
  });
});
