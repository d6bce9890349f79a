import type { ModelJudge } from "../../config/load-judge.ts";
import type { ChatModel } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import { sleepFor } from "../../lib/retry.ts";
import type { SystemDeps } from "../build-system.ts";
import { openAiChatModel } from "./chat-model.ts";
import { openEndpoint } from "./endpoint.ts";
import { preflight, type Served } from "./preflight.ts";

export interface BuiltChatModel {
  readonly chat: ChatModel;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** What the server says of the model. @throws UnavailableError when the server is down, refuses the key or does not serve the model */
  preflight(signal: AbortSignal): Promise<Served>;
}

/**
 * Builds the model that a judge asks.
 * @throws DataError with what is wrong with its address and key, or when the judge names no model
 */
export function buildChatModel(
  judge: ModelJudge,
  deps: Pick<SystemDeps, "env" | "fetch" | "clock" | "sleep" | "random">,
): BuiltChatModel {
  const { model: config } = judge;
  const { env, fetch = globalThis.fetch, clock, sleep = sleepFor, random = () => 0 } = deps;
  if (config === undefined) {
    throw new DataError([
      {
        code: "E_JUDGE",
        where: judge.file,
        expected: 'the key "model", the endpoint that judges',
        got: "nothing",
        fix: "add `model: { kind: openai, base_url: http://localhost:8000/v1, model: NAME }`",
      },
    ]);
  }
  const where = (key: string): string => `${judge.file} /model/${key}`;
  const publicBaseUrl = judge.config.model?.base_url ?? config.base_url;
  const endpoint = openEndpoint({ config, publicBaseUrl, env, fetch, where });
  if (!("client" in endpoint)) throw new DataError(endpoint);
  const patience = { timeoutMs: config.timeout_s * 1000, maxAttempts: config.max_attempts, clock, sleep, random };
  return {
    chat: openAiChatModel(config, endpoint, patience, judge.config.output),
    concurrency: config.concurrency,
    preflight: (signal) => preflight(endpoint, config.model, where, patience, signal),
  };
}
