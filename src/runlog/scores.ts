import type { JudgedColumn } from "./grades/grade-columns.ts";
import type { RefusalJudging } from "./grades/refusal-verdicts.ts";
import type { Manifest } from "./schema.ts";

/** What a cell of a {@link ScoreColumn} holds. Its value means something under `scored` and `failed` alone. */
export const CELL = {
  /** No line yet: the run was interrupted. */
  absent: 0,
  scored: 1,
  /** The metric's floor, because the system failed. */
  failed: 2,
  /** The metric applies but there is no value: no gold, or no valid grade. */
  unscored: 3,
  /** The metric does not speak of this question. */
  notApplicable: 4,
} as const;

/** One metric over all questions and trials: cell `query * trials + trial`. */
export interface ScoreColumn {
  readonly values: Float64Array;
  /** {@link CELL} of each value. */
  readonly states: Uint8Array;
}

/**
 * Whether an answer was given: a cell of {@link ScoreGroup.answered}. Where a judge decides about refusals there is text of which
 * nobody knows yet: the judge was not asked, or gave no verdict.
 */
export const ANSWERED = { absent: 0, answered: 1, refused: 2, failed: 3, notJudged: 4, noVerdict: 5 } as const;

/** The scores of retrieval or of one condition. */
export interface ScoreGroup {
  /** `retrieval`, or a condition such as `rag@3`. */
  readonly name: string;
  /** 1 for retrieval, the run's trials for a condition. */
  readonly trials: number;
  /** By canonical metric name, in the manifest's order. */
  readonly metrics: ReadonlyMap<string, ScoreColumn>;
  /** {@link ANSWERED} per question and trial; under `retrieval`, `answered` means that a ranking came back. */
  readonly answered: Uint8Array;
  /** Failure lines by their code. */
  readonly failures: ReadonlyMap<string, number>;
  /** Latencies in milliseconds of measured calls only, in the order of the log; replayed and cached ones are not in it. */
  readonly ms: Float64Array;
  /** Of each of them, the place of its question in {@link Scores.queries}. */
  readonly msQueries: Uint32Array;
  /** Times to the first token in milliseconds, of the measured calls that streamed. */
  readonly firstTokenMs: Float64Array;
  /** Tokens over the answers that reported them. */
  readonly usage: { readonly answers: number; readonly promptTokens: number; readonly completionTokens: number };
  /**
   * US dollars per answer, where a price was named or any cost is known: `scored` where it is, `unscored` where it is not, and
   * `notApplicable` for an answer from a cache, which has none of its own. What a failure cost is not known either.
   */
  readonly cost?: ScoreColumn;
  /** Answers that came from a cache. */
  readonly cached: number;
}

/**
 * All scores of a run in columns: 9 bytes per question, trial, condition and metric, so that 10,000 questions under
 * three conditions with ten metrics take 2.7 MB.
 */
export interface Scores {
  readonly manifest: Manifest;
  readonly state: "complete" | "interrupted";
  /** SHA-256 of the log before its end line; absent while interrupted. */
  readonly sha256?: string;
  /** Ids of the questions in the dataset's order; their positions index everything else. */
  readonly queries: readonly string[];
  /** The cluster of each question, numbered from 0; absent when the suite declares its questions independent. */
  readonly clusters?: Uint32Array;
  /** `retrieval` first (where the system retrieves), then the conditions in the suite's order. */
  readonly groups: ReadonlyMap<string, ScoreGroup>;
  /** The columns that judges filled, by their names; their values are among the metrics of the groups. */
  readonly judged: ReadonlyMap<string, JudgedColumn>;
  /** Where a judge decides which answers are refusals. */
  readonly refusals?: RefusalJudging;
}

/** The name of the group that holds the ranking metrics. */
export const RETRIEVAL = "retrieval";
