import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { printable } from "../lib/text.ts";
import { encoderError } from "./encoder-problem.ts";
import { isObject, readJsonObject } from "./json-file.ts";

/** The tokens of a text as the model reads them. */
export interface TokenizedText {
  readonly ids: readonly number[];
  /** Whether the text was longer than the limit and lost its end. */
  readonly truncated: boolean;
}

/** What is used of the library; its own types do not resolve under Node's module rules. */
interface HuggingFaceTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly (number | undefined)[] };
  token_to_id(token: string): number | undefined;
}

/**
 * The tokenizer of a model's folder. What `tokenizer.json` says about truncation and padding is ignored: both belong to
 * whoever saved it last, not to the model.
 */
export class TextTokenizer {
  readonly #tokenizer: HuggingFaceTokenizer;
  /** How many special tokens stand at the end of every text. */
  readonly #tail: number;
  /** The token for what the vocabulary lacks, where there is one. */
  readonly unknownId: number | undefined;

  private constructor(tokenizer: HuggingFaceTokenizer, unknownId: number | undefined) {
    this.#tokenizer = tokenizer;
    this.unknownId = unknownId;
    const bare = this.#encode("a", false);
    const whole = this.#encode("a", true);
    const before = whole.findIndex((_, at) => bare.every((id, i) => whole[at + i] === id));
    this.#tail = before < 0 ? 0 : whole.length - before - bare.length;
  }

  /** @throws DataError E_ENCODER_TOKENIZER when the folder has no `tokenizer.json`, or one that cannot be used */
  static async open(folder: string): Promise<TextTokenizer> {
    const path = join(folder, "tokenizer.json");
    const json = await readJsonObject(path, "E_ENCODER_TOKENIZER");
    if (!json) {
      const fix = "copy tokenizer.json of the model into the folder; vocab.txt alone does not say how text is split";
      throw encoderError("E_ENCODER_TOKENIZER", path, ["the model's tokenizer.json", "no such file", fix]);
    }
    const config = (await readJsonObject(join(folder, "tokenizer_config.json"), "E_ENCODER_TOKENIZER")) ?? {};
    try {
      const unknown =
        isObject(json.model) && typeof json.model.unk_token === "string" ? json.model.unk_token : undefined;
      // The library takes the unknown token of a word-level model from the configuration, which may lack it.
      const named = unknown === undefined ? config : { ...config, unk_token: unknown };
      const tokenizer = new Tokenizer({ ...json, truncation: null, padding: null }, named) as HuggingFaceTokenizer;
      return new TextTokenizer(tokenizer, unknown === undefined ? undefined : tokenizer.token_to_id(unknown));
    } catch (error) {
      const got = `one that cannot be used: ${printable((error as Error).message)}`;
      throw encoderError("E_ENCODER_TOKENIZER", path, ["a tokenizer", got, "copy the model's folder again"]);
    }
  }

  /** Tokens with the special ones; a text that is too long keeps its beginning and the last special tokens. */
  encode(text: string, maxTokens: number): TokenizedText {
    const ids = this.#encode(text, true);
    if (ids.length <= maxTokens) return { ids, truncated: false };
    const tail = Math.min(this.#tail, maxTokens);
    const end = ids.slice(ids.length - tail);
    return { ids: [...ids.slice(0, maxTokens - tail), ...end], truncated: true };
  }

  /** Tokens without special ones, all of them. */
  encodeBare(text: string): readonly number[] {
    return this.#encode(text, false);
  }

  /** What neither the vocabulary nor an unknown token covers is no token. */
  #encode(text: string, special: boolean): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: special }).ids.filter((id) => id !== undefined);
  }
}
