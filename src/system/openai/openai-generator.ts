import type OpenAI from "openai";
import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { Answer, AnswerRequest, Clock, Generator } from "../../core/contracts.ts";
import { afterMarker } from "../../lib/answer-marker.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { askEndpoint, type Patience } from "./ask-endpoint.ts";
import { type ChatReply, readChatReply } from "./chat-reply.ts";
import type { Endpoint } from "./endpoint.ts";

type Body = OpenAI.Chat.Completions.ChatCompletionCreateParams;

/**
 * Answers with chat completions of an OpenAI-compatible server. Times are those of the attempt that succeeded: what was
 * waited for a busy server before is not the model's latency.
 */
export function openAiGenerator(
  config: OpenAiConfig,
  endpoint: Endpoint,
  prompt: Prompt,
  patience: Patience,
): Generator {
  return {
    answer: (request, signal) =>
      askEndpoint(endpoint, patience, signal, (attempt) =>
        answerOnce(config, endpoint, prompt, patience.clock, request, attempt),
      ),
  };
}

async function answerOnce(
  config: OpenAiConfig,
  endpoint: Endpoint,
  prompt: Prompt,
  clock: Clock,
  request: AnswerRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const started = clock.monotonic();
  const response = await endpoint.client.chat.completions
    .create(chatBody(config, prompt, request), { signal })
    .asResponse();
  const reply = await readChatReply(response, endpoint, () => clock.monotonic());
  const ended = clock.monotonic();
  // What a server or a model gives away is stored and shown like any answer, but for our own keys.
  const { text, finish } = reply;
  const shown = { ...reply, text: endpoint.redactAnswer(text), finish: endpoint.redactAnswer(finish) };
  return answerOf(shown, config.answer_marker, started, ended);
}

/** The request as it is sent. Settings that the file leaves out are left to the server. */
export function chatBody(config: OpenAiConfig, prompt: Prompt, request: AnswerRequest): Body {
  const { model, temperature, top_p, max_tokens, seed, stop, stream, system_prompt } = config;
  return {
    model,
    messages: [
      ...(system_prompt === undefined ? [] : [{ role: "system" as const, content: system_prompt }]),
      ...(request.query.history ?? []).map(({ role, content }) => ({ role, content })),
      { role: "user", content: prompt(request) },
    ],
    temperature,
    max_tokens,
    ...(top_p !== undefined && { top_p }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && { stop }),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : { stream: false }),
  };
}

function answerOf(reply: ChatReply, marker: string | undefined, started: number, ended: number): Answer {
  const { text: raw, refused, finish, usage, firstTokenAt } = reply;
  const text = marker === undefined ? raw.trim() : afterMarker(raw, marker);
  return {
    text,
    ...(raw !== text && { raw }),
    ...(refused && { refused }),
    finish,
    ...(usage && { usage }),
    timing: {
      ...(firstTokenAt !== undefined && { firstTokenMs: firstTokenAt - started }),
      ms: ended - started,
      source: "measured",
    },
  };
}
