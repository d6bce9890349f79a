import { type Static, Type } from "@sinclair/typebox";
import { HttpGeneratorSchema } from "./http-generator-schema.ts";
import { LocalGeneratorSchema } from "./local-generator-schema.ts";
import { oneOfKinds } from "./one-of.ts";
import { OpenAiSchema } from "./openai-schema.ts";
import { ProcessGeneratorSchema } from "./process-generator-schema.ts";
import { ReplayAnswersSchema } from "./replay-answers-schema.ts";
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
    stop_words: words(["none", "lucene"], { default: "lucene", description: "the list of words left out, as of bm25" }),
    stemmer: words(["none", "snowball-english"], {
      default: "snowball-english",
      description: "snowball-english or none",
    }),
  },
  strict,
);

/** What answers, in a system file. */
export const GeneratorSchema = oneOfKinds(
  [Reader, OpenAiSchema, LocalGeneratorSchema, HttpGeneratorSchema, ProcessGeneratorSchema, ReplayAnswersSchema],
  { description: "what answers: kind reader, openai, local, http, process or replay" },
);

/** A generator as the file says it, defaults filled in. */
export type GeneratorConfig = Static<typeof GeneratorSchema>;
export type ReaderConfig = Static<typeof Reader>;
export type { HttpGeneratorConfig } from "./http-generator-schema.ts";
export type { LocalGeneratorConfig } from "./local-generator-schema.ts";
export type { OpenAiConfig } from "./openai-schema.ts";
export type { ProcessGeneratorConfig } from "./process-generator-schema.ts";
export type { ReplayAnswersConfig } from "./replay-answers-schema.ts";
