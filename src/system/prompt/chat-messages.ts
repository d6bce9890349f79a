import type { AnswerRequest } from "../../core/contracts.ts";
import type { Prompt } from "./prompt.ts";

export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface ChatSettings {
  readonly system_prompt?: string;
  /** How what was said before is put: as messages, by the prompt's template, or not at all. @default messages */
  readonly history?: "messages" | "prompt" | "none";
}

/** A request as the messages of a chat: the system's, what was said before, the prompt as the user's. */
export function chatMessages(settings: ChatSettings, prompt: Prompt, request: AnswerRequest): Message[] {
  const { system_prompt, history = "messages" } = settings;
  const before = history === "messages" ? (request.query.history ?? []) : [];
  return [
    ...(system_prompt === undefined ? [] : [{ role: "system" as const, content: system_prompt }]),
    ...before.map(({ role, content }) => ({ role, content })),
    { role: "user", content: prompt(history === "prompt" ? request : withoutHistory(request)) },
  ];
}

/** A request for a prompt that is not to show what was said before. */
export function withoutHistory(request: AnswerRequest): AnswerRequest {
  const { history: _, ...query } = request.query;
  return { ...request, query };
}
