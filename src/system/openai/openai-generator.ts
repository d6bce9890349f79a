import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { Answer, Clock, Generator } from "../../core/contracts.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { measuredTiming, saidAnswer } from "../said-answer.ts";
import { askEndpoint, type Patience, tokensOf } from "./ask-endpoint.ts";
import { type ChatReply, readChatReply } from "./chat-reply.ts";
import type { Endpoint } from "./endpoint.ts";
import { requestBody } from "./request-body.ts";

/**
 * Answers with completions, chat or plain, of an OpenAI-compatible server. Times are those of the attempt that succeeded:
 * what was waited for a busy server before is not the model's latency. The confidence of an answer, where log probabilities
 * are asked for and given, is their mean over all tokens generated, reasoning and marker included: at most 0, 0 is certain.
 */
export function openAiGenerator(
  config: OpenAiConfig,
  endpoint: Endpoint,
  prompt: Prompt,
  patience: Patience,
): Generator {
  return {
    answer(request, signal) {
      const body = requestBody(config, prompt, request);
      const once = (attempt: AbortSignal) =>
        answerOnce(config, endpoint, body, patience.clock, attempt, request.onToken);
      return askEndpoint(endpoint, patience, signal, once, { tokens: likelyTokens(body, config.max_tokens), tokensOf });
    },
  };
}

/** Four characters of a request are about one token; an answer takes at most what it may. */
function likelyTokens(body: Record<string, unknown>, maxTokens: number): number {
  return JSON.stringify(body).length / 4 + maxTokens;
}

async function answerOnce(
  config: OpenAiConfig,
  endpoint: Endpoint,
  body: Record<string, unknown>,
  clock: Clock,
  signal: AbortSignal,
  onToken: (() => void) | undefined,
): Promise<Answer> {
  const started = clock.monotonic();
  const path = config.api === "chat" ? "/chat/completions" : "/completions";
  const response = await endpoint.client.post(path, { body, signal, stream: config.stream }).asResponse();
  const reply = await readChatReply(response, endpoint, () => clock.monotonic(), onToken);
  const ended = clock.monotonic();
  // What a server or a model gives away is stored and shown like any answer, but for our own keys.
  const { text, finish } = reply;
  const shown = { ...reply, text: endpoint.redactAnswer(text), finish: endpoint.redactAnswer(finish) };
  return answerOf(shown, config.answer_marker, started, ended);
}

function answerOf(reply: ChatReply, marker: string | undefined, started: number, ended: number): Answer {
  const { text: raw, refused, finish, usage, confidence, firstTokenAt } = reply;
  return {
    ...saidAnswer(raw, marker),
    ...(refused && { refused }),
    finish,
    ...(usage && { usage }),
    ...(confidence !== undefined && { confidence }),
    timing: measuredTiming(started, firstTokenAt, ended),
  };
}
