import type { Bm25Config, FusionConfig, ReplayRankingConfig, RetrieverConfig } from "../config/retriever-schema.ts";
import type { Retriever } from "../core/contracts.ts";
import type { Bm25Settings } from "../search/bm25-index.ts";
import type { FusionSettings } from "../search/fusion.ts";
import { bm25Retriever } from "./bm25-retriever.ts";
import { type BuildContext, writtenValue } from "./build-context.ts";
import { buildDense } from "./dense/build-dense.ts";
import { type FusionPart, fusionRetriever } from "./fusion-retriever.ts";
import { buildHttp } from "./http/build-http.ts";
import { besideSystem } from "./named-file.ts";
import { CorpusMatch } from "./outside/corpus-match.ts";
import { noCounts, outsideNotes } from "./outside/outside-ranking.ts";
import { buildProcess } from "./process/process-retriever.ts";
import { readLocalrqaFile } from "./replay/localrqa-file.ts";
import { replayRetriever } from "./replay/replay-retriever.ts";
import { readRunFile } from "./replay/run-file.ts";
import { readTitlesFile } from "./replay/titles-file.ts";
import { buildRerank } from "./rerank/build-rerank.ts";
import { buildRewrite } from "./rewrite/build-rewrite.ts";

/**
 * Builds a retriever and those inside it.
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
      return buildDense(config, pointer, context);
    case "replay":
      return buildReplay(config, pointer, context);
    case "http":
      return buildHttp(config, pointer, context);
    case "process":
      return buildProcess(config, pointer, context);
    case "fusion": {
      const parts: FusionPart[] = [];
      for (const [at, part] of config.of.entries()) {
        parts.push({ kind: part.kind, retriever: await buildRetriever(part, `${pointer}/of/${at}`, context) });
      }
      return fusionRetriever(parts, fusionSettings(config), config.depth, monotonic);
    }
    case "rerank":
      return buildRerank(config, pointer, context, await buildRetriever(config.of, `${pointer}/of`, context));
    case "rewrite":
      return buildRewrite(config, pointer, context, await buildRetriever(config.of, `${pointer}/of`, context));
  }
}

async function buildReplay(
  config: ReplayRankingConfig,
  pointer: string,
  { system, deps, notes }: BuildContext,
): Promise<Retriever> {
  const shown = (key: "file" | "questions", value: string) => ({
    path: besideSystem(system, value),
    name: writtenValue(system, `${pointer}/${key}`) ?? value,
  });
  const file = shown("file", config.file);
  const { path, name } = file;
  if (config.format === "titles") {
    const counts = noCounts();
    notes.push(() => outsideNotes(name, counts));
    return readTitlesFile(file, shown("questions", config.questions!), deps.passages(), counts);
  }
  if (config.format !== "localrqa") return replayRetriever(await readRunFile(path, name), name);
  const match = await CorpusMatch.of(deps.passages(), { texts: true, signal: deps.signal });
  const counts = noCounts();
  notes.push(() => outsideNotes(name, { ...counts, byText: 0 }));
  return readLocalrqaFile(path, name, match, counts);
}

export function bm25Settings({ k1, b, stop_words, stemmer, title }: Bm25Config): Bm25Settings {
  return { k1, b, stopWords: stop_words, stemmer, title };
}

export function fusionSettings({ method, normalise, rrf_k, weight, weights }: FusionConfig): FusionSettings {
  const given = weight === undefined ? weights : [weight, 1 - weight];
  const shares = given === undefined ? {} : { weights: given };
  return method === "rrf" ? { method, k: rrf_k, ...shares } : { method, normalise, ...shares };
}
