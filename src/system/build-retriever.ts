import type { System } from "../config/resolved.ts";
import type { Bm25Config, RetrieverConfig } from "../config/system-schema.ts";
import type { Retriever } from "../core/contracts.ts";
import type { Bm25Settings } from "../search/bm25-index.ts";
import { bm25Retriever } from "./bm25-retriever.ts";
import type { SystemDeps } from "./build-system.ts";
import type { OpenIndex } from "./index-opener.ts";
import { besideSystem, shownFile } from "./named-file.ts";
import { replayRetriever } from "./replay/replay-retriever.ts";
import { readRunFile } from "./replay/run-file.ts";

export async function buildRetriever(
  config: RetrieverConfig,
  system: System,
  deps: SystemDeps,
  open: OpenIndex,
): Promise<Retriever> {
  switch (config.kind) {
    case "bm25":
      return bm25Retriever(await open(bm25Settings(config)), () => deps.clock.monotonic());
    case "replay": {
      const name = shownFile(system.publicConfig.retriever, config.file);
      return replayRetriever(await readRunFile(besideSystem(system, config.file), name), name);
    }
  }
}

export function bm25Settings({ k1, b, stop_words, stemmer, title }: Bm25Config): Bm25Settings {
  return { k1, b, stopWords: stop_words, stemmer, title };
}
