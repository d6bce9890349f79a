import { onnxBytes } from "../../embed/onnx-model.ts";
import { TOKENIZER } from "../../embed/testing/tiny-encoder.ts";

/**
 * A cross-encoder that can be worked by hand: the logit is the sum over all tokens of id · (1 + 10 · type), so that a token of
 * the passage counts eleven times one of the question.
 */
export function tinyCrossEncoder(changes: Readonly<Record<string, unknown>> = {}): Record<string, string | Uint8Array> {
  const pair = [
    ...TOKENIZER.post_processor.single,
    { Sequence: { id: "B", type_id: 1 } },
    { SpecialToken: { id: "[SEP]", type_id: 1 } },
  ];
  const files: Record<string, unknown> = {
    "model.onnx": sumModel(),
    "tokenizer.json": { ...TOKENIZER, post_processor: { ...TOKENIZER.post_processor, pair } },
    "tokenizer_config.json": { model_max_length: 9 },
    "config.json": {},
    ...changes,
  };
  return Object.fromEntries(
    Object.entries(files)
      .filter(([, content]) => content !== undefined)
      .map(([name, content]) => [
        name,
        content instanceof Uint8Array || typeof content === "string" ? content : JSON.stringify(content),
      ]),
  );
}

function sumModel(): Uint8Array {
  const shape = ["batch", "sequence"];
  return onnxBytes({
    name: "sum",
    opset: 17,
    inputs: ["input_ids", "attention_mask", "token_type_ids"].map((name) => ({ name, type: "int64", shape })),
    outputs: [{ name: "logits", type: "float", shape: ["batch", 1] }],
    constants: [
      { name: "ten", shape: [1], data: BigInt64Array.of(10n) },
      { name: "one", shape: [1], data: BigInt64Array.of(1n) },
      { name: "axes", shape: [1], data: BigInt64Array.of(1n) },
    ],
    nodes: [
      { op: "Mul", inputs: ["token_type_ids", "ten"], outputs: ["tens"] },
      { op: "Add", inputs: ["tens", "one"], outputs: ["factors"] },
      { op: "Mul", inputs: ["input_ids", "factors"], outputs: ["weighted"] },
      { op: "Mul", inputs: ["weighted", "attention_mask"], outputs: ["masked"] },
      { op: "Cast", inputs: ["masked"], outputs: ["floats"], attributes: { to: 1 } },
      { op: "ReduceSum", inputs: ["floats", "axes"], outputs: ["logits"], attributes: { keepdims: 1 } },
    ],
  });
}
