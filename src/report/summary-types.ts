import type { Estimate } from "../core/estimate.ts";
import type { MetricGroup } from "../metric/index.ts";
import type { CalibrationNote } from "../runlog/index.ts";
import type { ContextEffect } from "./conditions/context-effect.ts";
import type { CostFigures } from "./cost/cost-figures.ts";
import type { JudgedCell } from "./judged/judged-cell.ts";
import type { LatencyFigures } from "./latency/latency-figures.ts";
import type { Lost } from "./lost/lost-answers.ts";
import type { RefusalJudged } from "./refusal/judging-text.ts";
import type { SystemCard } from "./system-card.ts";
import type { TrialSpread } from "./trials/trial-spread.ts";

/** One run as tables and pages name it. */
export interface RunHead {
  readonly run: string;
  /** The run's folder. */
  readonly dir: string;
  readonly suite: { readonly id: string; readonly title?: string };
  readonly system: { readonly id: string; readonly title?: string; readonly card?: SystemCard };
  readonly dataset: {
    readonly id: string;
    readonly split: string;
    readonly queries: number;
    readonly passages: number;
  };
  readonly conditions: readonly string[];
  readonly trials: number;
  readonly protocol: string;
  /** Interrupted: the log has no end line. Its numbers cover part of the questions, so it is shown but never ranked. */
  readonly status: "complete" | "interrupted";
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The command that makes the run again; of an interrupted run, the one that goes on with it. */
  readonly command: string;
}

/** What a table says about one metric. */
export interface MetricHead {
  /** Canonical name. */
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
  readonly range?: readonly [low: number, high: number];
  readonly proportion: boolean;
  /** `judged`: graded by a judge. `unknown`: a name this version does not know; its numbers are shown and never ranked. */
  readonly group: MetricGroup | "judged" | "unknown";
  /**
   * The judge that a column depends on, and how far it was measured against people: the one that graded it, or the one that
   * decides which answers are refusals.
   */
  readonly judge?: {
    readonly id: string;
    /** Of its rubric, or `composite`. */
    readonly criterion: string;
    readonly calibration: CalibrationNote;
    /** The other parts that the judge's model plays: `gave the answers of raft-8b`, `wrote the references`. */
    readonly alsoPlays: readonly string[];
  };
}

/** How a value stands to the best of its column; by paired evidence, never by the point value alone. */
export type Standing =
  /** The highest mean in the metric's direction. */
  | { readonly kind: "best" }
  /** The paired test does not separate it from the best. */
  | ({ readonly kind: "tied" } & Evidence)
  /** The paired test separates it from the best. */
  | ({ readonly kind: "behind" } & Evidence)
  /** Not compared: the only row, not estimable, interrupted, or no question in common with the best. */
  | { readonly kind: "unranked"; readonly reason: string };

/** The paired comparison of a row with the best row. */
export interface Evidence {
  /** Mean of (this - best) over the questions both have a value for, in the unit of the metric. */
  readonly difference: Estimate;
  /** Two-sided p-value of the paired randomization test. */
  readonly p: number;
  /** The same, adjusted by Holm over the rows compared in this column. */
  readonly pHolm: number;
}

/** Between which places of a column a row may stand. */
export interface RankInterval {
  /** 1 + the rows that are better than it by a paired test. */
  readonly low: number;
  /** `of` less the rows that are worse. */
  readonly high: number;
  /** Rows that are ranked. */
  readonly of: number;
  /** The rows, by their places in the table, that cannot be told apart from it. */
  readonly same: readonly number[];
}

/** What a paired test says of two rows of a column, by their places in the table. */
export interface PairDifference {
  readonly a: number;
  readonly b: number;
  /** The mean of a less that of b, in the unit of the metric. */
  readonly difference: number;
  /** Absent where no question speaks of how much it varies. */
  readonly interval?: readonly [low: number, high: number];
  /** Two-sided p-value of none, adjusted by Holm over its family: pairs with the best, or all others. */
  readonly pHolm: number;
  readonly apart: boolean;
}

/** One number of a table. questions = scored + failed + unscored + not applicable, where scored = n - failed. */
export interface Cell {
  readonly metric: string;
  readonly estimate: Estimate;
  /** Samples the metric does not speak of, such as refusal recall of an answerable question. */
  readonly notApplicable: number;
  readonly standing: Standing;
  /** Absent where it is not ranked, or the table has too many rows for it. */
  readonly rank?: RankInterval;
  /** Of a judge's column: what else its grades say. */
  readonly judged?: JudgedCell;
}

/** Durations of measured calls only, in milliseconds; replayed and cached ones have no latency of their own. */
export interface Latency {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
}

export interface Row {
  readonly run: RunHead;
  /** Absent in retrieval tables: a ranking does not depend on the condition. */
  readonly condition?: string;
  /** Questions of the run: the one denominator of the row. */
  readonly questions: number;
  /** Times each question was asked; a question's value is the mean over them. */
  readonly trials: number;
  /** Of questions × trials, those the system failed on. */
  readonly failed: number;
  /** Of questions × trials, those the system declined; absent in retrieval tables. */
  readonly refused?: number;
  /** Where a judge decides about refusals: of questions × trials, answers that it was not asked about or gave no verdict on. */
  readonly notJudged?: number;
  readonly noVerdict?: number;
  /** The same of the whole run, and what is to be done. */
  readonly refusals?: RefusalJudged;
  /** What got lost on the way to a score, by stage and code; absent where nothing did. */
  readonly lost?: readonly Lost[];
  /** Of questions × trials, those an interrupted run has not reached. */
  readonly absent: number;
  /** In the order of the table's metrics; undefined where the run did not measure it. */
  readonly cells: readonly (Cell | undefined)[];
  /** Per answer that reported them; in answer tables. */
  readonly tokens?: { readonly prompt: number; readonly completion: number; readonly answers: number };
  /** Of questions × trials, those answered from a cache: they are in no figure of latency or cost. */
  readonly cached: number;
  /** In answer tables, where the run's price is known. */
  readonly cost?: CostFigures;
  /** While the run answered, with whatever else went on; undefined when no call was measured. */
  readonly latency?: Latency;
  /** Of a pass of its own, one question at a time; in retrieval tables, where the run has one. */
  readonly alone?: LatencyFigures;
}

/** Rows that may be compared: one protocol, one kind of metric. */
export interface TablePart {
  /** `retrieval`: a row per system; `answers`: a row per system and condition. */
  readonly kind: "retrieval" | "answers";
  readonly metrics: readonly MetricHead[];
  readonly rows: readonly Row[];
  /** The differences of every two ranked rows, in the order of the metrics, where they were asked for. */
  readonly pairs?: readonly (readonly PairDifference[])[];
}

/** All runs of one suite under one protocol. */
export interface ProtocolTable {
  readonly protocol: string;
  /** Confidence level of all intervals, in (0, 1); 1 - level is the error rate of the marks over each column. */
  readonly level: number;
  /** What sets this protocol apart from the suite's other ones; empty when the suite has one. */
  readonly differs: readonly { readonly field: string; readonly value: string }[];
  readonly dataset: RunHead["dataset"];
  readonly parts: readonly TablePart[];
  /** Retrieval gain and loss of the runs that have conditions to compare with. */
  readonly effects: readonly ContextEffect[];
  /** What the trials and what the questions add to the uncertainty, of the runs with several trials. */
  readonly trials: readonly TrialSpread[];
  readonly interrupted: readonly RunHead[];
  /** Complete runs left out because a newer one of the same system stands in the table. */
  readonly superseded: readonly RunHead[];
}

export interface SuiteSummary {
  readonly id: string;
  readonly title?: string;
  /** Newest protocol first. */
  readonly tables: readonly ProtocolTable[];
}

/** The view model of the terminal summary and of the leaderboard. Plain data: it goes through JSON unchanged. */
export interface Summary {
  readonly suites: readonly SuiteSummary[];
}
