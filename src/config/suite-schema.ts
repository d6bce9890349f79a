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
    point: Type.Optional(
      Type.Boolean({
        description: "true: at_least and at_most are held against the mean itself, whatever its interval",
      }),
    ),
    conditions: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: "the conditions gated; all of the suite's when left out" }),
    ),
  },
  { additionalProperties: false },
);

const Share = (description: string) => Type.Optional(Type.Number({ minimum: 0, maximum: 1, description }));

const Amount = (unit: string, description: string) =>
  Type.Optional(
    Type.Object(
      {
        max_ratio: Type.Optional(
          Type.Number({ exclusiveMinimum: 0, description: "the largest ratio of the candidate's to the baseline's" }),
        ),
        at_most: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: `the candidate's own, in ${unit}` })),
      },
      { additionalProperties: false, minProperties: 1, description },
    ),
  );

const GateBounds = Type.Object(
  {
    failed: Share("the largest share of failed questions, 0 to 1; max_failures when left out"),
    unscored: Share("the largest share of a gated metric's questions without a value, 0 to 1"),
    refusal_shift: Share("by how much the share of refused answers may move, up or down, 0 to 1"),
    latency_p95: Amount("milliseconds", "the 95th percentile of the latency of answers, measured calls only"),
    cost: Amount("US dollars", "the cost of 1,000 questions"),
  },
  { additionalProperties: false, description: "what else a candidate must keep to, under every condition" },
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
          judge: Type.Optional(
            Type.String({
              minLength: 1,
              description:
                "a judge that says of every answer whether it is a refusal, in place of phrases and patterns: one criterion, graded 0 or 1",
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
    gate: Type.Optional(
      Type.Record(Type.String(), GateLimit, {
        description: "the gated metrics, or a judge's columns such as answer-0-3/correctness, with their limits",
      }),
    ),
    gate_limits: Type.Optional(GateBounds),
  },
  { additionalProperties: false, $id: "suite" },
);

/** A suite as its file says it, defaults filled in. */
export type SuiteConfig = Static<typeof SuiteSchema>;
export type GateLimitConfig = Static<typeof GateLimit>;
export type GateBoundsConfig = Static<typeof GateBounds>;
