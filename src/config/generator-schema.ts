import { type Static, Type } from "@sinclair/typebox";
import { apiKeyEnv, baseUrl, concurrency, maxAttempts, timeoutS } from "./endpoint-keys.ts";
import { oneOfKinds } from "./one-of.ts";
import { words } from "./words.ts";

const strict = { additionalProperties: false } as const;

const Reader = Type.Object(
  {
    kind: Type.Literal("reader"),
    sentences: Type.Integer({
      minimum: 1,
      maximum: 20,
      default: 1,
      description: "how many sentences an answer has at most",
    }),
    decline_below: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0,
      description: "the support, 0 to 1, below which the reader declines; `bench fit` finds it on the eval split",
    }),
    trim: Type.Boolean({
      default: true,
      description: "whether a sentence is cut down to the number, date, name or place that the question asks for",
    }),
    stop_words: words(["none", "lucene"], { default: "lucene" }),
    stemmer: words(["none", "snowball-english"], { default: "snowball-english" }),
  },
  strict,
);

const OpenAi = Type.Object(
  {
    kind: Type.Literal("openai"),
    base_url: baseUrl,
    api_key_env: apiKeyEnv,
    model: Type.String({ minLength: 1, description: "the model's name as the server lists it" }),
    temperature: Type.Number({ minimum: 0, maximum: 2, default: 0, description: "sampling temperature, 0 to 2" }),
    top_p: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    max_tokens: Type.Integer({ minimum: 1, default: 512, description: "most tokens of an answer" }),
    seed: Type.Optional(Type.Integer()),
    stop: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 4 })),
    prompt: Type.Optional(
      Type.String({
        minLength: 1,
        description: "a Handlebars file, relative to the system file; a built-in prompt when left out",
      }),
    ),
    system_prompt: Type.Optional(Type.String({ description: "the text of the system message" })),
    answer_marker: Type.Optional(
      Type.String({ minLength: 1, description: "the text after which the answer proper stands" }),
    ),
    stream: Type.Boolean({ default: true, description: "whether to stream, which gives the time to the first token" }),
    timeout_s: timeoutS,
    max_attempts: maxAttempts,
    concurrency,
  },
  strict,
);

const ReplayAnswers = Type.Object(
  {
    kind: Type.Literal("replay"),
    file: Type.String({
      minLength: 1,
      description: "a JSONL file of {query, condition?, trial?, text, refused?}, relative to the system file",
    }),
  },
  strict,
);

/** What answers, in a system file. */
export const GeneratorSchema = oneOfKinds([Reader, OpenAi, ReplayAnswers], {
  description: "what answers: kind reader, openai or replay",
});

/** A generator as the file says it, defaults filled in. */
export type GeneratorConfig = Static<typeof GeneratorSchema>;
export type ReaderConfig = Static<typeof Reader>;
export type OpenAiConfig = Static<typeof OpenAi>;
export type ReplayAnswersConfig = Static<typeof ReplayAnswers>;
