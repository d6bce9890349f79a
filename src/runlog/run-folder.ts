import { join } from "node:path";

/** The files of a run folder. */
export interface RunFolder {
  /** The log itself. */
  readonly log: string;
  /** The questions asked with what they are scored against, in the order of the dataset. */
  readonly questions: string;
  /** Each passage that a ranking (to the largest k) or the gold names, once. Written when the run completes. */
  readonly passages: string;
  /** Latencies of a pass of its own (`bench run --latency`); there only where one was made. Not part of the log. */
  readonly latency: string;
}

export function runFolder(dir: string): RunFolder {
  return {
    log: join(dir, "run.jsonl"),
    questions: join(dir, "questions.jsonl"),
    passages: join(dir, "passages.jsonl"),
    latency: join(dir, "latency.jsonl"),
  };
}
