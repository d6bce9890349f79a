import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { encoderError } from "../../embed/encoder-problem.ts";
import { isObject, naturalNumber, readJsonObject } from "../../embed/json-file.ts";
import { printable } from "../../lib/text.ts";

/** A question and a passage as a cross-encoder reads them. */
export interface TokenizedPair {
  readonly ids: readonly number[];
  /** 0 for the question, 1 for the passage, as the model's template says. */
  readonly types: readonly number[];
}

interface Encoded {
  /** What neither the vocabulary nor an unknown token covers is undefined. */
  readonly ids: readonly (number | undefined)[];
  readonly token_type_ids?: readonly number[];
}

/** What is used of the library; its own types do not resolve under Node's module rules. */
interface HuggingFaceTokenizer {
  encode(
    text: string,
    options: { text_pair?: string; add_special_tokens: boolean; return_token_type_ids: boolean },
  ): Encoded;
}

/** What stands around and between the two texts, with its types. */
interface Template {
  readonly before: TokenizedPair;
  readonly between: TokenizedPair;
  readonly after: TokenizedPair;
  readonly firstType: number;
  readonly secondType: number;
}

/**
 * The tokenizer of a cross-encoder. What is too long is cut off the longer text, token by token, as sentence-transformers does
 * (`longest_first`); truncation and padding in `tokenizer.json` are ignored.
 */
export class PairTokenizer {
  readonly maxTokens: number;
  readonly #tokenizer: HuggingFaceTokenizer;
  readonly #template: Template;

  private constructor(tokenizer: HuggingFaceTokenizer, template: Template, maxTokens: number) {
    this.#tokenizer = tokenizer;
    this.#template = template;
    this.maxTokens = maxTokens;
  }

  /** @throws DataError E_ENCODER_TOKENIZER when the folder has no tokenizer for pairs */
  static async open(folder: string, maxTokens: number | undefined): Promise<PairTokenizer> {
    const path = join(folder, "tokenizer.json");
    const json = await readJsonObject(path, "E_ENCODER_TOKENIZER");
    if (!json) {
      const fix = "copy tokenizer.json of the model into the folder";
      throw encoderError("E_ENCODER_TOKENIZER", path, ["the model's tokenizer.json", "no such file", fix]);
    }
    const config = (await readJsonObject(join(folder, "tokenizer_config.json"), "E_ENCODER_TOKENIZER")) ?? {};
    const model = await readJsonObject(join(folder, "config.json"), "E_ENCODER_CONFIG");
    const limits = [maxTokens ?? naturalNumber(config.model_max_length), naturalNumber(model?.max_position_embeddings)];
    const limit = Math.min(...limits.filter((value) => value !== undefined), 8192);
    try {
      const unknown = isObject(json.model) ? json.model.unk_token : undefined;
      // The library takes the unknown token of a word-level model from the configuration, which may lack it.
      const named = typeof unknown === "string" ? { ...config, unk_token: unknown } : config;
      const tokenizer = new Tokenizer({ ...json, truncation: null, padding: null }, named) as HuggingFaceTokenizer;
      return new PairTokenizer(tokenizer, templateOf(tokenizer), limit);
    } catch (error) {
      const got = `one that cannot be used: ${printable((error as Error).message)}`;
      throw encoderError("E_ENCODER_TOKENIZER", path, ["a tokenizer for pairs", got, "copy the model's folder again"]);
    }
  }

  encode(query: string, passage: string): TokenizedPair {
    const { before, between, after, firstType, secondType } = this.#template;
    const room = Math.max(0, this.maxTokens - before.ids.length - between.ids.length - after.ids.length);
    const [first, second] = cutLongest(bare(this.#tokenizer, query), bare(this.#tokenizer, passage), room);
    return {
      ids: [...before.ids, ...first, ...between.ids, ...second, ...after.ids],
      types: [
        ...before.types,
        ...first.map(() => firstType),
        ...between.types,
        ...second.map(() => secondType),
        ...after.types,
      ],
    };
  }
}

/** Cuts the ends of two lists, always of the longer one, until both have room. */
function cutLongest(
  first: readonly number[],
  second: readonly number[],
  room: number,
): readonly [readonly number[], readonly number[]] {
  const over = first.length + second.length - room;
  if (over <= 0) return [first, second];
  const longer = Math.min(over, Math.abs(first.length - second.length));
  const rest = over - longer;
  // Of equal ones the second is cut first.
  const fromFirst = (first.length > second.length ? longer : 0) + Math.floor(rest / 2);
  return [first.slice(0, first.length - fromFirst), second.slice(0, second.length - (over - fromFirst))];
}

function bare(tokenizer: HuggingFaceTokenizer, text: string): readonly number[] {
  const { ids } = tokenizer.encode(text, { add_special_tokens: false, return_token_type_ids: false });
  return ids.filter((id) => id !== undefined);
}

/** What the post-processor adds to a pair, learned from one. */
function templateOf(tokenizer: HuggingFaceTokenizer): Template {
  const text = bare(tokenizer, "a");
  const options = { text_pair: "a", add_special_tokens: true, return_token_type_ids: true };
  const { ids: all, token_type_ids: types = all.map(() => 0) } = tokenizer.encode("a", options);
  const ids = all.filter((id) => id !== undefined);
  const starts = [...ids.keys()].filter((at) => text.length > 0 && text.every((id, i) => ids[at + i] === id));
  const [first, second] = starts;
  if (first === undefined || second === undefined || starts.length !== 2 || types.length !== ids.length) {
    throw new Error("it does not join two texts");
  }
  const part = (from: number, to: number): TokenizedPair => ({
    ids: ids.slice(from, to),
    types: types.slice(from, to),
  });
  return {
    before: part(0, first),
    between: part(first + text.length, second),
    after: part(second + text.length, ids.length),
    firstType: types[first]!,
    secondType: types[second]!,
  };
}
