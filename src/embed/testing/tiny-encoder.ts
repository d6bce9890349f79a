import { onnxBytes } from "../onnx-model.ts";

/** The words that the tiny encoder knows, after its special tokens. */
export const WORDS = ["red", "green", "blue", "cat", "dog"] as const;
const VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ...WORDS];

/** The vector of token number `id`: whole numbers, so that every mean can be worked by hand. */
export function tokenVector(id: number): readonly [number, number] {
  return [id, id * id];
}

/** Number of a word in the vocabulary. */
export function idOf(word: string): number {
  return VOCABULARY.indexOf(word);
}

/** `tokenizer.json`: words between white space, `[CLS]` before and `[SEP]` after, and a stale truncation and padding. */
export const TOKENIZER = {
  version: "1.0",
  truncation: { max_length: 2, strategy: "LongestFirst", stride: 0, direction: "Right" },
  padding: { strategy: { Fixed: 12 }, direction: "Right", pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" },
  added_tokens: VOCABULARY.slice(0, 4).map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: null,
  pre_tokenizer: { type: "Whitespace" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  },
  decoder: null,
  model: {
    type: "WordLevel",
    vocab: Object.fromEntries(VOCABULARY.map((word, id) => [word, id])),
    unk_token: "[UNK]",
  },
};

/** An ONNX model whose token vectors are a table's rows. @param table tokens × 2 */
export function tableModel(table: readonly number[] = VOCABULARY.flatMap((_, id) => [...tokenVector(id)])): Uint8Array {
  const shape = ["batch", "sequence"];
  return onnxBytes({
    name: "table",
    opset: 17,
    inputs: [
      { name: "input_ids", type: "int64", shape },
      { name: "attention_mask", type: "int64", shape },
    ],
    outputs: [{ name: "last_hidden_state", type: "float", shape: [...shape, 2] }],
    constants: [{ name: "table", shape: [table.length / 2, 2], data: Float32Array.from(table) }],
    nodes: [{ op: "Gather", inputs: ["table", "input_ids"], outputs: ["last_hidden_state"] }],
  });
}

const TYPE = "sentence_transformers.models";

/** The files of a sentence-transformers folder whose vectors can be worked by hand; change what a test is about. */
export function tinyEncoder(changes: Readonly<Record<string, unknown>> = {}): Record<string, string | Uint8Array> {
  const files: Record<string, unknown> = {
    "model.onnx": tableModel(),
    "tokenizer.json": TOKENIZER,
    "tokenizer_config.json": { model_max_length: 8 },
    "modules.json": [
      { idx: 0, name: "0", path: "", type: `${TYPE}.Transformer` },
      { idx: 1, name: "1", path: "1_Pooling", type: `${TYPE}.Pooling` },
    ],
    "1_Pooling/config.json": { word_embedding_dimension: 2, pooling_mode_mean_tokens: true },
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(files)
      .filter(([, content]) => content !== undefined)
      .map(([name, content]) => [name, content instanceof Uint8Array ? content : asText(content)]),
  );
}

/** A text as it is, anything else as JSON. */
function asText(content: unknown): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}
