import type { ProcessGeneratorConfig } from "../../config/process-generator-schema.ts";
import type { AnswerRequest, Generator } from "../../core/contracts.ts";
import type { JsonObject } from "../../embed/json-file.ts";
import type { BuildContext } from "../build-context.ts";
import { DEFAULT_PROMPT } from "../prompt/default-prompt.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { readPrompt } from "../prompt/read-prompt.ts";
import { openProgram } from "./open-program.ts";
import { processAnswer } from "./process-answer.ts";

/** A generator in a process of its own, in any language: a line of JSON for each question, one for each answer. */
export async function buildProcessGenerator(config: ProcessGeneratorConfig, context: BuildContext): Promise<Generator> {
  const { system } = context;
  const place = { file: config.prompt, builtIn: DEFAULT_PROMPT, pointer: "/generator/prompt", history: false };
  const prompt = config.prompt === undefined ? undefined : await readPrompt(system, place);
  const program = openProgram(config, "/generator", context);
  return {
    async answer(request, signal) {
      signal.throwIfAborted();
      const { reply, ms } = await program.ask(lineOf(request, prompt), signal);
      const answer = processAnswer(reply, program.name, config.answer_marker, program.redactAnswer);
      return { ...answer, timing: { ms, source: "measured" } };
    },
  };
}

/** What the process is told: all that a request holds but the question's id, and the prompt where the system file names one. */
function lineOf({ query, passages, condition, trial }: AnswerRequest, prompt: Prompt | undefined): JsonObject {
  const { text, history = [] } = query;
  return {
    question: text,
    history: history.map(({ role, content }) => ({ role, content })),
    passages: passages.map(({ id, document, title, text }) => ({ id, document, ...(title && { title }), text })),
    condition,
    trial,
    ...(prompt && { prompt: prompt({ query, passages, condition, trial }) }),
  };
}
