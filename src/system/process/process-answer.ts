import type { Answer, Usage } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { isObject, type JsonObject } from "../../embed/json-file.ts";
import { quoteValue } from "../../lib/text.ts";
import { saidAnswer } from "../said-answer.ts";

/**
 * The answer in a process's reply: `text`, and where it has them `refused`, `finish`, `confidence` and
 * `usage: {prompt_tokens, completion_tokens}`.
 * @throws SystemFailure E_PROCESS_REPLY for anything else under one of these names
 */
export function processAnswer(
  reply: JsonObject,
  name: string,
  marker: string | undefined,
  redact: (text: string) => string,
): Omit<Answer, "timing"> {
  const { text, refused, finish, confidence, usage } = reply;
  const broken = (place: string, value: unknown): SystemFailure =>
    new SystemFailure("E_PROCESS_REPLY", `${name} sent ${redact(quoteValue(value))} as ${place}`, { retryable: false });
  if (typeof text !== "string") throw broken("text", text);
  if (refused !== undefined && typeof refused !== "boolean") throw broken("refused", refused);
  if (finish !== undefined && (typeof finish !== "string" || finish === "")) throw broken("finish", finish);
  if (confidence !== undefined && !Number.isFinite(confidence)) throw broken("confidence", confidence);
  if (usage !== undefined && !usageOf(usage)) throw broken("usage", usage);
  return {
    ...saidAnswer(redact(text), marker),
    ...(typeof refused === "boolean" && { refused }),
    finish: typeof finish === "string" ? redact(finish) : "stop",
    ...(usage !== undefined && { usage: usageOf(usage)! }),
    ...(typeof confidence === "number" && { confidence }),
  };
}

function usageOf(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = value;
  return isCount(promptTokens) && isCount(completionTokens) ? { promptTokens, completionTokens } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
