import type { LexicalJudge, ModelJudge } from "../config/index.ts";
import type { Judge } from "../core/contracts.ts";
import { lexicalJudge, modelJudge, readLexicalFit } from "../judge/index.ts";
import { type BuiltChatModel, buildChatModel } from "../system/openai/build-chat-model.ts";
import type { Deps } from "./deps.ts";

/** A judge that can be asked. */
export interface BuiltGrader extends Pick<BuiltChatModel, "concurrency" | "preflight"> {
  readonly grader: Judge;
}

/** @throws DataError with what is wrong with its files or its address */
export async function buildGrader(judge: ModelJudge | LexicalJudge, deps: Deps): Promise<BuiltGrader> {
  if (judge.kind === "lexical") {
    const grader = lexicalJudge(await readLexicalFit(judge), deps.clock);
    return { grader, concurrency: 1, preflight: async () => ({}) };
  }
  const { chat, concurrency, preflight } = buildChatModel(judge, deps);
  return { grader: modelJudge(judge, chat), concurrency, preflight };
}
