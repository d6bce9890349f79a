import type { AnswerMetric } from "./define.ts";

/** A parameter that a metric name may carry: `nDCG(dcg='exp-log2')@10` has `dcg` and the cutoff `at`. */
export type ParamSpec =
  | {
      readonly type: "int" | "float";
      readonly description: string;
      readonly default?: number;
      /**
       * Whether the name is incomplete without it. A parameter that is neither required nor has a default may be
       * absent.
       */
      readonly required?: boolean;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly type: "choice";
      readonly description: string;
      readonly default: string;
      readonly choices: readonly string[];
    }
  | { readonly type: "flag"; readonly description: string; readonly default: boolean }
  /** The name of another metric: one that compares an answer with references. */
  | { readonly type: "metric"; readonly description: string; readonly default: string }
  /** Several metrics of answers with their weights: `0.7 F1 + 0.3 Support`. */
  | { readonly type: "weighted"; readonly description: string; readonly required: true; readonly default?: undefined };

/** A metric and how much it counts. */
export interface WeightedMetric {
  readonly weight: number;
  readonly metric: AnswerMetric;
}

/** The metrics that stand in another metric's name, by the parameter they stand for. */
export type InnerMetrics = ReadonlyMap<string, AnswerMetric | readonly WeightedMetric[]>;

export type ParamSpecs = Readonly<Record<string, ParamSpec>>;

/** A parameter's value as it stands in the name; a metric by its canonical name. */
export type ParamValue = number | string | boolean;

/** The values of all parameters of a metric, defaults included. */
export type ParamValues = ReadonlyMap<string, ParamValue>;

/** What a metric's `compute` gets: every parameter by name, typed by its declaration; a metric as a metric. */
export type Values<S extends ParamSpecs> = { readonly [K in keyof S]: ValueOf<S[K]> };

type ValueOf<P extends ParamSpec> = P extends { readonly type: "int" | "float" }
  ? P extends { readonly default: number } | { readonly required: true }
    ? number
    : number | undefined
  : P extends { readonly type: "choice"; readonly choices: readonly (infer C)[] }
    ? C
    : P extends { readonly type: "flag" }
      ? boolean
      : P extends { readonly type: "weighted" }
        ? readonly WeightedMetric[]
        : AnswerMetric;

/** The cutoff: how many of the best hits are looked at. */
export const CUTOFF = {
  type: "int",
  description: "how many of the best hits count; without it, all",
  min: 1,
  max: 1_000_000,
} as const satisfies ParamSpec;

/** The lowest grade that counts as relevant. */
export const REL = {
  type: "int",
  description: "lowest grade that counts as relevant",
  default: 1,
  min: 1,
  max: 1000,
} as const satisfies ParamSpec;

/** The readings of the gold: what a passage must hold of a span to count as holding it, or which document it must be of. */
export const GOLD_RULES = ["lenient", "strict", "document"] as const;
export type GoldRule = (typeof GOLD_RULES)[number];

/** Which passages hold the gold. All metrics of rankings have it. */
export const GOLD = {
  type: "choice",
  description:
    "how gold that is given as spans is found in passages: lenient, a passage holds half of a span or lies half inside " +
    "it; strict, it holds the whole span, and a span that no passage holds whole counts and cannot be found. document: " +
    "any passage of a judged document (a page, a title) stands for it; its further passages count as not relevant",
  default: "lenient",
  choices: GOLD_RULES,
} as const satisfies ParamSpec;

/** Which SQuAD script's rules about empty texts hold. */
export const SQUAD = {
  type: "int",
  description:
    "rules of SQuAD 2 or 1: under 1 references that normalise to nothing are kept, two sides without words have F1 " +
    "0, and unanswerable questions are not scored",
  default: 2,
  min: 1,
  max: 2,
} as const satisfies ParamSpec;
