import { type Static, Type } from "@sinclair/typebox";
import { answerMarker, promptFile } from "./generator-keys.ts";
import { words } from "./words.ts";

/** A language model in this process: a GGUF file, run by the optional package node-llama-cpp. */
export const LocalGeneratorSchema = Type.Object(
  {
    kind: Type.Literal("local"),
    path: Type.String({ minLength: 1, description: "the model's .gguf file, relative to the system file" }),
    context_size: Type.Integer({
      minimum: 128,
      maximum: 1_048_576,
      default: 4096,
      description: "tokens that prompt and answer may have together; memory grows with it",
    }),
    temperature: Type.Number({ minimum: 0, maximum: 2, default: 0, description: "sampling temperature, 0 to 2" }),
    top_p: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1, description: "sample from the likeliest tokens of this share" }),
    ),
    max_tokens: Type.Integer({ minimum: 1, default: 256, description: "most tokens of an answer" }),
    seed: Type.Integer({
      minimum: 0,
      maximum: 4_294_967_295,
      default: 0,
      description: "start of the random numbers where temperature is above 0; the trial's number is added",
    }),
    stop: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { maxItems: 8, description: "texts before which the answer ends" }),
    ),
    confidence: Type.Boolean({
      default: false,
      description: "whether answers carry the mean log probability of their tokens; takes about a fifth more time",
    }),
    prompt: promptFile,
    system_prompt: Type.Optional(Type.String({ description: "the text of the system message" })),
    history: words(["messages", "prompt", "none"], {
      default: "messages",
      description: "how what was said before is put: as messages, by the prompt's {{#each history}}, or none",
    }),
    answer_marker: answerMarker,
    threads: Type.Integer({
      minimum: 1,
      maximum: 256,
      default: 1,
      description: "threads that compute; they wait for each other by spinning, so no more than there are idle cores",
    }),
  },
  { additionalProperties: false },
);

export type LocalGeneratorConfig = Static<typeof LocalGeneratorSchema>;
