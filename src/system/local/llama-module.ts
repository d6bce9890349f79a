import { UnavailableError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";

/** A token's number in the model's vocabulary. */
export type Token = number;

/** What is used of the optional package node-llama-cpp. */
export interface LlamaModule {
  getLlama(options: {
    gpu: false;
    build: "never";
    maxThreads: number;
    logger: (level: string, message: string) => void;
  }): Promise<Llama>;
  readonly JinjaTemplateChatWrapper: new (options: { template: string; tokenizer: unknown }) => ChatWrapper;
  /** The chat template that fits the model by its name and file. */
  resolveChatWrapper(model: NativeModel): ChatWrapper;
}

export interface Llama {
  loadModel(options: { modelPath: string; loadSignal?: AbortSignal }): Promise<NativeModel>;
  dispose(): Promise<void>;
}

export interface NativeModel {
  /** Tokens of the longest text it was trained on. */
  readonly trainContextSize: number;
  readonly tokenizer: unknown;
  readonly tokens: { readonly bos: Token | null; readonly shouldPrependBosToken: boolean };
  readonly fileInfo: { readonly metadata: { readonly tokenizer?: { readonly chat_template?: string } } };
  detokenize(tokens: readonly Token[]): string;
  /** Whether a token ends the model's turn. */
  isEogToken(token: Token): boolean;
  createContext(options: {
    contextSize: number;
    threads: number;
    /** Whether to try a smaller window where the memory does not suffice. */
    failedCreationRemedy: false;
    createSignal?: AbortSignal;
  }): Promise<{ readonly contextSize: number; getSequence(): Sequence }>;
}

/** What the model has read and written so far. */
export interface Sequence {
  clearHistory(): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>;
  /** Reads the tokens, then writes until nobody asks for more. */
  evaluateWithMetadata(
    tokens: readonly Token[],
    metadata: { confidence: boolean },
    options: { temperature: number; topP: number; topK: number; seed: number; yieldEogToken: true },
  ): AsyncIterable<{ readonly token: Token; readonly confidence?: number }>;
}

export type ChatItem =
  | { readonly type: "system" | "user"; readonly text: string }
  | { readonly type: "model"; readonly response: readonly string[] };

export interface ChatWrapper {
  /** The chat as the model's template writes it. Texts of messages cannot become the template's own marks. */
  generateContextState(options: { chatHistory: readonly ChatItem[] }): {
    readonly contextText: { tokenize(tokenizer: unknown): Token[] };
  };
}

/** Where `npm run local-model` puts it, seen from `src` and from `dist` alike; else the package installed beside this one. */
const PLACES: readonly string[] = [
  new URL("../../../.cache/llama/node_modules/node-llama-cpp/dist/index.js", import.meta.url).href,
  "node-llama-cpp",
];

export type LlamaStatus = { readonly available: true } | { readonly available: false; readonly problem: Problem };

/** Whether a language model can be run in this process, and how to get there where not. */
export async function llamaStatus(places?: readonly string[]): Promise<LlamaStatus> {
  try {
    await loadLlama(places);
    return { available: true };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return { available: false, problem: error.problems[0]! };
  }
}

/**
 * The package node-llama-cpp.
 * @param places modules to try, by name or URL
 * @throws UnavailableError E_LLAMA_MISSING where there is none, E_LLAMA_BROKEN where one is there and cannot be loaded
 */
export async function loadLlama(places: readonly string[] = PLACES): Promise<LlamaModule> {
  let broken: unknown;
  for (const place of places) {
    try {
      return (await import(place)) as LlamaModule;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // A package that is there may miss one of its own.
      const [missing = ""] = message.split("imported from");
      if (code !== "ERR_MODULE_NOT_FOUND" || !missing.includes(place.replace("file://", ""))) broken ??= error;
    }
  }
  const where = "a language model in this process";
  const expected = "the optional package node-llama-cpp";
  if (broken !== undefined) {
    const [got = "an error"] = String((broken as Error).message).split("\n");
    const fix = "remove .cache/llama and run: npm run local-model";
    throw new UnavailableError([{ code: "E_LLAMA_BROKEN", where, expected, got, fix }]);
  }
  const fix =
    "npm run local-model in a checkout of this tool, else: npm i --ignore-scripts --omit=optional node-llama-cpp @node-llama-cpp/linux-x64 (or the package of your platform)";
  throw new UnavailableError([{ code: "E_LLAMA_MISSING", where, expected, got: "no such package", fix }]);
}
