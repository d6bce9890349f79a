import { type Static, Type } from "@sinclair/typebox";
import { words } from "./words.ts";

const GateLimit = Type.Object(
  {
    min_effect: Type.Optional(
      Type.Number({
        minimum: 0,
        description: "the smallest difference that matters, in the metric's unit, for example 0.01",
      }),
    ),
    test: Type.Optional(
      words(["non-inferiority", "superiority"], {
        description: "non-inferiority (pass when not worse by min_effect) or superiority (pass only when better)",
      }),
    ),
    at_least: Type.Optional(
      Type.Number({ description: "an absolute floor that the estimate's lower bound must reach" }),
    ),
    at_most: Type.Optional(
      Type.Number({ description: "an absolute ceiling that the estimate's upper bound must not pass" }),
    ),
    conditions: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: "the conditions gated; all of the suite's when left out" }),
    ),
  },
  { additionalProperties: false },
);

/** `benchmarks/<id>/suite.yaml`: what is measured. */
export const SuiteSchema = Type.Object(
  {
    title: Type.Optional(Type.String({ minLength: 1, description: "a short title for tables and pages" })),
    description: Type.Optional(Type.String({ description: "what the suite is for" })),
    dataset: Type.String({ minLength: 1, description: "the name of a folder in datasets/" }),
    split: Type.String({ minLength: 1, default: "test", description: "the split whose questions are asked" }),
    conditions: Type.Array(Type.String(), {
      minItems: 1,
      default: ["rag@3", "rag@5", "rag@7"],
      description: "rag@k, oracle or closed-book",
    }),
    metrics: Type.Array(Type.String(), { minItems: 1, description: "metric names; `bench metrics` lists them" }),
    depth: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 10,
      description: "how many passages are retrieved at least; raised to the largest k and cutoff",
    }),
    trials: Type.Integer({ minimum: 1, maximum: 1000, default: 1, description: "how often each question is asked" }),
    seed: Type.Integer({ minimum: 0, default: 0, description: "the seed of all random numbers of the suite" }),
    level: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.95,
      description: "the confidence level of every interval, in (0, 1)",
    }),
    cluster: words(["none", "document"], {
      default: "none",
      description: "document when questions written from one document are not independent, else none",
    }),
    max_failures: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 0,
      description: "the share of failed questions, 0 to 1, above which `bench run` exits with 4",
    }),
    refusal: Type.Optional(
      Type.Object(
        {
          phrases: Type.Optional(
            Type.Array(Type.String({ minLength: 1 }), { description: "answers that mean a refusal" }),
          ),
          patterns: Type.Optional(
            Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
              description: "regular expressions of a refusal",
            }),
          ),
        },
        { additionalProperties: false, description: "the refusal detector; its defaults when left out" },
      ),
    ),
    alpha: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 0.5,
      default: 0.05,
      description: "the error rate of the gate over all gated metrics together (Holm)",
    }),
    gate: Type.Optional(Type.Record(Type.String(), GateLimit, { description: "the gated metrics with their limits" })),
  },
  { additionalProperties: false, $id: "suite" },
);

/** A suite as its file says it, defaults filled in. */
export type SuiteConfig = Static<typeof SuiteSchema>;
export type GateLimitConfig = Static<typeof GateLimit>;
