import { readFile } from "node:fs/promises";
import type { System } from "../config/resolved.ts";
import type { GeneratorConfig, OpenAiConfig, ReaderConfig } from "../config/system-schema.ts";
import type { Generator } from "../core/contracts.ts";
import { DataError } from "../core/errors.ts";
import { type BuildContext, patienceOf, writtenValue } from "./build-context.ts";
import { bm25Settings } from "./build-retriever.ts";
import type { OpenIndex } from "./index-opener.ts";
import { besideSystem, placeOf } from "./named-file.ts";
import { openEndpoint } from "./openai/endpoint.ts";
import { openAiGenerator } from "./openai/openai-generator.ts";
import { preflight } from "./openai/preflight.ts";
import { DEFAULT_PROMPT } from "./prompt/default-prompt.ts";
import { compilePrompt, type Prompt } from "./prompt/prompt.ts";
import type { ReaderSettings } from "./reader/read.ts";
import { reader } from "./reader/reader.ts";
import type { TermStatistics } from "./reader/terms.ts";
import { readAnswersFile } from "./replay/answers-file.ts";
import { replayGenerator } from "./replay/replay-generator.ts";

export interface BuiltGenerator {
  readonly generator: Generator;
  /** How many questions it takes at once; left out by one that computes in this process. */
  readonly concurrency?: number;
}

export async function buildGenerator(config: GeneratorConfig, context: BuildContext): Promise<BuiltGenerator> {
  const { system, deps, openIndex } = context;
  switch (config.kind) {
    case "reader": {
      const statistics = await readerStatistics(config, system.config.retriever, openIndex);
      return { generator: reader(readerSettings(config), statistics, deps.clock) };
    }
    case "replay": {
      const name = writtenValue(system, "/generator/file") ?? config.file;
      const file = await readAnswersFile(besideSystem(system, config.file), name);
      return { generator: replayGenerator(file, name) };
    }
    case "openai":
      return buildOpenAi(config, context);
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

async function buildOpenAi(config: OpenAiConfig, { system, deps, preflights }: BuildContext): Promise<BuiltGenerator> {
  const { env, fetch = globalThis.fetch } = deps;
  const where = (key: string): string => placeOf(system, `/generator/${key}`);
  const endpoint = openEndpoint({
    config,
    publicBaseUrl: writtenValue(system, "/generator/base_url") ?? "the endpoint",
    env,
    fetch,
    where,
  });
  const prompt = await readPrompt(config, system).catch((error: unknown) => {
    if ("client" in endpoint || !(error instanceof DataError)) throw error;
    throw new DataError([...endpoint, ...error.problems]);
  });
  if (!("client" in endpoint)) throw new DataError(endpoint);
  const patience = patienceOf(config, deps);
  preflights.push((signal) => preflight(endpoint, config.model, where, patience, signal));
  return { generator: openAiGenerator(config, endpoint, prompt, patience), concurrency: config.concurrency };
}

async function readPrompt({ prompt }: OpenAiConfig, system: System): Promise<Prompt> {
  if (prompt === undefined) return compilePrompt(DEFAULT_PROMPT, "the built-in prompt");
  const name = writtenValue(system, "/generator/prompt") ?? prompt;
  let template: string;
  try {
    template = await readFile(besideSystem(system, prompt), "utf8");
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? "an unknown error";
    const where = placeOf(system, "/generator/prompt");
    throw new DataError([
      {
        code: "E_PROMPT",
        where,
        expected: `a readable file ${name}`,
        got,
        fix: "check the path, relative to the system file",
      },
    ]);
  }
  return compilePrompt(template, name);
}
