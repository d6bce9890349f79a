import { type Static, Type } from "@sinclair/typebox";
import { apiKeyEnv, askingKeys, baseUrl } from "./endpoint-keys.ts";
import { oneOfKinds } from "./one-of.ts";
import { words } from "./words.ts";

const strict = { additionalProperties: false } as const;
const tokens = { minimum: 1, maximum: 1_000_000 } as const;

const OnnxEncoder = Type.Object(
  {
    kind: Type.Literal("onnx"),
    path: Type.String({
      minLength: 1,
      description: "a sentence-transformers folder with model.onnx, relative to the system file",
    }),
    model: Type.Optional(
      Type.String({
        minLength: 1,
        description: "the ONNX file in the folder; model.onnx or onnx/model.onnx when left out",
      }),
    ),
    pooling: Type.Optional(
      words(["mean", "cls", "last"], { description: "mean, cls or last; what the folder says when left out" }),
    ),
    normalise: Type.Optional(
      Type.Boolean({ description: "whether vectors have length 1; what the folder says when left out" }),
    ),
    max_tokens: Type.Optional(
      Type.Integer({ ...tokens, description: "longest text in tokens; what the folder says when left out" }),
    ),
  },
  strict,
);

const StaticEncoder = Type.Object(
  {
    kind: Type.Literal("static"),
    path: Type.String({
      minLength: 1,
      description:
        "a Model2Vec folder, or one of sentence-transformers with StaticEmbedding, relative to the system file",
    }),
    normalise: Type.Optional(
      Type.Boolean({ description: "whether vectors have length 1; what the folder says when left out" }),
    ),
    max_tokens: Type.Optional(
      Type.Integer({ ...tokens, description: "longest text in tokens; what the folder says when left out" }),
    ),
  },
  strict,
);

const OpenAiEncoder = Type.Object(
  {
    kind: Type.Literal("openai"),
    base_url: baseUrl,
    api_key_env: apiKeyEnv,
    model: Type.String({ minLength: 1, description: "the model's name as the server lists it" }),
    dimensions: Type.Optional(
      Type.Integer({ minimum: 1, description: "length of the vectors, for models that can shorten theirs" }),
    ),
    batch_texts: Type.Integer({ minimum: 1, maximum: 4096, default: 64, description: "most texts of one request" }),
    batch_tokens: Type.Integer({
      minimum: 1,
      default: 16_384,
      description: "most tokens of one request, estimated as a third of the bytes",
    }),
    ...askingKeys,
  },
  strict,
);

/** What turns texts into vectors. */
export const EncoderSchema = oneOfKinds([OnnxEncoder, StaticEncoder, OpenAiEncoder], {
  description: "what turns texts into vectors: kind onnx, static or openai",
});

const OnnxReranker = Type.Object(
  {
    kind: Type.Literal("onnx"),
    path: Type.String({
      minLength: 1,
      description: "a cross-encoder's folder with model.onnx and tokenizer.json, relative to the system file",
    }),
    max_tokens: Type.Optional(
      Type.Integer({
        ...tokens,
        description: "longest pair of question and passage in tokens; what the folder says when left out",
      }),
    ),
    threads: Type.Optional(Type.Integer({ minimum: 1, maximum: 256, description: "all cores when left out" })),
  },
  strict,
);

const HttpReranker = Type.Object(
  {
    kind: Type.Literal("http"),
    url: Type.String({
      minLength: 1,
      description: "the whole address, such as ${RERANK_URL}/v1/rerank; ${VAR} is read from the environment",
    }),
    api_key_env: apiKeyEnv,
    model: Type.String({ minLength: 1, description: "the model's name as the server knows it" }),
    ...askingKeys,
  },
  strict,
);

/** What scores a question and a passage together. */
export const RerankerSchema = oneOfKinds([OnnxReranker, HttpReranker], {
  description: "what scores question and passage together: kind onnx or http",
});

export type EncoderConfig = Static<typeof EncoderSchema>;
export type OpenAiEncoderConfig = Static<typeof OpenAiEncoder>;
export type RerankerConfig = Static<typeof RerankerSchema>;
export type HttpRerankerConfig = Static<typeof HttpReranker>;
export type OnnxRerankerConfig = Static<typeof OnnxReranker>;
