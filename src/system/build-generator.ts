import type { System } from "../config/resolved.ts";
import type { GeneratorConfig, ReaderConfig } from "../config/system-schema.ts";
import type { Generator } from "../core/contracts.ts";
import type { BuildContext } from "./build-context.ts";
import { bm25Settings } from "./build-retriever.ts";
import type { OpenIndex } from "./index-opener.ts";
import type { ReaderSettings } from "./reader/read.ts";
import { reader } from "./reader/reader.ts";
import type { TermStatistics } from "./reader/terms.ts";

export interface BuiltGenerator {
  readonly generator: Generator;
  /** How many questions it takes at once; left out by one that computes in this process. */
  readonly concurrency?: number;
}

/** Builds a generator; the code of a kind is loaded when a system has that kind. */
export async function buildGenerator(config: GeneratorConfig, context: BuildContext): Promise<BuiltGenerator> {
  const { system, deps, openIndex } = context;
  switch (config.kind) {
    case "reader": {
      const statistics = await readerStatistics(config, system.config.retriever, openIndex);
      return { generator: reader(readerSettings(config), statistics, deps.clock) };
    }
    case "replay": {
      const { buildAnswers } = await import("./replay/build-answers.ts");
      return { generator: await buildAnswers(config, context) };
    }
    case "local": {
      const { buildLocal } = await import("./local/build-local.ts");
      return { generator: await buildLocal(config, context) };
    }
    case "http": {
      const { buildHttpGenerator } = await import("./http/http-generator.ts");
      return { generator: await buildHttpGenerator(config, context), concurrency: config.concurrency };
    }
    case "process": {
      const { buildProcessGenerator } = await import("./process/process-generator.ts");
      return { generator: await buildProcessGenerator(config, context), concurrency: config.concurrency };
    }
    case "openai": {
      const { buildOpenAi } = await import("./openai/build-openai.ts");
      return { generator: await buildOpenAi(config, "/generator", context), concurrency: config.concurrency };
    }
  }
}

export function readerSettings({ sentences, decline_below, trim }: ReaderConfig): ReaderSettings {
  return { sentences, declineBelow: decline_below, trim };
}

/** How rare words are in the corpus: of the retriever's index where its words are made alike, else of one of the reader's own. */
export function readerStatistics(
  { stop_words, stemmer }: ReaderConfig,
  retriever: System["config"]["retriever"],
  open: OpenIndex,
): Promise<TermStatistics> {
  const shared = retriever?.kind === "bm25" && retriever.stop_words === stop_words && retriever.stemmer === stemmer;
  return open(shared ? bm25Settings(retriever) : { k1: 1.2, b: 0.75, stopWords: stop_words, stemmer, title: true });
}
