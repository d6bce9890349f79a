import type { LexicalJudge, ModelJudge, Project } from "../../config/index.ts";
import type { Judge } from "../../core/contracts.ts";
import { lexicalJudge, modelJudge, readLexicalFit } from "../../judge/index.ts";
import { type BuiltChatModel, buildChatModel } from "../../system/openai/build-chat-model.ts";
import type { Deps } from "../deps.ts";

/** A judge that can be asked. */
export interface BuiltGrader extends Pick<BuiltChatModel, "concurrency" | "preflight" | "pace"> {
  readonly grader: Judge;
}

/** @throws DataError with what is wrong with its files or its address */
export async function buildGrader(
  judge: ModelJudge | LexicalJudge,
  { cache }: Pick<Project, "cache">,
  deps: Deps,
): Promise<BuiltGrader> {
  if (judge.kind === "lexical") {
    const grader = lexicalJudge(await readLexicalFit(judge), deps.clock);
    return { grader, concurrency: 1, preflight: async () => ({}), pace: () => [] };
  }
  const { chat, ...model } = buildChatModel(judge, { ...deps, cacheDir: cache });
  return { grader: modelJudge(judge, chat), ...model };
}
