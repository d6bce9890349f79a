import type { Usage } from "../core/contracts.ts";
import { type Outcome, scored, type UnscoredReason, unscored } from "../core/outcome.ts";
import type { Passage } from "../core/passage.ts";
import type { Judgements } from "../core/ranking.ts";
import { formatName } from "./format.ts";
import { gradesOf, hasRelevant } from "./grades.ts";
import {
  GOLD,
  GOLD_RULES,
  type GoldRule,
  type InnerMetrics,
  type ParamSpecs,
  type ParamValue,
  type ParamValues,
  type Values,
} from "./params.ts";

/** What a metric looks at: a ranking of passages, or the text of an answer. */
export type MetricKind = "ranking" | "answer";

/**
 * `reference` metrics compare an answer with references, `grounding` metrics with the passages it was given; `refusal`
 * metrics speak of answering and declining, `text` metrics of the answer's own text.
 */
export type AnswerGroup = "reference" | "grounding" | "refusal" | "text";
export type MetricGroup = "ranking" | AnswerGroup;

/** A metric's value in a corner case: a number, the reason why there is none, or nothing special. */
export type EdgeValue = number | UnscoredReason | "unaffected";

/** All that is said about a metric before it is computed. */
export interface MetricDefinition {
  /** The word that names begin with: `nDCG`. */
  readonly name: string;
  readonly title: string;
  /** Names other tools use for the same thing; they are not accepted, but lead to this one. */
  readonly aka: readonly string[];
  readonly kind: MetricKind;
  readonly group: MetricGroup;
  /** Declared parameters by name; the cutoff is the one called `at`. */
  readonly params: ParamSpecs;
  /** Smallest and largest value a sample can have; Infinity where nothing bounds it. */
  readonly range: readonly [low: number, high: number];
  readonly better: "higher" | "lower";
  readonly unit: string;
  /** One paragraph: definition and formula. */
  readonly meaning: string;
  readonly source: string;
  /** When nothing was returned though there was something: an empty ranking, a refusal of an answerable question. */
  readonly whenEmpty: EdgeValue;
  /** When there is nothing to compare with: no relevant passage, no reference answer. */
  readonly whenNoGold: EdgeValue;
  /** The floor: value of a sample whose system failed, the worst possible. */
  readonly whenFailed: number | "not-applicable";
  /** Whether every sample is 0 or 1, so that its mean is a proportion (interval by Wilson). */
  readonly proportion: boolean;
  /** Makes the metric for complete and valid values. `parseMetric` is the way to get there from a name. */
  bind(params: ParamValues, metrics: InnerMetrics): Metric;
}

/** A metric of a ranking with all its parameters settled. */
export interface RankingMetric {
  readonly kind: "ranking";
  /** Canonical, as `formatMetric` prints it; the only key in logs, gates and reports. */
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly params: ParamValues;
  /** How many of the best hits it looks at; undefined: all. */
  readonly depth: number | undefined;
  /** Which judgements `compute` is to be given. */
  readonly gold: GoldRule;
  /**
   * @param ranked ids, best first, as `rankIds` settles them; a repeated id counts once, where it stands best
   * @param judgements all judged ids of the query, retrieved or not
   */
  compute(ranked: readonly string[], judgements: Judgements): Outcome;
}

/** What an answer metric is told about one question. */
export interface AnswerSample {
  /** The answer proper, markers parsed off. */
  readonly answer: string;
  /** Whether the answer is a refusal, as the detector decided. A refusal counts as the empty answer. */
  readonly refused: boolean;
  /** Accepted reference answers, any of which will do; undefined or empty where the dataset has none. */
  readonly references: readonly string[] | undefined;
  /** Whether the documents hold the answer. References of an unanswerable question are not looked at. */
  readonly answerable: boolean;
  /** The judged passages of the question; absent or empty where nobody has judged any. */
  readonly judgements?: Judgements;
  /** What the generator was given, best first, as an answer numbers them from 1; absent where that is not known. */
  readonly passages?: readonly Pick<Passage, "id" | "text" | "title">[];
  /** All that the system said, where that differs from the answer. */
  readonly raw?: string;
  /** Why generation ended: `stop`, `length`, or what the server said. */
  readonly finish?: string;
  readonly usage?: Usage;
}

/** What is known of a question before it is answered. */
export type QuestionGold = Pick<AnswerSample, "answerable" | "references" | "judgements">;

/** A metric of an answer with all its parameters settled. */
export interface AnswerMetric {
  readonly kind: "answer";
  readonly name: string;
  readonly definition: MetricDefinition;
  readonly params: ParamValues;
  compute(sample: AnswerSample): Outcome;
  /**
   * The outcome when the system failed on this question: the floor, or unscored where the metric would not speak of
   * it.
   */
  floor(sample: QuestionGold): Outcome;
}

export type Metric = RankingMetric | AnswerMetric;

type Declaration<S extends ParamSpecs> = Omit<MetricDefinition, "kind" | "group" | "params" | "aka" | "bind"> & {
  readonly aka?: readonly string[];
  readonly params: S;
};

/** Grades of the best hits, each id once; undefined where a hit is unjudged. */
export type Grades = readonly (number | undefined)[];

/**
 * Declares a metric of rankings. The cutoff, the removal of repeated ids and the queries with no judged or no relevant
 * passage are settled here; `compute` sees the grades of the hits that count and is called only where a value exists.
 */
export function defineRankingMetric<const S extends ParamSpecs>(
  declaration: Omit<Declaration<S>, "whenEmpty" | "whenFailed"> & {
    compute(grades: Grades, judgements: Judgements, params: Values<S>): number;
  },
): MetricDefinition {
  const { compute, ...rest } = declaration;
  const definition: MetricDefinition = {
    aka: [],
    ...rest,
    params: { ...rest.params, gold: GOLD },
    kind: "ranking",
    group: "ranking",
    whenEmpty: 0,
    whenFailed: 0,
    bind(params) {
      const values = Object.fromEntries(params) as Values<S>;
      const depth = numberOf(params.get("at"));
      const rel = numberOf(params.get("rel")) ?? 1;
      return {
        kind: "ranking",
        name: formatName(definition, params),
        definition,
        params,
        depth,
        gold: GOLD_RULES.find((rule) => rule === params.get("gold")) ?? GOLD.default,
        compute(ranked, judgements) {
          if (judgements.size === 0) return unscored("no-gold", "no passage is judged");
          if (definition.whenNoGold !== "unaffected" && !hasRelevant(judgements, rel)) {
            return unscored("not-applicable", `no passage has a grade of ${rel} or more`);
          }
          return scored(compute(gradesOf(ranked, judgements, depth), judgements, values));
        },
      };
    },
  };
  return definition;
}

/** Declares a metric of answers. */
export function defineAnswerMetric<const S extends ParamSpecs>(
  declaration: Declaration<S> & {
    readonly group: AnswerGroup;
    compute(sample: AnswerSample, params: Values<S>): Outcome;
    /** Why the metric does not speak of such a question, whatever the system does; undefined where it does. */
    excludes?(sample: QuestionGold, params: Values<S>): Outcome | undefined;
  },
): MetricDefinition {
  const { compute, excludes, ...rest } = declaration;
  const definition: MetricDefinition = {
    aka: [],
    ...rest,
    kind: "answer",
    bind(params, metrics) {
      const values = Object.fromEntries(
        Array.from(params, ([key, value]) => [key, metrics.get(key) ?? value]),
      ) as Values<S>;
      return {
        kind: "answer",
        name: formatName(definition, params),
        definition,
        params,
        compute: (sample) => excludes?.(sample, values) ?? compute(sample, values),
        floor(sample) {
          const excluded = excludes?.(sample, values);
          if (excluded !== undefined) return excluded;
          return definition.whenFailed === "not-applicable"
            ? unscored("not-applicable", "the system failed, so it neither answered nor refused")
            : scored(definition.whenFailed);
        },
      };
    },
  };
  return definition;
}

function numberOf(value: ParamValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
