import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { analyzer } from "./analyzer.ts";
import type { Bm25Index, Bm25Settings } from "./bm25-index.ts";
import { buildBm25 } from "./build-bm25.ts";
import { stemEnglish } from "./snowball-english.ts";
import { LUCENE_STOP_WORDS } from "./stop-words.ts";
import { type Corpus, cranfield, type FairePassage, faire, stream } from "./testing/reference-corpora.ts";
import { words } from "./words.ts";

interface Reference {
  readonly agreement: Record<
    string,
    { documents: number; tokens: number; avgdl: number; vocabulary: number; empty_documents: string[] }
  >;
  readonly faire_retrieval: Record<string, Record<string, number> & { gold_rank?: number[] }>;
  readonly stop_words: string[];
  readonly [key: string]: unknown;
}

interface Top {
  readonly tokens: string[] | null;
  readonly ids: (string | number)[];
  readonly scores: number[];
}

const TOKENIZERS = {
  plain: { stopWords: "none", stemmer: "none" },
  stop: { stopWords: "lucene", stemmer: "none" },
  stop_snowball: { stopWords: "lucene", stemmer: "snowball-english" },
} as const;

const FIELDS = {
  page_content: (p: FairePassage) => ({ text: p.page_content }),
  "title + newline + page_content": (p: FairePassage) => ({ title: p.metadata.title, text: p.page_content }),
  fmt_content: (p: FairePassage) => ({ text: p.fmt_content }),
} as const;

const PARITY = { k1: 0.9, b: 0.4, title: true } as const;
const DEFAULTS: Bm25Settings = { k1: 1.2, b: 0.75, stopWords: "lucene", stemmer: "snowball-english", title: true };

const positions = new WeakMap<Corpus, Map<string, number>>();

function positionsOf(corpus: Corpus): Map<string, number> {
  let map = positions.get(corpus);
  if (!map) {
    map = new Map(corpus.passages.map(({ id }, at) => [id, at]));
    positions.set(corpus, map);
  }
  return map;
}

/** All hits in the reference's order: 64-bit score descending, position in the corpus ascending. */
function referenceOrder(index: Bm25Index, corpus: Corpus, query: string): { id: string; score: number }[] {
  const position = positionsOf(corpus);
  return index
    .search(query, corpus.passages.length)
    .map(([id, score]) => ({ id, score }))
    .sort((a, b) => b.score - a.score || position.get(a.id)! - position.get(b.id)!);
}

function goldRank(index: Bm25Index, corpus: Corpus, query: Corpus["queries"][number]): number {
  const order = referenceOrder(index, corpus, query.text);
  const at = order.findIndex(({ id }) => id === query.gold);
  if (at !== -1) return at + 1;
  // Passages that share no term all score 0 and follow in corpus order.
  const hit = new Set(order.map(({ id }) => id));
  const rest = corpus.passages.filter(({ id }) => !hit.has(id));
  return order.length + rest.findIndex(({ id }) => id === query.gold) + 1;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const recall = (ranks: readonly number[], k: number): number => mean(ranks.map((r) => (r <= k ? 1 : 0)));
const ndcg10 = (ranks: readonly number[]): number => mean(ranks.map((r) => (r <= 10 ? 1 / Math.log2(r + 1) : 0)));

describe.skipIf(!hasShared)("BM25 equals bm25s 0.3.16 with PyStemmer 3.1 (reference/bm25.json)", () => {
  let reference: Reference;
  const corpora = new Map<string, Corpus>();
  beforeAll(() => {
    reference = (JSON.parse(readFileSync(shared("reference/bm25.json"), "utf8")) as { values: Reference }).values;
    corpora.set("cranfield", cranfield());
    corpora.set("faire", faire(FIELDS.page_content));
  });

  it("the stop words are Lucene's 33", () => {
    expect([...LUCENE_STOP_WORDS].sort()).toEqual([...reference.stop_words].sort());
  });

  it("every word of both corpora has the stem that PyStemmer gives it", () => {
    const changed = new Map(
      Object.entries(reference["snowball_english_changed (vocabulary of both corpora)"] as object),
    );
    const vocabulary = new Set<string>();
    for (const corpus of corpora.values())
      for (const { text } of corpus.passages) for (const w of words(text)) vocabulary.add(w);
    const wrong = [...vocabulary].filter((w) => !LUCENE_STOP_WORDS.has(w) && stemEnglish(w) !== (changed.get(w) ?? w));
    expect(wrong).toEqual([]);
    expect(vocabulary.size).toBeGreaterThan(10_000);
  });

  describe.each(["cranfield", "faire"])("%s", (name) => {
    it.each(Object.entries(TOKENIZERS))(
      "tokenized %s: corpus statistics, and top 10 of 30 queries to 1e-9",
      async (tokens, settings) => {
        const corpus = corpora.get(name)!;
        const index = await buildBm25(stream(corpus.passages), { ...PARITY, ...settings });
        const expected = reference.agreement[`${name}/${tokens}`]!;
        expect(index.documents).toBe(expected.documents);
        expect(index.tokens).toBe(expected.tokens);
        expect(index.terms).toBe(expected.vocabulary);
        expect(index.averageLength).toBeCloseTo(expected.avgdl, 8);
        const empty = corpus.passages.filter((_, at) => index.arrays.lengths[at] === 0).map(({ id }) => id);
        expect(empty).toEqual(expected.empty_documents);

        const queries = corpus.queries.filter(({ split }) => split === undefined || split === "test");
        const tops = reference[`${name}/${tokens}/top10`] as Top[];
        expect(tops).toHaveLength(30);
        for (const [at, top] of tops.entries()) {
          const { text } = queries[at]!;
          if (top.tokens) expect(analyzer(settings)(text)).toEqual(top.tokens);
          const order = referenceOrder(index, corpus, text).slice(0, 10);
          expect(order.map(({ id }) => id)).toEqual(top.ids.map(String));
          for (const [rank, { score }] of order.entries())
            expect(Math.abs(score - top.scores[rank]!)).toBeLessThan(1e-9);
        }
      },
    );
  });

  it("a query token that stands twice counts twice", async () => {
    const corpus = corpora.get("cranfield")!;
    const index = await buildBm25(stream(corpus.passages), { ...PARITY, ...TOKENIZERS.stop });
    const once = corpus.queries[0]!.text;
    const expected = reference.repeated_query_token as Record<string, number>;
    expect(index.search(once, 1)[0]![1]).toBeCloseTo(expected.once!, 9);
    expect(index.search(`${once} what`, 1)[0]![1]).toBeCloseTo(
      expected["score of top document with the first token twice"]!,
      9,
    );
  });

  it.each(Object.keys(FIELDS) as (keyof typeof FIELDS)[])("retrieval figures on Faire, indexing %s", async (field) => {
    const corpus = faire(FIELDS[field]);
    for (const [tokens, settings] of Object.entries(TOKENIZERS)) {
      const index = await buildBm25(stream(corpus.passages), { ...PARITY, ...settings });
      for (const split of ["eval", "test", "train"]) {
        const expected = reference.faire_retrieval[`${field} / ${tokens} / ${split}`]!;
        const ranks = corpus.queries.filter((q) => q.split === split).map((q) => goldRank(index, corpus, q));
        if (expected.gold_rank) expect(ranks).toEqual(expected.gold_rank);
        expect(ranks).toHaveLength(expected.n!);
        for (const k of [1, 4, 10]) expect(recall(ranks, k)).toBeCloseTo(expected[`recall@${k}`]!, 9);
        expect(ndcg10(ranks)).toBeCloseTo(expected["nDCG@10"]!, 9);
        expect(mean(ranks.map((r) => 1 / r))).toBeCloseTo(expected.MRR!, 9);
      }
    }
  });

  it("the defaults reach R@4 .780 and nDCG@10 .658 on Faire's 723 questions", async () => {
    const corpus = faire(FIELDS["title + newline + page_content"]);
    const index = await buildBm25(stream(corpus.passages), DEFAULTS);
    const ranks = corpus.queries.map((q) => goldRank(index, corpus, q));
    expect(ranks).toHaveLength(723);
    expect(recall(ranks, 4)).toBeCloseTo(0.78, 3);
    expect(ndcg10(ranks)).toBeCloseTo(0.658, 3);
  });
});
