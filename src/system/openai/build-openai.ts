import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { Generator } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import { type BuildContext, writtenValue } from "../build-context.ts";
import { placeOf } from "../named-file.ts";
import { heardFetch, pacedPatience, patienceOf } from "../paced-patience.ts";
import { DEFAULT_COMPLETION_PROMPT, DEFAULT_PROMPT } from "../prompt/default-prompt.ts";
import { readPrompt } from "../prompt/read-prompt.ts";
import { openEndpoint } from "./endpoint.ts";
import { openAiGenerator } from "./openai-generator.ts";
import { preflight } from "./preflight.ts";

/**
 * Builds a model behind an OpenAI-compatible server from its part of a system.
 * @param pointer where that part stands: `/generator`, `/retriever/rewriter`
 * @param builtIn the prompt where the part names none
 * @throws DataError with what is wrong with address, key and prompt, all of it
 */
export async function buildOpenAi(
  config: OpenAiConfig,
  pointer: string,
  context: BuildContext,
  builtIn: string = config.api === "chat" ? DEFAULT_PROMPT : DEFAULT_COMPLETION_PROMPT,
): Promise<Generator> {
  const { system, deps, preflights, notes } = context;
  const { env } = deps;
  const where = (key: string): string => placeOf(system, `${pointer}/${key}`);
  const publicBaseUrl = writtenValue(system, `${pointer}/base_url`) ?? "the endpoint";
  const patience = pacedPatience(config, where("base_url"), context, deps.questionTimeoutMs);
  const fetch = heardFetch(deps.fetch ?? globalThis.fetch, patience);
  const endpoint = openEndpoint({ config, publicBaseUrl, env, fetch, where });
  const place = `${pointer}/prompt`;
  const read = { file: config.prompt, builtIn, pointer: place, history: config.history === "prompt" };
  const prompt = await readPrompt(system, read).catch((error: unknown) => {
    if ("client" in endpoint || !(error instanceof DataError)) throw error;
    throw new DataError([...endpoint, ...error.problems]);
  });
  if (!("client" in endpoint)) throw new DataError(endpoint);
  preflights.push(async (signal) => {
    await preflight(endpoint, config.model, where, patienceOf(config, deps), signal);
  });
  const generator = openAiGenerator(config, endpoint, prompt, patience);
  return config.logprobs ? countingConfidence(generator, endpoint.name, notes) : generator;
}

/** Tells after a run how many answers came without the log probabilities that were asked for. */
function countingConfidence(generator: Generator, name: string, notes: BuildContext["notes"]): Generator {
  const counts = { answers: 0, without: 0 };
  notes.push(() =>
    counts.without > 0
      ? [
          `${name} gave no log probabilities with ${counts.without} of ${counts.answers} answers: they have no confidence`,
        ]
      : [],
  );
  return {
    async answer(request, signal) {
      const answer = await generator.answer(request, signal);
      counts.answers += 1;
      if (answer.confidence === undefined) counts.without += 1;
      return answer;
    },
  };
}
