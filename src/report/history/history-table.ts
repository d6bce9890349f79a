import type { Estimate } from "../../core/estimate.ts";
import type { HistoryEntry, MetricChange } from "../../gate/index.ts";
import type { MetricHead } from "../summary-types.ts";

/** A run of a series. Its number, from 1 for the oldest, is its place in the list + 1. */
export type HistoryRun = Omit<HistoryEntry, "metrics" | "alpha" | "horizon" | "notes">;

/** One metric under one condition of one run. */
export interface HistoryPoint extends Partial<Pick<MetricChange, "previous" | "reference" | "change">> {
  /** The run's number in the series, from 1. */
  readonly run: number;
  readonly estimate: Estimate;
  /** Answers that were refusals; absent for rankings. */
  readonly refused?: number;
}

export interface HistoryMetric {
  readonly metric: string;
  /** A condition, or `retrieval`. */
  readonly condition: string;
  readonly better: "higher" | "lower";
  readonly range?: readonly [low: number, high: number];
  /** The smallest change that matters, from the suite's gate; 0 where it names none. */
  readonly minEffect: number;
  /** Where it depends on a judge: how far the one of the newest run was measured against people. */
  readonly judged?: MetricHead;
  /** Of the runs that have it, oldest first. */
  readonly points: readonly HistoryPoint[];
}

/** Runs of another protocol, which no number of the series can be compared with. */
export interface OtherProtocol {
  readonly protocol: string;
  readonly runs: readonly string[];
  /** What differs, with the series' value and theirs. */
  readonly differs: readonly { readonly field: string; readonly here: string; readonly there: string }[];
}

/** The runs of one system on one suite. `schema` is raised when a key of the JSON form changes its meaning. */
export interface HistoryTable {
  readonly schema: 1;
  readonly suite: string;
  readonly system: string;
  readonly title?: string;
  readonly protocol: string;
  /** Of the estimates. */
  readonly level: number;
  /** The chance of any flag in a series without a change, over `horizon` runs. */
  readonly alpha: number;
  readonly horizon: number;
  /** Oldest first. */
  readonly runs: readonly HistoryRun[];
  /** The number of the first run that is shown; what came before is in the verdicts all the same. */
  readonly from: number;
  readonly metrics: readonly HistoryMetric[];
  readonly others: readonly OtherProtocol[];
  /** Runs without their end line, which are left out. */
  readonly interrupted: readonly string[];
  readonly notes: readonly string[];
}
