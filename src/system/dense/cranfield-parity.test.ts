import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { RetrieverConfig } from "../../config/retriever-schema.ts";
import type { Ranking } from "../../core/ranking.ts";
import { ENCODER, hasEncoder, NO_ENCODER } from "../../embed/testing/real-encoder.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { cranfield } from "../../search/testing/reference-corpora.ts";
import { buildForTest } from "../testing/build-for-test.ts";

const SLOW = process.env.PLUMBLINE_SLOW === "1";
const skipped = NO_ENCODER || (SLOW ? "" : " (skipped: it takes a minute; set PLUMBLINE_SLOW=1)");
const signal = new AbortController().signal;
const CACHE = fileURLToPath(new URL("../../../.cache", import.meta.url));

const DENSE = { kind: "dense", encoder: { kind: "onnx", path: ENCODER }, index: "exact", title: true } as const;
const BM25 = { kind: "bm25", k1: 0.9, b: 0.4, stop_words: "lucene", stemmer: "snowball-english", title: true } as const;

/** Grades by query and document. */
function judgements(): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const line of readFileSync(shared("data/cranfield/qrels.trec"), "utf8").split("\n")) {
    const [query, , document, grade] = line.split(/\s+/);
    if (grade === undefined) continue;
    found.set(query!, (found.get(query!) ?? new Map()).set(document!, Number(grade)));
  }
  return found;
}

const gain = (grades: readonly number[]): number =>
  grades.slice(0, 10).reduce((sum, grade, at) => sum + Math.max(0, grade) / Math.log2(at + 2), 0);

describe.skipIf(!hasEncoder || !hasShared || !SLOW)(`Cranfield as sentence-transformers ranks it${skipped}`, () => {
  it("nDCG@10 of MiniLM, of BM25 and of RRF within .005", { timeout: 600_000 }, async () => {
    const { passages, queries } = cranfield();
    const qrels = judgements();
    const ndcg = (rankings: readonly Ranking[]): number =>
      queries.reduce((sum, { id }, i) => {
        const grades = qrels.get(id)!;
        const ideal = gain([...grades.values()].sort((a, b) => b - a));
        return sum + gain(rankings[i]!.map(([hit]) => grades.get(hit) ?? 0)) / ideal;
      }, 0) / queries.length;
    const figure = async (retriever: RetrieverConfig): Promise<number> => {
      const system = await buildForTest({ retriever }, passages, { cacheDir: CACHE, corpusSha256: "cranfield" });
      const rankings: Ranking[] = [];
      for (const query of queries) rankings.push((await system.retriever!.search([query], 100, signal))[0]!);
      await system.close();
      return ndcg(rankings);
    };
    const rrf = {
      kind: "fusion",
      of: [BM25, DENSE],
      method: "rrf",
      normalise: "min-max",
      depth: 1400,
      rrf_k: 60,
    } as const;
    const found = [await figure(DENSE), await figure(BM25), await figure({ ...rrf, of: [...rrf.of] })];
    const { values } = JSON.parse(readFileSync(shared("reference/retrieval.json"), "utf8")) as {
      values: Readonly<Record<string, Readonly<Record<string, number>>>>;
    };
    const expected = values["cranfield nDCG@10 (225 queries)"]!;
    const differences = ["minilm", "bm25 .9 .4 stop stem", "rrf"].map((name, i) => found[i]! - expected[name]!);
    expect(Math.max(...differences.map(Math.abs)), `${found}`).toBeLessThanOrEqual(0.005);
  });
});
