import type { OpenAiConfig } from "../../config/system-schema.ts";
import type { Answer, Clock, Generator } from "../../core/contracts.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { measuredTiming, saidAnswer } from "../said-answer.ts";
import { askEndpoint, type Patience, type Sent, sentTwice, tokensOf } from "./ask-endpoint.ts";
import { type ChatReply, readChatReply } from "./chat-reply.ts";
import type { Endpoint } from "./endpoint.ts";
import { likelyTokens, requestBody } from "./request-body.ts";

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
      const once = (attempt: AbortSignal, sent: Sent) =>
        answerOnce(config, endpoint, body, { clock: patience.clock, onToken: request.onToken, ...sent }, attempt);
      const tokens = likelyTokens(body, config.max_tokens);
      return askEndpoint(endpoint, patience, signal, once, { tokens, tokensOf, sentTwice });
    },
  };
}

async function answerOnce(
  config: OpenAiConfig,
  endpoint: Endpoint,
  body: Record<string, unknown>,
  { clock, onToken, startedAt, begun }: Sent & { clock: Clock; onToken: (() => void) | undefined },
  signal: AbortSignal,
): Promise<Answer> {
  const path = config.api === "chat" ? "/chat/completions" : "/completions";
  const response = await endpoint.client.post(path, { body, signal, stream: config.stream }).asResponse();
  if (!config.stream) begun();
  const token = (): void => {
    begun();
    onToken?.();
  };
  const reply = await readChatReply(response, endpoint, () => clock.monotonic(), token);
  const ended = clock.monotonic();
  // What a server or a model gives away is stored and shown like any answer, but for our own keys.
  const { text, finish } = reply;
  const shown = { ...reply, text: endpoint.redactAnswer(text), finish: endpoint.redactAnswer(finish) };
  return answerOf(shown, config.answer_marker, startedAt, ended);
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
