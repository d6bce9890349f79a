import { SystemFailure, UnavailableError } from "../../core/errors.ts";
import { printable, truncate } from "../../lib/text.ts";
import { type ChatItem, type LlamaModule, loadLlama, type NativeModel, type Token } from "./llama-module.ts";

export interface LocalModelOptions {
  /** The .gguf file. */
  readonly path: string;
  /** Where the file is named, for messages. */
  readonly where: string;
  /** Tokens of prompt and answer together; a model trained on shorter texts has a shorter window. */
  readonly contextSize: number;
  readonly threads: number;
  /** @default the package that is found */
  readonly load?: () => Promise<LlamaModule>;
}

/** How an answer is drawn from the model. */
export interface Sampling {
  /** 0 takes the likeliest token each time. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
  readonly maxTokens: number;
  /** Texts before which the answer ends. */
  readonly stop: readonly string[];
  /** Whether to look up how likely each token was. */
  readonly confidence: boolean;
}

export interface Completion {
  readonly text: string;
  readonly finish: "stop" | "length";
  readonly promptTokens: number;
  /** All that were generated, the one that ends the model's turn included, as servers count. */
  readonly completionTokens: number;
  /** Mean natural logarithm of the tokens' probabilities, at most 0; absent where no token came. */
  readonly confidence?: number;
}

/** A language model in this process. It takes one chat at a time. */
export interface LocalModel {
  /**
   * Writes the next turn of a chat. Nothing is kept from one call to the next, so that every call does the same work.
   * @param onToken called as each token comes
   * @throws SystemFailure E_LOCAL_CONTEXT when the chat and the longest answer do not fit, E_LOCAL_FAILED when the model's chat
   *   template does not take such a chat or the computation fails
   * @throws the signal's reason when it is aborted; while a prompt is read this takes until the end of a piece of it
   */
  complete(
    chat: readonly ChatItem[],
    sampling: Sampling,
    signal: AbortSignal,
    onToken: () => void,
  ): Promise<Completion>;
  close(): Promise<void>;
}

/** Tokens of a prompt that are read before the signal is looked at again. */
const PIECE = 256;

/** @throws UnavailableError when the package is missing, the file is no model, or the memory does not suffice */
export async function openLocalModel(options: LocalModelOptions, signal: AbortSignal): Promise<LocalModel> {
  const { path, where, threads, load = loadLlama } = options;
  const module = await load();
  let said = "";
  const logger = (_level: string, message: string): void => {
    said = message.trim() || said;
  };
  const llama = await module.getLlama({ gpu: false, build: "never", maxThreads: threads, logger });
  try {
    const model = await llama.loadModel({ modelPath: path, loadSignal: signal });
    const contextSize = Math.min(options.contextSize, model.trainContextSize);
    const context = await model.createContext({
      contextSize,
      threads,
      failedCreationRemedy: false,
      createSignal: signal,
    });
    const sequence = context.getSequence();
    const tokenize = chatTokenizer(module, model);
    let last: Promise<unknown> = Promise.resolve();
    return {
      complete(chat, sampling, own, onToken) {
        const done = complete({ model, sequence, contextSize, tokenize }, chat, sampling, own, onToken).catch(
          (error: unknown) => {
            own.throwIfAborted();
            if (error instanceof SystemFailure) throw error;
            const why = truncate(printable((error as Error).message), 300);
            throw new SystemFailure("E_LOCAL_FAILED", `the model gave no answer: ${why}`, { retryable: false });
          },
        );
        last = done.catch(() => undefined);
        return done;
      },
      // What is computed at this moment cannot be taken away from under it.
      close: () => last.then(() => llama.dispose()),
    };
  } catch (error) {
    await llama.dispose();
    signal.throwIfAborted();
    const got = truncate(printable([(error as Error).message, said].filter(Boolean).join("; ")), 300);
    const fix = "name a whole .gguf file, or lower context_size where memory is short";
    const expected = "a model in GGUF that llama.cpp can load";
    throw new UnavailableError([{ code: "E_LOCAL_MODEL", where, expected, got, fix }]);
  }
}

/** A chat as tokens, by the template in the model's own file; only a file without one leaves the choice to the library. */
function chatTokenizer(module: LlamaModule, model: NativeModel): (chat: readonly ChatItem[]) => Token[] {
  const { tokenizer, fileInfo } = model;
  const template = fileInfo.metadata.tokenizer?.chat_template;
  const wrapper = template
    ? new module.JinjaTemplateChatWrapper({ template, tokenizer })
    : module.resolveChatWrapper(model);
  return (chat) => {
    const chatHistory = [...chat, { type: "model" as const, response: [] }];
    const tokens = wrapper.generateContextState({ chatHistory }).contextText.tokenize(tokenizer);
    const { bos, shouldPrependBosToken } = model.tokens;
    return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
  };
}

interface Ready {
  readonly model: NativeModel;
  readonly sequence: ReturnType<Awaited<ReturnType<NativeModel["createContext"]>>["getSequence"]>;
  readonly contextSize: number;
  readonly tokenize: (chat: readonly ChatItem[]) => Token[];
}

async function complete(
  { model, sequence, contextSize, tokenize }: Ready,
  chat: readonly ChatItem[],
  sampling: Sampling,
  signal: AbortSignal,
  onToken: () => void,
): Promise<Completion> {
  const { temperature, topP, seed, maxTokens, stop, confidence } = sampling;
  const prompt = tokenize(chat);
  if (prompt.length + maxTokens > contextSize) {
    const needed = `${prompt.length} tokens of prompt and up to ${maxTokens} of answer`;
    const message = `${needed} do not fit the window of ${contextSize}: raise context_size, or lower max_tokens or k`;
    throw new SystemFailure("E_LOCAL_CONTEXT", message, { retryable: false });
  }
  await sequence.clearHistory();
  let from = 0;
  for (; from + PIECE < prompt.length; from += PIECE) {
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(from, from + PIECE));
    signal.throwIfAborted();
  }
  const tokens: Token[] = [];
  let generated = 0;
  let logProbability = 0;
  let text: string | undefined;
  let finish: Completion["finish"] = "stop";
  const options = { temperature, topP, topK: 0, seed, yieldEogToken: true } as const;
  for await (const next of sequence.evaluateWithMetadata(prompt.slice(from), { confidence }, options)) {
    signal.throwIfAborted();
    onToken();
    generated += 1;
    if (model.isEogToken(next.token)) break;
    tokens.push(next.token);
    logProbability += Math.log(next.confidence ?? 1);
    if (stop.length > 0) text = beforeStop(model.detokenize(tokens), stop);
    if (text !== undefined) break;
    if (generated === maxTokens) {
      finish = "length";
      break;
    }
  }
  return {
    text: text ?? model.detokenize(tokens),
    finish,
    promptTokens: prompt.length,
    completionTokens: generated,
    ...(confidence && tokens.length > 0 && { confidence: logProbability / tokens.length }),
  };
}

/** What stands before the first of the stop texts. @returns undefined when none occurs */
function beforeStop(text: string, stop: readonly string[]): string | undefined {
  const found = stop.map((mark) => text.indexOf(mark)).filter((at) => at !== -1);
  return found.length === 0 ? undefined : text.slice(0, Math.min(...found));
}
