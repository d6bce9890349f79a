import type { Manifest } from "../../runlog/index.ts";
import type { ComparedMetric } from "../compare/index.ts";
import type { FieldDifference } from "../differing-fields.ts";
import type { RunName } from "../verdict.ts";

/** A metric that is not what it was. */
export interface Change {
  readonly verdict: "better" | "worse";
  /** `step`: it differs from the run before; `drift`: it differs from the reference alone, which it left in smaller steps. */
  readonly kind: "step" | "drift";
  /** The run that it differs from: the one before, or the reference. */
  readonly since: string;
}

/** One metric under one condition of a run, against earlier ones. */
export interface MetricChange {
  readonly metric: string;
  readonly condition: string;
  /** Against the run before that has the metric. */
  readonly previous: ComparedMetric & { readonly against: string };
  /** Against the reference, where that is another run. */
  readonly reference?: ComparedMetric & { readonly against: string };
  readonly change?: Change;
}

/** A run of a series, against those before it. */
export interface HistoryEntry {
  readonly run: RunName;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** How many questions are compared. */
  readonly questions: number;
  /** Where a person accepted it, it is what later runs are held against. */
  readonly accepted: boolean;
  /** The error rate of a series without a change, over `horizon` runs; one run's verdicts together have alpha / horizon. */
  readonly alpha: number;
  readonly horizon: number;
  /** How many differences were decided together. */
  readonly compared: number;
  /** In what the system's configuration differs from that of the run before. */
  readonly config: readonly FieldDifference[];
  readonly code: Manifest["code"];
  /** Empty for the first run. */
  readonly metrics: readonly MetricChange[];
  readonly notes: readonly string[];
}
