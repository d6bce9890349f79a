/** One thing wrong with an input: where it is, what was expected there, what was found, and what to do about it. */
export interface Problem {
  /** Stable identifier, for example `E_DATASET_ROW`; scripts may match on it. */
  readonly code: string;
  /** File with line and pointer where known: `datasets/faire/queries.jsonl:412 /answers/0`. */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  /** The next thing to do, as an instruction. */
  readonly fix: string;
}

/** Prints a problem as the three lines users see; control characters in quoted input are made visible. */
export function formatProblem(problem: Problem): string {
  const { where, code, expected, got, fix } = problem;
  return visible(`${where} (${code})\n  expected ${expected}, got ${got}\n  fix: ${fix}`);
}

function visible(text: string): string {
  return text.replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
