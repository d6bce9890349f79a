import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Ranking } from "../core/ranking.ts";
import { embedWithStore, openOnnxEmbedder, VectorStore } from "../embed/index.ts";
import { ENCODER, hasEncoder } from "../embed/testing/real-encoder.ts";
import { hasShared, shared } from "../lib/testing/shared.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { rankingMetric } from "../metric/testing/metric.ts";
import { readQrels } from "../metric/testing/trec.ts";
import { openExact } from "./exact-open.ts";
import { type Corpus, cranfield, faire, stream } from "./testing/reference-corpora.ts";

// Two corpora take minutes to encode; the vectors are kept in .cache/, so that only the first run does.
const slow = hasShared && hasEncoder && process.env.PLUMBLINE_SLOW === "1";
const VECTORS = fileURLToPath(new URL("../../.cache/vectors", import.meta.url));
const WHY = slow ? "" : " (skipped: needs the encoder, ../shared and PLUMBLINE_SLOW=1)";
const signal = new AbortController().signal;

interface Reference {
  readonly values: {
    readonly minilm: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly "cranfield nDCG@10 (225 queries)": { readonly minilm: number };
  };
}

/** The ten best passages of each query by MiniLM. */
async function rankings({ passages, queries }: Corpus): Promise<Ranking[]> {
  const embedder = await openOnnxEmbedder({ folder: ENCODER });
  const store = await VectorStore.open(VECTORS, embedder);
  const index = await openExact({
    passages: () => stream(passages),
    corpusSha256: "made for this test",
    cacheDir: await tempFolder(),
    embedder,
    store,
    title: true,
    signal,
  });
  const texts = queries.map(({ text }) => text);
  const { vectors } = await embedWithStore(embedder, store, texts, "query", { signal });
  const found = await index.search(vectors, 10, signal);
  await index.close();
  await store.close();
  return found;
}

/** Names that rank equal scores in the order of the corpus, as the reference does: ids descending by bytes. */
const inOrder = (at: number): string => String(999_999 - at);

describe.skipIf(!slow)(`exact search with MiniLM, as sentence-transformers has it${WHY}`, () => {
  const reference = (): Reference => JSON.parse(readFileSync(shared("reference/retrieval.json"), "utf8")) as Reference;

  it("reaches its R@1, R@4 and nDCG@10 on Faire's three splits", { timeout: 900_000 }, async () => {
    const { passages, queries } = faire(({ page_content, metadata }) => ({
      text: page_content,
      title: metadata.title,
    }));
    const renamed = new Map(passages.map(({ id }, at) => [id, inOrder(at)]));
    const corpus = { passages: passages.map((p) => ({ ...p, id: renamed.get(p.id)! })), queries };
    const found = await rankings(corpus);
    const ranks = found.map((ranking, q) => 1 + ranking.findIndex(([id]) => id === renamed.get(queries[q]!.gold!)));
    for (const [split, expected] of Object.entries(reference().values.minilm)) {
      const own = ranks.filter((_, q) => queries[q]!.split === split);
      const mean = (value: (rank: number) => number): number =>
        own.reduce((sum, rank) => sum + (rank === 0 ? 0 : value(rank)), 0) / own.length;
      expect(Math.abs(mean((rank) => (rank <= 1 ? 1 : 0)) - expected["R@1"]!)).toBeLessThan(0.005);
      expect(Math.abs(mean((rank) => (rank <= 4 ? 1 : 0)) - expected["R@4"]!)).toBeLessThan(0.005);
      expect(Math.abs(mean((rank) => 1 / Math.log2(rank + 1)) - expected["nDCG@10"]!)).toBeLessThan(0.005);
    }
  });

  it("reaches its nDCG@10 on cranfield", { timeout: 900_000 }, async () => {
    const corpus = cranfield();
    const qrels = readQrels(shared("data/cranfield/qrels.trec"));
    const metric = rankingMetric("nDCG@10");
    const found = await rankings(corpus);
    const values = corpus.queries.map(({ id }, q) => {
      const outcome = metric.compute(
        found[q]!.map(([passage]) => passage),
        qrels.get(id) ?? new Map(),
      );
      return outcome.state === "scored" ? outcome.value : Number.NaN;
    });
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean - reference().values["cranfield nDCG@10 (225 queries)"].minilm)).toBeLessThan(0.005);
  });
});
