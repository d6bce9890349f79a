import type { Problem } from "../core/problem.ts";
import { checkRequest, type Say } from "./check-request.ts";
import type { HttpGeneratorConfig } from "./http-generator-schema.ts";
import type { OpenAiConfig } from "./openai-schema.ts";
import type { ReplayAnswersConfig } from "./replay-answers-schema.ts";
import { systemParts } from "./system-parts.ts";
import type { SystemConfig } from "./system-schema.ts";
import type { Locate } from "./validate.ts";

/** What a schema cannot say: how the keys of a generator, or of a model that rewrites questions, go together. */
export function checkGenerator(config: SystemConfig, locate: Locate, problems: Problem[]): void {
  for (const { pointer, kind, values } of systemParts(config)) {
    const say: Say = (key, expected, got, fix) =>
      problems.push({ code: "E_SYSTEM", where: locate(`${pointer}/${key}`), expected, got, fix });
    // An encoder may be of kind openai too, and a ranking of kind replay.
    checkHedge(values as Pick<OpenAiConfig, "hedge">, say);
    if (kind === "openai" && "api" in values) checkOpenAi(values as OpenAiConfig, say);
    else if (kind === "replay" && pointer === "/generator") checkReplay(values as ReplayAnswersConfig, say);
    else if (kind === "http" && pointer === "/generator") {
      const example = '{"question": {{json question}}, "passages": {{json passages}}}';
      checkRequest(values as HttpGeneratorConfig, ["question", "prompt"], example, say);
    }
  }
}

function checkHedge({ hedge }: Pick<OpenAiConfig, "hedge">, say: Say): void {
  if (hedge?.after_s === undefined || hedge.percentile === undefined) return;
  say("hedge/after_s", "after_s or percentile", "both", "keep one of them");
}

/** The keys of a request that have names of their own in a system file, or that decide how the reply is read. */
const OURS: ReadonlySet<string> = new Set(
  (
    "model messages prompt stream stream_options temperature max_tokens top_p seed stop logprobs " + // our settings
    "n best_of echo suffix tools functions"
  ) // what changes the form of the reply
    .split(" "),
);

function checkOpenAi({ api, history, system_prompt, extra_body = {} }: OpenAiConfig, say: Say): void {
  for (const key of Object.keys(extra_body).filter((name) => OURS.has(name))) {
    say(
      `extra_body/${key}`,
      "keys that only this server knows",
      key,
      "remove it; what can be set stands beside extra_body",
    );
  }
  if (api !== "completions") return;
  if (history === "messages") {
    say("history", "prompt or none, as completions have no messages", history, "let the prompt show {{#each history}}");
  }
  if (system_prompt !== undefined) {
    say("system_prompt", "none, as completions have no messages", "one", "write it at the head of the prompt file");
  }
}

function checkReplay({ format, columns, questions }: ReplayAnswersConfig, say: Say): void {
  if (format === "table") {
    const { query, question, text } = columns ?? {};
    if (text === undefined) say("columns/text", "the column of the answer", "nothing", "add text: answer");
    if ((query === undefined) === (question === undefined)) {
      const got = query === undefined ? "neither" : "both";
      say("columns/question", "either query or question, by which answers are found", got, "name one column");
    }
  } else if (columns !== undefined) {
    say("columns", "columns for format table alone", `format ${format}`, "remove columns, or write format: table");
  }
  if (format === "lines" && questions === undefined) {
    say("questions", "the file of the questions, one a line", "nothing", "add questions: test.questions");
  } else if (format !== "lines" && questions !== undefined) {
    say(
      "questions",
      "questions for format lines alone",
      `format ${format}`,
      "remove questions, or write format: lines",
    );
  }
}
