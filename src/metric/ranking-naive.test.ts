import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Judgements } from "../core/ranking.ts";
import { outcomeOf, rankingMetric } from "./testing/metric.ts";

/*
 * Each metric written down a second time, straight from its definition and as slowly as it likes: sums over ranks 1 … n with set
 * operations in place of counters.
 */
interface Case {
  readonly ranked: readonly string[];
  readonly judged: Judgements;
  readonly k: number;
  readonly rel: number;
}

const grade = ({ judged }: Case, id: string | undefined): number => judged.get(id ?? "") ?? 0;
const relevant = ({ judged, rel }: Case): string[] => Array.from(judged.keys()).filter((id) => judged.get(id)! >= rel);
const top = ({ ranked }: Case, n: number): string[] => ranked.slice(0, n);
const found = (c: Case, n: number): string[] => relevant(c).filter((id) => top(c, n).includes(id));
const sum = (n: number, term: (rank: number) => number): number =>
  Array.from({ length: n }, (_, i) => term(i + 1)).reduce((a, b) => a + b, 0);
const isRelevant = (c: Case, rank: number): boolean => relevant(c).includes(c.ranked[rank - 1] ?? "");
const rankOf = ({ ranked }: Case, id: string): number => ranked.indexOf(id) + 1;

/** Best DCG over all orders of the judged passages; they are few. */
function bestDcg(c: Case, gain: (g: number) => number): number {
  const gains = Array.from(c.judged.values(), (g) => gain(Math.max(0, g)));
  const best = (left: readonly number[], rank: number): number =>
    rank > c.k || left.length === 0
      ? 0
      : Math.max(...left.map((g, i) => g / Math.log2(rank + 1) + best(left.toSpliced(i, 1), rank + 1)));
  return best(gains, 1);
}

function ndcg(c: Case, gain: (g: number) => number): number {
  return sum(c.k, (rank) => gain(Math.max(0, grade(c, c.ranked[rank - 1]))) / Math.log2(rank + 1)) / bestDcg(c, gain);
}

function bpref(c: Case): number {
  const R = relevant(c).length;
  const nonRelevant = Array.from(c.judged.keys()).filter((id) => c.judged.get(id)! >= 0 && c.judged.get(id)! < c.rel);
  const bound = Math.min(R, nonRelevant.length);
  const terms = found(c, c.ranked.length).map((id) => {
    const above = nonRelevant.filter((n) => c.ranked.includes(n) && rankOf(c, n) < rankOf(c, id)).length;
    return above === 0 ? 1 : 1 - Math.min(above, R) / bound;
  });
  return terms.reduce((a, b) => a + b, 0) / R;
}

const NAIVE: readonly (readonly [name: (c: Case) => string, value: (c: Case) => number])[] = [
  [({ k }) => `nDCG@${k}`, (c) => ndcg(c, (g) => g)],
  [({ k }) => `nDCG(dcg='exp-log2')@${k}`, (c) => ndcg(c, (g) => 2 ** g - 1)],
  [({ k, rel }) => `R(rel=${rel})@${k}`, (c) => found(c, c.k).length / relevant(c).length],
  [({ k, rel }) => `P(rel=${rel})@${k}`, (c) => found(c, c.k).length / c.k],
  [
    ({ k, rel }) => `PrecisionRetrieved(rel=${rel})@${k}`,
    (c) => found(c, c.k).length / Math.max(1, top(c, c.k).length),
  ],
  [({ k, rel }) => `RR(rel=${rel})@${k}`, (c) => Math.max(0, ...found(c, c.k).map((id) => 1 / rankOf(c, id)))],
  [
    ({ k, rel }) => `AP(rel=${rel})@${k}`,
    (c) => sum(c.k, (r) => (isRelevant(c, r) ? found(c, r).length / r : 0)) / relevant(c).length,
  ],
  [({ k, rel }) => `Success(rel=${rel})@${k}`, (c) => Number(found(c, c.k).length > 0)],
  [({ k, rel }) => `Complete(rel=${rel})@${k}`, (c) => Number(relevant(c).every((id) => top(c, c.k).includes(id)))],
  [({ rel }) => `Rprec(rel=${rel})`, (c) => found(c, relevant(c).length).length / relevant(c).length],
  [({ rel }) => `Bpref(rel=${rel})`, bpref],
  [
    ({ k, rel }) => `RBP(p=0.7, rel=${rel})@${k}`,
    (c) => sum(c.k, (r) => (isRelevant(c, r) ? 0.3 * 0.7 ** (r - 1) : 0)),
  ],
  [
    ({ k }) => `ERR(max=3)@${k}`,
    (c) => {
      const stops = (rank: number) => (2 ** Math.min(3, Math.max(0, grade(c, c.ranked[rank - 1]))) - 1) / 8;
      const reaches = (rank: number): number => (rank === 1 ? 1 : reaches(rank - 1) * (1 - stops(rank - 1)));
      return sum(c.k, (rank) => (reaches(rank) * stops(rank)) / rank);
    },
  ],
  [
    ({ k }) => `Judged@${k}`,
    (c) => top(c, c.k).filter((id) => c.judged.has(id)).length / Math.max(1, top(c, c.k).length),
  ],
];

const ids = Array.from("abcdefgh");
const cases = fc.record<Case>({
  ranked: fc.shuffledSubarray(ids),
  judged: fc
    .array(fc.tuple(fc.constantFrom(...ids), fc.integer({ min: -1, max: 4 })), { minLength: 1, maxLength: 6 })
    .map((entries) => new Map(entries)),
  k: fc.integer({ min: 1, max: 10 }),
  rel: fc.integer({ min: 1, max: 3 }),
});

describe("every ranking metric equals its definition written naively", () => {
  it.each(NAIVE.map(([name, value]) => [name({ ranked: [], judged: new Map(), k: 5, rel: 2 }), name, value] as const))(
    "%s",
    (_example, name, value) => {
      let scored = 0;
      fc.assert(
        fc.property(cases, (c) => {
          const outcome = outcomeOf(rankingMetric(name(c)).compute(c.ranked, c.judged));
          if (typeof outcome === "string") return;
          scored += 1;
          expect(outcome).toBeCloseTo(value(c), 12);
        }),
      );
      expect(scored).toBeGreaterThan(20);
    },
  );
});
