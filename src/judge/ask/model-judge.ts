import type { ModelJudge } from "../../config/load-judge.ts";
import type { ChatMessage, ChatModel, ChatReply, Grade, GradeRequest, Judge, Usage } from "../../core/contracts.ts";
import { truncate } from "../../lib/text.ts";
import { compileJudgePrompt } from "./judge-prompt.ts";
import { type ParsedVerdict, parseVerdict } from "./parse-verdict.ts";
import { replyFormat } from "./reply-format.ts";
import { verdictSchema } from "./verdict-schema.ts";

/** What is quoted back to a judge whose reply was no verdict. */
const LONGEST_QUOTE = 2000;

/**
 * A judge that asks a model. A reply that is no verdict is shown to it once more, with what is wrong; a second one is a failure,
 * kept with its raw reply.
 * @throws DataError when the judge's prompt is wrong
 */
export function modelJudge(judge: ModelJudge, chat: ChatModel): Judge {
  const prompt = compileJudgePrompt(judge);
  const shape = { name: "verdict", schema: verdictSchema(judge.rubric) };
  return {
    async grade(request: GradeRequest, signal: AbortSignal): Promise<Grade> {
      const messages = prompt(request);
      const { repeat } = request;
      const first = await chat.complete({ messages, shape, repeat }, signal);
      const parsed = readReply(first, judge);
      if (parsed.ok) return gradeOf(parsed, [first]);
      const again = [...messages, ...objection(first.text, parsed.message, judge)];
      const second = await chat.complete({ messages: again, shape, repeat }, signal);
      return gradeOf(readReply(second, judge), [first, second]);
    },
  };
}

/** A reply that hit the token limit is no verdict even where its part happens to parse. */
function readReply({ text, finish }: ChatReply, { rubric }: ModelJudge): ParsedVerdict {
  const parsed = parseVerdict(text, rubric);
  if (parsed.ok || finish !== "length") return parsed;
  return { ok: false, code: "E_VERDICT_CUT", message: `the reply ends at the token limit: ${parsed.message}` };
}

function objection(said: string, message: string, { rubric }: ModelJudge): ChatMessage[] {
  return [
    // An empty message is refused by some servers.
    { role: "assistant", content: truncate(said, LONGEST_QUOTE) || "(nothing)" },
    { role: "user", content: `That is no verdict: ${message}. ${replyFormat(rubric)}` },
  ];
}

function gradeOf(parsed: ParsedVerdict, replies: readonly ChatReply[]): Grade {
  const usage = replies.reduce<Usage | undefined>((sum, reply) => plus(sum, reply.usage), {
    promptTokens: 0,
    completionTokens: 0,
  });
  const ms = replies.reduce((sum, reply) => sum + reply.timing.ms, 0);
  const common = {
    raw: replies.at(-1)!.text,
    asked: replies.length,
    ...(usage && { usage }),
    timing: { ms, source: replies[0]!.timing.source },
  };
  return parsed.ok
    ? { ok: true, scores: parsed.verdict.scores, reason: parsed.verdict.reason, ...common }
    : { ok: false, code: parsed.code, message: parsed.message, ...common };
}

/** Where one of two usages is unknown, so is their sum. */
function plus(a: Usage | undefined, b: Usage | undefined): Usage | undefined {
  if (!a || !b) return undefined;
  return { promptTokens: a.promptTokens + b.promptTokens, completionTokens: a.completionTokens + b.completionTokens };
}
