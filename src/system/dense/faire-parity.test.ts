import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Bm25Config, FusionConfig, RetrieverConfig } from "../../config/retriever-schema.ts";
import { ENCODER, hasEncoder, NO_ENCODER } from "../../embed/testing/real-encoder.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { type Corpus, faire } from "../../search/testing/reference-corpora.ts";
import { buildForTest } from "../testing/build-for-test.ts";

const SLOW = process.env.PLUMBLINE_SLOW === "1";
const skipped = NO_ENCODER || (SLOW ? "" : " (skipped: it takes a minute; set PLUMBLINE_SLOW=1)");
const signal = new AbortController().signal;
/** The project's own cache: what was encoded once stays. */
const CACHE = fileURLToPath(new URL("../../../.cache", import.meta.url));

const DENSE: RetrieverConfig & { kind: "dense" } = {
  kind: "dense",
  encoder: { kind: "onnx", path: ENCODER },
  index: "exact",
  title: true,
};
const BM25: Bm25Config = {
  kind: "bm25",
  k1: 1.2,
  b: 0.75,
  stop_words: "lucene",
  stemmer: "snowball-english",
  title: true,
};
const rrf = (bm25: Bm25Config): FusionConfig => ({
  kind: "fusion",
  of: [bm25, DENSE],
  method: "rrf",
  normalise: "min-max",
  depth: 1757,
  rrf_k: 60,
});

type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

describe.skipIf(!hasEncoder || !hasShared || !SLOW)(
  `Faire as bm25s and sentence-transformers rank it${skipped}`,
  () => {
    let corpus: Corpus;
    let values: Readonly<Record<string, Figures>>;
    beforeAll(() => {
      values = (JSON.parse(readFileSync(shared("reference/retrieval.json"), "utf8")) as { values: typeof values })
        .values;
      const own = faire(({ page_content, metadata }) => ({ text: page_content, title: metadata.title }));
      // The reference puts the earlier passage of equal scores first; ours the larger id.
      const idOf = new Map(own.passages.map(({ id }, at) => [id, `p${10_000 - at}`]));
      corpus = {
        passages: own.passages.map((passage) => ({ ...passage, id: idOf.get(passage.id)! })),
        queries: own.queries.map((query) => ({ ...query, gold: idOf.get(query.gold!)! })),
      };
    });

    async function figures(retriever: RetrieverConfig): Promise<Figures> {
      const deps = { cacheDir: CACHE, corpusSha256: "faire-in-the-order-of-the-reference" };
      const system = await buildForTest({ retriever }, corpus.passages, deps);
      const found = new Map<string, number[]>();
      for (const { id, text, gold, split } of corpus.queries) {
        const [ranking] = await system.retriever!.search([{ id, text }], 100, signal);
        const rank = ranking!.findIndex(([hit]) => hit === gold) + 1;
        found.set(split!, [...(found.get(split!) ?? []), rank === 0 ? Number.POSITIVE_INFINITY : rank]);
      }
      await system.close();
      const mean = (ranks: readonly number[], value: (rank: number) => number) =>
        ranks.reduce((sum, rank) => sum + value(rank), 0) / ranks.length;
      return Object.fromEntries(
        [...found].map(([split, ranks]) => [
          split,
          {
            "R@1": mean(ranks, (rank) => (rank <= 1 ? 1 : 0)),
            "R@4": mean(ranks, (rank) => (rank <= 4 ? 1 : 0)),
            "nDCG@10": mean(ranks, (rank) => (rank <= 10 ? 1 / Math.log2(rank + 1) : 0)),
          },
        ]),
      );
    }

    it.each([
      ["minilm", DENSE],
      ["rrf(bm25 1.2 .75, minilm)", rrf(BM25)],
      ["rrf(bm25 .9 .4, minilm)", rrf({ ...BM25, k1: 0.9, b: 0.4 })],
    ] as const)("%s within .005", { timeout: 600_000 }, async (name, retriever) => {
      const made = await figures(retriever);
      const off: string[] = [];
      for (const [split, expected] of Object.entries(values[name]!)) {
        for (const [metric, value] of Object.entries(expected)) {
          const own = made[split]![metric]!;
          // The reference is rounded to three places.
          if (Math.abs(own - value) > 0.005 + 0.0005)
            off.push(`${split} ${metric}: ${own.toFixed(4)}, expected ${value}`);
        }
      }
      expect(off).toEqual([]);
    });
  },
);
