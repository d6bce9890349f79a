import type { ModelJudge } from "../../config/load-judge.ts";
import type { ChatModel } from "../../core/contracts.ts";
import { DataError } from "../../core/errors.ts";
import type { SystemDeps } from "../build-system.ts";
import type { Pace, Pacer } from "../pace/pacer.ts";
import { heardFetch, type PaceDeps, pacedPatience, patienceOf } from "../paced-patience.ts";
import { openAiChatModel } from "./chat-model.ts";
import { openEndpoint } from "./endpoint.ts";
import { preflight, type Served } from "./preflight.ts";

export interface BuiltChatModel {
  readonly chat: ChatModel;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** What the server says of the model. @throws UnavailableError when the server is down, refuses the key or does not serve the model */
  preflight(signal: AbortSignal): Promise<Served>;
  /** What holds calls back at the moment. */
  pace(): readonly Pace[];
}

/**
 * Builds the model that a judge asks.
 * @throws DataError with what is wrong with its address and key, or when the judge names no model
 */
export function buildChatModel(judge: ModelJudge, deps: Pick<SystemDeps, "env" | "fetch"> & PaceDeps): BuiltChatModel {
  const { model: config } = judge;
  const { env, fetch = globalThis.fetch } = deps;
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
  const pacers: Pacer[] = [];
  const patience = pacedPatience(config, where("base_url"), { deps, pacers, closers: [], notes: [] });
  const endpoint = openEndpoint({ config, publicBaseUrl, env, fetch: heardFetch(fetch, patience), where });
  if (!("client" in endpoint)) throw new DataError(endpoint);
  return {
    chat: openAiChatModel(config, endpoint, patience, judge.config.output),
    concurrency: config.concurrency,
    preflight: (signal) => preflight(endpoint, config.model, where, patienceOf(config, deps), signal),
    pace: () => pacers.map(({ pace }) => pace),
  };
}
