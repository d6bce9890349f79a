import { join } from "node:path";

/** The files of a run folder. */
export interface RunFolder {
  /** The log itself. */
  readonly log: string;
  /** The questions asked with what they are scored against, in the order of the dataset. */
  readonly questions: string;
  /** Each passage that a ranking (to the largest k) or the gold names, once. Written when the run completes. */
  readonly passages: string;
}

export function runFolder(dir: string): RunFolder {
  return {
    log: join(dir, "run.jsonl"),
    questions: join(dir, "questions.jsonl"),
    passages: join(dir, "passages.jsonl"),
  };
}
