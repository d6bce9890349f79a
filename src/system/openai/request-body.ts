import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { AnswerRequest } from "../../core/contracts.ts";
import { chatMessages, withoutHistory } from "../prompt/chat-messages.ts";
import type { Prompt } from "../prompt/prompt.ts";

/** Whether what was said before is put by the prompt's template. */
export function historyInPrompt({ history, api }: Pick<OpenAiConfig, "history" | "api">): boolean {
  return (history ?? (api === "chat" ? "messages" : "prompt")) === "prompt";
}

/** The request as it is sent, to `/chat/completions` or `/completions`. Settings that the file leaves out are left to the server. */
export function requestBody(config: OpenAiConfig, prompt: Prompt, request: AnswerRequest): Record<string, unknown> {
  const { model, api, temperature, top_p, max_tokens, seed, stop, stream, logprobs, extra_body = {} } = config;
  return {
    model,
    ...(api === "chat"
      ? { messages: chatMessages(config, prompt, request) }
      : { prompt: prompt(historyInPrompt(config) ? request : withoutHistory(request)) }),
    temperature,
    // Newer models take the limit under this name alone.
    ...(!("max_completion_tokens" in extra_body) && { max_tokens }),
    ...(top_p !== undefined && { top_p }),
    // One seed for all trials would make them one answer, repeated.
    ...(seed !== undefined && { seed: seed + request.trial }),
    ...(stop !== undefined && { stop }),
    // In completions the number of alternatives; 0 turns it off on some servers.
    ...(logprobs && { logprobs: api === "chat" ? true : 1 }),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : { stream: false }),
    ...extra_body,
  };
}

/** Four characters of a request are about one token; an answer takes at most what it may. */
export function likelyTokens(body: object, maxTokens: number): number {
  return JSON.stringify(body).length / 4 + maxTokens;
}
