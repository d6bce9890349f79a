import type { CachedFrom, Cost, Timing, Usage } from "../core/contracts.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Query } from "../core/query.ts";
import type { Ranking } from "../core/ranking.ts";

/**
 * The newest version of the log. Older ones are read, newer ones refused. An added key that a reader may ignore keeps the
 * version; a key whose meaning changes raises it. Version 2 has answers whose refusal a judge decides; a log without them is
 * written as version 1, since it says the same there.
 */
export const LOG_SCHEMA = 2;

/** First line of `run.jsonl`: everything that determines the run. */
export interface Manifest {
  readonly kind: "manifest";
  readonly schema: number;
  readonly run: string;
  readonly suite: { readonly id: string; readonly sha256: string; readonly title?: string; readonly config: unknown };
  readonly dataset: {
    readonly id: string;
    readonly split: string;
    readonly sha256: string;
    readonly queries: number;
    readonly passages: number;
    /** Logs of older versions lack it. */
    readonly card?: DatasetCard;
  };
  readonly system: { readonly id: string; readonly sha256: string; readonly title?: string; readonly config: unknown };
  /** In the suite's order; empty for a system that only retrieves. */
  readonly conditions: readonly string[];
  readonly trials: number;
  /** Canonical metric names, ranking and answer metrics together. */
  readonly metrics: readonly string[];
  /** How many passages were retrieved per question; 0 for a system without a retriever. */
  readonly depth: number;
  readonly seed: number;
  /** The confidence level of the suite's intervals, in (0, 1). */
  readonly level: number;
  readonly cluster: "none" | "document";
  /** Present where a judge decides which answers are refusals. */
  readonly refusalJudge?: RefusalJudgeName;
  /** `sha256:…` of everything a number depends on besides the system; runs compare only within one protocol. */
  readonly protocol: string;
  /** The fields behind the protocol, so that a difference can be named. */
  readonly protocolFields: Readonly<Record<string, unknown>>;
  readonly code: { readonly version: string; readonly commit?: string; readonly dirty?: boolean };
  /** The price that costs were computed with, as its file names it; absent where none is named. */
  readonly price?: unknown;
  readonly machine: { readonly platform: string; readonly arch: string; readonly cpus: number; readonly node: string };
  /** Present when the run took the results of a finished one over and asked only what had failed there. */
  readonly retried?: Retried;
  /** The command that makes the run again. */
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** What a dataset says of itself: nothing that a number depends on. */
export interface DatasetCard {
  readonly title?: string;
  readonly version?: string;
  readonly license?: string;
  /** An IETF tag. */
  readonly language?: string;
  readonly description?: string;
  readonly splits: readonly string[];
  /** The questions of all splits. */
  readonly queries: number;
  /** The models that wrote the reference answers. */
  readonly referencesBy?: readonly string[];
  /** Where the data came from: any text, list or map. */
  readonly provenance?: unknown;
}

/**
 * Where a run's results come from that it did not ask for itself: all but those listed stand in the other run's log, byte for byte,
 * with the timings measured then.
 */
export interface Retried {
  /** The finished run. */
  readonly run: string;
  /** SHA-256 of its log. */
  readonly sha256: string;
  /** What had failed there and was asked again: question, `retrieval` or condition, trial. */
  readonly results: readonly (readonly [query: string, group: string, trial: number])[];
}

/** Whose grades say what is a refusal: 1 on this criterion, which has no other grade than 0 and 1. */
export interface RefusalJudgeName {
  readonly id: string;
  /** Grades of another version of the judge do not count. */
  readonly sha256: string;
  readonly criterion: string;
}

/** Outcomes by canonical metric name. */
export type Outcomes = Readonly<Record<string, Outcome>>;

export interface RetrievalLine {
  readonly kind: "retrieval";
  readonly query: string;
  /** Always 0: retrieval happens once per question, whatever the number of trials. */
  readonly trial: number;
  /** Settled: ties broken and repeated ids dropped, so that `rag@k` saw exactly the first k. */
  readonly ranking: Ranking;
  /** What was searched for in the place of the question, where a rewriter made other words of it. */
  readonly rewritten?: string;
  readonly outcomes: Outcomes;
  readonly timing: Timing;
}

export interface AnswerLine {
  readonly kind: "answer";
  readonly query: string;
  readonly condition: string;
  readonly trial: number;
  readonly text: string;
  /** All that the system said, where that differs from the text. */
  readonly raw?: string;
  /** Absent where a judge decides: in the log always, and where the log is read as long as the judge has not. */
  readonly refused?: boolean;
  /** The rule of the detector that decides: `system`, `phrase: …`, `pattern: …`, `empty`, `judge: …`, `none`. */
  readonly refusedBy: string;
  /** Where a judge decides, and the log is read: why it has not. */
  readonly undecided?: "not-judged" | "judge-failed";
  readonly finish: string;
  readonly usage?: Usage;
  /** Absent where it is not known: no price, no usage, or not measured. */
  readonly cost?: Cost;
  readonly confidence?: number;
  /** Two requests were sent for it (`hedge`); usage is that of the one that was kept, cost of both. */
  readonly hedged?: true;
  /** Ids of the passages the generator was given, best first. */
  readonly context: readonly string[];
  readonly outcomes: Outcomes;
  /**
   * Where a judge decides: those outcomes that are others if the answer is a refusal; `outcomes` has them as they are if it is
   * none. In the log alone: who reads it by `readRun` gets the outcomes that the judge's word leads to.
   */
  readonly ifRefused?: Outcomes;
  readonly timing: Timing;
  /** Where `timing.source` is `cached`. */
  readonly cachedFrom?: CachedFrom;
}

/**
 * A question the system gave no result for. `outcomes` holds the floor of every metric that speaks of the question, so
 * that a log can be summarised without its dataset. A retrieval failure also fails the rag conditions' answers.
 */
export interface FailureLine {
  readonly kind: "failure";
  readonly query: string;
  /** Absent when retrieval failed; the answers that this cost have their own lines, with `stage` "retrieval". */
  readonly condition?: string;
  readonly trial: number;
  readonly stage: "retrieval" | "answer";
  readonly code: string;
  readonly message: string;
  /** How often the system was asked, 1 or more. */
  readonly attempts: number;
  readonly outcomes: Outcomes;
}

/** Last line: the run is complete and immutable. */
export interface EndLine {
  readonly kind: "end";
  readonly status: "complete";
  readonly counts: { readonly retrievals: number; readonly answers: number; readonly failures: number };
  /** SHA-256 of the files beside the log. */
  readonly files: { readonly questions: string; readonly passages: string };
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  /** SHA-256 of all bytes before this line. */
  readonly sha256: string;
}

export type ResultLine = RetrievalLine | AnswerLine | FailureLine;
export type LogLine = Manifest | ResultLine | EndLine;

/** A line of `questions.jsonl`: a question asked, with what it is scored against. */
export interface QuestionRecord extends Omit<Query, "split"> {
  /** Best grade first, then by id. Pairs, not an object: ids are the dataset's and may be any text. */
  readonly judgements: readonly (readonly [id: string, grade: number])[];
  /**
   * Where the gold is spans: the same by the strict rule, that a passage holds the whole span. A span that no passage
   * holds stands under an id that is no passage's. Logs of older versions lack it.
   */
  readonly strict?: QuestionRecord["judgements"];
  /** Where a metric is taken by document: the judged documents with all their passages. Best grade first, then by id. */
  readonly documents?: readonly (readonly [document: string, grade: number, passages: readonly string[]])[];
}
