import { type Static, Type } from "@sinclair/typebox";
import { words } from "./words.ts";

const strict = { additionalProperties: false } as const;

const Bm25 = Type.Object(
  {
    kind: Type.Literal("bm25"),
    k1: Type.Number({ minimum: 0, default: 1.2, description: "term frequency saturation, 0 or more" }),
    b: Type.Number({ minimum: 0, maximum: 1, default: 0.75, description: "length normalisation, 0 to 1" }),
    stop_words: words(["none", "lucene"], {
      default: "lucene",
      description: "the list of words left out: lucene (33 English words) or none",
    }),
    stemmer: words(["none", "snowball-english"], {
      default: "snowball-english",
      description: "snowball-english or none",
    }),
    title: Type.Boolean({ default: true, description: "whether a passage's title is part of its text" }),
  },
  strict,
);

const ReplayRanking = Type.Object(
  {
    kind: Type.Literal("replay"),
    file: Type.String({ minLength: 1, description: "a TREC run file, relative to the system file" }),
  },
  strict,
);

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
    base_url: Type.String({
      minLength: 1,
      description: "the server's address up to /v1; ${VAR} is read from the environment",
    }),
    api_key_env: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
        description: "the name of the variable that holds the key, never the key",
      }),
    ),
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
    timeout_s: Type.Number({ exclusiveMinimum: 0, default: 60, description: "seconds one attempt may take" }),
    max_attempts: Type.Integer({
      minimum: 1,
      maximum: 20,
      default: 4,
      description: "attempts per question, the first included",
    }),
    concurrency: Type.Integer({ minimum: 1, maximum: 512, default: 8, description: "requests in flight at most" }),
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

/** `benchmarks/systems/<id>.yaml`: the system under test. */
export const SystemSchema = Type.Object(
  {
    title: Type.Optional(Type.String({ minLength: 1, description: "a short title for tables and pages" })),
    description: Type.Optional(Type.String({ description: "what the system is" })),
    licence: Type.Optional(Type.String({ description: "the licence of the model" })),
    tags: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    retriever: Type.Optional(
      Type.Unsafe<Static<typeof Bm25> | Static<typeof ReplayRanking>>({
        type: "object",
        discriminator: { propertyName: "kind" },
        required: ["kind"],
        oneOf: [Bm25, ReplayRanking],
        description: "what ranks passages: kind bm25 or replay",
      }),
    ),
    generator: Type.Optional(
      Type.Unsafe<Static<typeof Reader> | Static<typeof OpenAi> | Static<typeof ReplayAnswers>>({
        type: "object",
        discriminator: { propertyName: "kind" },
        required: ["kind"],
        oneOf: [Reader, OpenAi, ReplayAnswers],
        description: "what answers: kind reader, openai or replay",
      }),
    ),
  },
  { additionalProperties: false, $id: "system" },
);

/** A system as its file says it, defaults filled in. */
export type SystemConfig = Static<typeof SystemSchema>;
export type Bm25Config = Static<typeof Bm25>;
export type ReplayRankingConfig = Static<typeof ReplayRanking>;
export type ReaderConfig = Static<typeof Reader>;
export type OpenAiConfig = Static<typeof OpenAi>;
export type ReplayAnswersConfig = Static<typeof ReplayAnswers>;
export type RetrieverConfig = NonNullable<SystemConfig["retriever"]>;
export type GeneratorConfig = NonNullable<SystemConfig["generator"]>;
