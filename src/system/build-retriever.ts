import type { Bm25Config, FusionConfig, RetrieverConfig } from "../config/retriever-schema.ts";
import type { Retriever } from "../core/contracts.ts";
import type { Bm25Settings } from "../search/bm25-index.ts";
import type { FusionSettings } from "../search/fusion.ts";
import { bm25Retriever } from "./bm25-retriever.ts";
import type { BuildContext } from "./build-context.ts";
import { type FusionPart, fusionRetriever } from "./fusion-retriever.ts";

/**
 * Builds a retriever and those inside it. The code of a kind is loaded when a system has that kind: encoders and clients of
 * servers take longer to load than a BM25 index.
 * @param pointer where its configuration stands: `/retriever`, `/retriever/of/0`
 */
export async function buildRetriever(
  config: RetrieverConfig,
  pointer: string,
  context: BuildContext,
): Promise<Retriever> {
  const retriever = await build(config, pointer, context);
  return context.deps.share?.(config, retriever) ?? retriever;
}

async function build(config: RetrieverConfig, pointer: string, context: BuildContext): Promise<Retriever> {
  const { deps, openIndex } = context;
  const monotonic = () => deps.clock.monotonic();
  switch (config.kind) {
    case "bm25":
      return bm25Retriever(await openIndex(bm25Settings(config)), monotonic);
    case "dense":
      return (await import("./dense/build-dense.ts")).buildDense(config, pointer, context);
    case "replay":
      return (await import("./build-replay.ts")).buildReplay(config, pointer, context);
    case "http":
      return (await import("./http/build-http.ts")).buildHttp(config, pointer, context);
    case "process":
      return (await import("./process/process-retriever.ts")).buildProcess(config, pointer, context);
    case "fusion": {
      const parts: FusionPart[] = [];
      for (const [at, part] of config.of.entries()) {
        parts.push({ kind: part.kind, retriever: await buildRetriever(part, `${pointer}/of/${at}`, context) });
      }
      return fusionRetriever(parts, fusionSettings(config), config.depth, monotonic);
    }
    case "rerank": {
      const { buildRerank } = await import("./rerank/build-rerank.ts");
      return buildRerank(config, pointer, context, await buildRetriever(config.of, `${pointer}/of`, context));
    }
    case "rewrite": {
      const { buildRewrite } = await import("./rewrite/build-rewrite.ts");
      return buildRewrite(config, pointer, context, await buildRetriever(config.of, `${pointer}/of`, context));
    }
  }
}

export function bm25Settings({ k1, b, stop_words, stemmer, title }: Bm25Config): Bm25Settings {
  return { k1, b, stopWords: stop_words, stemmer, title };
}

export function fusionSettings({ method, normalise, rrf_k, weight, weights }: FusionConfig): FusionSettings {
  const given = weight === undefined ? weights : [weight, 1 - weight];
  const shares = given === undefined ? {} : { weights: given };
  return method === "rrf" ? { method, k: rrf_k, ...shares } : { method, normalise, ...shares };
}
