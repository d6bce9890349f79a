import { type Static, Type } from "@sinclair/typebox";
import { EncoderSchema, RerankerSchema } from "./encoder-schema.ts";
import { httpKeys, pointer } from "./http-keys.ts";
import { oneOfKinds } from "./one-of.ts";
import { OpenAiSchema } from "./openai-schema.ts";
import { processKeys } from "./process-keys.ts";
import { VectorIndexSchema } from "./vector-index-schema.ts";
import { words } from "./words.ts";

const strict = { additionalProperties: false } as const;
const title = Type.Boolean({ default: true, description: "whether a passage's title is part of its text" });
const pointers = (description: string) => Type.Optional(pointer(`${description}; * stands for each item`));

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
    title,
  },
  strict,
);

const Dense = Type.Object(
  {
    kind: Type.Literal("dense"),
    encoder: EncoderSchema,
    index: VectorIndexSchema,
    title,
    query_prefix: Type.Optional(
      Type.String({ description: "put before a question; the encoder's own prompt when left out" }),
    ),
    passage_prefix: Type.Optional(
      Type.String({ description: "put before a passage; the encoder's own prompt when left out" }),
    ),
    threads: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 256,
        description: "threads of encoder and exact search; all cores when left out",
      }),
    ),
  },
  strict,
);

const Replay = Type.Object(
  {
    kind: Type.Literal("replay"),
    file: Type.String({ minLength: 1, description: "a file of saved rankings, relative to the system file" }),
    format: Type.Optional(
      words(["trec", "localrqa", "titles"], {
        description:
          "trec: a run file (when left out); localrqa: rows of {question, retrieved_docs}, matched by text; titles: one line of titles a question, tabs between (Hugging Face's retrieval_preds)",
      }),
    ),
    questions: Type.Optional(
      Type.String({
        minLength: 1,
        description: "titles: the file of the questions, one a line, in the order of the titles",
      }),
    ),
  },
  strict,
);

const Http = Type.Object(
  {
    kind: Type.Literal("http"),
    ...httpKeys({ params: "{{query}}, {{k}}", body: "{{json query}}, {{k}}" }),
    ids: pointers("JSON pointer to the ids, such as /hits/hits/*/_id"),
    scores: pointers("JSON pointer to the scores; the order of the reply counts when left out"),
    texts: pointers("JSON pointer to the texts, by which passages are found whose id the corpus lacks"),
    scores_are: words(["similarities", "distances"], {
      default: "similarities",
      description: "similarities: more is better; distances: less is better",
    }),
  },
  strict,
);

const Process = Type.Object({ kind: Type.Literal("process"), ...processKeys }, strict);

const alone = [Bm25, Dense, Replay, Http, Process] as const;

const Fusion = Type.Object(
  {
    kind: Type.Literal("fusion"),
    of: Type.Array(oneOfKinds(alone, { title: "retriever" }), {
      minItems: 2,
      maxItems: 8,
      description: "the retrievers whose rankings are joined: kind bm25, dense, replay, http or process",
    }),
    method: words(["convex", "rrf"], {
      default: "convex",
      description:
        "convex: the weighted mean of normalised scores; rrf: reciprocal ranks, the weighted sum of 1/(rrf_k + rank)",
    }),
    weight: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: "of two retrievers, the first one's share; the second has the rest. `bench tune` finds it",
      }),
    ),
    weights: Type.Optional(
      Type.Array(Type.Number({ minimum: 0 }), { description: "one for each retriever; equal when left out" }),
    ),
    normalise: words(["min-max", "z", "none"], {
      default: "min-max",
      description: "how convex makes scores comparable: min-max (0 to 1), z (mean 0, deviation 1) or none",
    }),
    depth: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 100,
      description: "how many passages of each retriever are joined",
    }),
    rrf_k: Type.Number({ minimum: 0, default: 60, description: "the constant of rrf" }),
  },
  strict,
);

const Rerank = Type.Object(
  {
    kind: Type.Literal("rerank"),
    of: oneOfKinds([...alone, Fusion], {
      title: "retriever",
      description: "the retriever whose ranking is ordered anew",
    }),
    depth: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 50,
      description: "how many passages are ordered anew; those after them keep their order",
    }),
    title,
    reranker: RerankerSchema,
  },
  strict,
);

const Rewrite = Type.Object(
  {
    kind: Type.Literal("rewrite"),
    of: oneOfKinds([...alone, Fusion, Rerank], {
      title: "retriever",
      description: "the retriever that is asked with the rewritten question",
    }),
    when: words(["history", "always"], {
      default: "history",
      description: "history: only questions before which something was said; always: every question",
    }),
    rewriter: OpenAiSchema,
  },
  strict,
);

/** What ranks passages. */
export const RetrieverSchema = oneOfKinds([...alone, Fusion, Rerank, Rewrite], {
  description: "what ranks passages: kind bm25, dense, fusion, rerank, rewrite, http, process or replay",
});

export type Bm25Config = Static<typeof Bm25>;
export type DenseConfig = Static<typeof Dense>;
export type ReplayRankingConfig = Static<typeof Replay>;
export type HttpRetrieverConfig = Static<typeof Http>;
export type ProcessConfig = Static<typeof Process>;
export type FusionConfig = Static<typeof Fusion>;
export type RerankConfig = Static<typeof Rerank>;
export type RewriteConfig = Static<typeof Rewrite>;
export type RetrieverConfig = Static<typeof RetrieverSchema>;
