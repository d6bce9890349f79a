import type { LocalGeneratorConfig } from "../../config/local-generator-schema.ts";
import type { Answer, AnswerRequest, Clock, Generator } from "../../core/contracts.ts";
import { type Limiter, limiter } from "../limiter.ts";
import { chatMessages, type Message } from "../prompt/chat-messages.ts";
import type { Prompt } from "../prompt/prompt.ts";
import { measuredTiming, saidAnswer } from "../said-answer.ts";
import type { ChatItem } from "./llama-module.ts";
import type { LocalModel } from "./local-model.ts";

/**
 * Answers with a language model in this process, one question at a time. Time counts from when a question's turn has come and
 * the model is loaded.
 * @param open gives the model, loaded once
 */
export function localGenerator(
  config: LocalGeneratorConfig,
  prompt: Prompt,
  clock: Clock,
  open: (signal: AbortSignal) => Promise<LocalModel>,
): Generator {
  const inTurn: Limiter = limiter(1);
  return {
    answer: (request, signal) =>
      inTurn(async () => answerOnce(config, prompt, clock, await open(signal), request, signal), signal),
  };
}

async function answerOnce(
  config: LocalGeneratorConfig,
  prompt: Prompt,
  clock: Clock,
  model: LocalModel,
  request: AnswerRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { temperature, top_p, max_tokens, seed, stop, confidence, answer_marker } = config;
  const sampling = {
    temperature,
    topP: top_p ?? 1,
    // Trials are to differ where the temperature lets them, and each to be the same again.
    seed: (seed + request.trial) % 2 ** 32,
    maxTokens: max_tokens,
    stop: stop ?? [],
    confidence,
  };
  const started = clock.monotonic();
  let firstTokenAt: number | undefined;
  const reply = await model.complete(chatMessages(config, prompt, request).map(chatItem), sampling, signal, () => {
    firstTokenAt ??= clock.monotonic();
    request.onToken?.();
  });
  const ended = clock.monotonic();
  const { text, finish, promptTokens, completionTokens } = reply;
  return {
    ...saidAnswer(text, answer_marker),
    finish,
    usage: { promptTokens, completionTokens },
    ...(reply.confidence !== undefined && { confidence: reply.confidence }),
    timing: measuredTiming(started, firstTokenAt, ended),
  };
}

function chatItem({ role, content }: Message): ChatItem {
  return role === "assistant" ? { type: "model", response: [content] } : { type: role, text: content };
}
