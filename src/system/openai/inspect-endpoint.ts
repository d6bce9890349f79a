import type { System } from "../../config/resolved.ts";
import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { AnswerRequest } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import { sleepFor } from "../../lib/retry.ts";
import { writtenValue } from "../build-context.ts";
import type { SystemDeps } from "../build-system.ts";
import { besideSystem, placeOf } from "../named-file.ts";
import { DEFAULT_COMPLETION_PROMPT, DEFAULT_PROMPT } from "../prompt/default-prompt.ts";
import { readPrompt } from "../prompt/read-prompt.ts";
import { openEndpoint } from "./endpoint.ts";
import { preflight, type Served } from "./preflight.ts";
import { requestBody } from "./request-body.ts";

/** A generator behind an OpenAI-compatible server, looked at without asking it a question. */
export interface InspectedEndpoint {
  /** The server as messages name it, without credentials. */
  readonly name: string;
  readonly config: OpenAiConfig;
  /** Where a key of the generator stands in the system's file. */
  where(key: string): string;
  /** The text that a request would send: its messages, or its prompt. */
  requestText(request: AnswerRequest): string;
  /** The folder of the model's tokenizer, where one is named. */
  readonly tokenizer?: string;
  /** @throws UnavailableError when the server is down, refuses the key or does not serve the model */
  served(signal: AbortSignal): Promise<Served>;
}

/**
 * Opens the endpoint of a system's generator and reads its prompt; no index is built and nothing is sent.
 * @returns undefined for a generator of another kind
 * @throws DataError with what is wrong with address, key and prompt
 */
export async function inspectEndpoint(
  system: System,
  deps: Pick<SystemDeps, "env" | "clock" | "fetch" | "sleep" | "random">,
): Promise<InspectedEndpoint | undefined> {
  const { generator: config } = system.config;
  if (config?.kind !== "openai") return undefined;
  const { env, clock, fetch = globalThis.fetch, sleep = sleepFor, random = () => 0 } = deps;
  const where = (key: string): string => placeOf(system, `/generator/${key}`);
  const publicBaseUrl = writtenValue(system, "/generator/base_url") ?? "the endpoint";
  const endpoint = openEndpoint({ config, publicBaseUrl, env, fetch, where });
  if (!("client" in endpoint)) throw new DataError(endpoint);
  const prompt = await readPrompt(system, {
    file: config.prompt,
    builtIn: config.api === "chat" ? DEFAULT_PROMPT : DEFAULT_COMPLETION_PROMPT,
    pointer: "/generator/prompt",
    history: config.history === "prompt",
  });
  const patience = { timeoutMs: config.timeout_s * 1000, maxAttempts: config.max_attempts, clock, sleep, random };
  return {
    name: endpoint.name,
    config,
    where,
    ...(config.tokenizer !== undefined && { tokenizer: besideSystem(system, config.tokenizer) }),
    served: (signal) => preflight(endpoint, config.model, where, patience, signal),
    requestText(request) {
      const { messages, prompt: text } = requestBody(config, prompt, request);
      const said = Array.isArray(messages) ? messages.map(({ content }: { content: string }) => content) : [text];
      return said.join("\n");
    },
  };
}
