import type { Counts, ResultLine } from "../runlog/index.ts";

/** How far a run is. A result is one ranking, one answer or one failure. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Failures among the results, those of an interrupted run before included. */
  readonly failed: number;
  /** Refusals among the results, likewise. */
  readonly refused: number;
  /** Calls of the system going on. */
  readonly inFlight: number;
  /** Calls that were repeated since the run started or went on. */
  readonly retries: number;
  /** What the answers cost so far; absent where none says. */
  readonly usd?: number;
  /** The mean so far of the metric that is named first, over what has a value; absent before the first. */
  readonly score?: { readonly metric: string; readonly mean: number };
}

export interface RunResult {
  readonly state: "complete" | "interrupted";
  readonly run: string;
  readonly dir: string;
  readonly done: number;
  readonly total: number;
  readonly counts: Counts;
  readonly questions: number;
  /** Questions with at least one failure. */
  readonly failedQuestions: number;
  /** Which limit ended it before its end, in words. */
  readonly stopped?: string;
}

/** What happens in a run, in this order: `started` once, `progress` after each result, `finished` once. */
export type RunEvent =
  | ({ readonly type: "started"; readonly run: string; readonly dir: string } & Progress)
  | ({ readonly type: "progress"; readonly line: ResultLine } & Progress)
  | ({ readonly type: "finished" } & RunResult);
