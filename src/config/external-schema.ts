import { type Static, Type } from "@sinclair/typebox";
import { words } from "./words.ts";

const strict = { additionalProperties: false } as const;
const Name = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });

const Source = Type.Object(
  {
    name: Name("the paper, page or repository that the numbers come from"),
    url: Type.String({ pattern: "^https?://[^\\s]+$", description: "where they can be read, http or https" }),
    date: Type.String({
      pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$",
      description: "the day they were published or read, as 2026-05-31",
    }),
    note: Type.Optional(Name("what a reader should know of them")),
  },
  { ...strict, description: "where the numbers come from" },
);

const ReportedMetric = Type.Object(
  {
    title: Type.Optional(Name("what the metric is called in full")),
    meaning: Type.Optional(Type.String({ minLength: 1, description: "what it measures, and how" })),
    better: Type.Optional(
      words(["higher", "lower"], { description: "which direction is better; higher when left out" }),
    ),
    range: Type.Optional(
      Type.Tuple([Type.Number(), Type.Number()], {
        description: "its lowest and highest value; [0, 1] where every result has counts",
      }),
    ),
  },
  strict,
);

const Result = Type.Object(
  {
    system: Name("the system, as its authors call it"),
    condition: Type.Optional(Name("how it got its context, such as rag@3")),
    metric: Name("a key of `metrics`"),
    right: Type.Optional(Type.Integer({ minimum: 0, description: "questions that count; needs n" })),
    n: Type.Optional(Type.Integer({ minimum: 1, description: "questions asked, or repetitions of a mean" })),
    mean: Type.Optional(Type.Number({ description: "the mean, in place of right" })),
    sd: Type.Optional(Type.Number({ minimum: 0, description: "the standard deviation of the n values of a mean" })),
  },
  strict,
);

/** `external/<name>.yaml`: results that others reported. */
export const ExternalSchema = Type.Object(
  {
    title: Name("what the table is called"),
    suite: Type.Optional(Name("the suite whose tables it stands below; it stands alone when left out")),
    source: Source,
    protocol: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        description: "what the numbers depend on: shots, prompt, judge, decoding, n",
      }),
    ),
    metrics: Type.Record(Type.String({ minLength: 1 }), ReportedMetric, {
      minProperties: 1,
      description: "the metrics by their names",
    }),
    results: Type.Array(Result, { minItems: 1, description: "a number of one system on one metric each" }),
  },
  { ...strict, $id: "external" },
);

/** A file of reported results as it stands. */
export type ExternalConfig = Static<typeof ExternalSchema>;
