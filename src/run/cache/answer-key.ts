import type { GeneratorIdentity } from "../../config/generator-identity.ts";
import type { AnswerRequest } from "../../core/contracts.ts";
import { hashValue } from "../../lib/hash.ts";
import { DEFAULT_COMPLETION_PROMPT, DEFAULT_PROMPT } from "../../system/prompt/default-prompt.ts";

/** Raised when requests are put together differently, or when what is stored of an answer changes its meaning. */
const KEY_VERSION = 1;

/** What is sent where a system names no prompt; neither tells of the condition. */
const BUILT_IN = [DEFAULT_PROMPT, DEFAULT_COMPLETION_PROMPT];

/**
 * The key of an answer: a SHA-256 of everything that determines it. That is the generator; the question and what was said
 * before it; texts, titles and order of the passages; and the number of the trial, so that a repetition is asked for anew.
 * Ids and the condition's name count only where the generator may see them.
 */
export function answerKeys({ value, readsCondition, readsIds }: GeneratorIdentity): (request: AnswerRequest) => string {
  const generator = hashValue([value, BUILT_IN]);
  return ({ query, passages, condition, trial }) =>
    hashValue({
      version: KEY_VERSION,
      generator,
      question: query.text,
      history: (query.history ?? []).map(({ role, content }) => [role, content]),
      passages: passages.map(({ title = "", text }) => [title, text]),
      trial,
      ...(readsCondition && { condition }),
      ...(readsIds && { query: query.id, ids: passages.map(({ id, document }) => [id, document]) }),
    });
}
