import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";

const SHOWN = 50;

/** Collects what is wrong with a file: all is counted, the first 50 are kept, so that a file of the wrong kind stays readable. */
export class ProblemList {
  readonly #code: string;
  readonly #file: string;
  readonly #problems: Problem[] = [];
  #count = 0;

  constructor(code: string, file: string) {
    this.#code = code;
    this.#file = file;
  }

  add(line: number, problem: Omit<Problem, "code" | "where">): void {
    this.addAll([{ code: this.#code, where: `${this.#file}:${line}`, ...problem }]);
  }

  addAll(problems: readonly Problem[]): void {
    this.#count += problems.length;
    this.#problems.push(...problems.slice(0, SHOWN - this.#problems.length));
  }

  /** @throws DataError when there is any problem */
  throwIfAny(): void {
    if (this.#count === 0) return;
    const more = this.#count - this.#problems.length;
    const rest: Problem = {
      code: this.#code,
      where: this.#file,
      expected: "no further problem",
      got: `${more} more`,
      fix: "correct those above and try again",
    };
    throw new DataError(more > 0 ? [...this.#problems, rest] : this.#problems);
  }
}

/** What to throw when reading failed: the system's error as a problem, anything else as it is. */
export function unreadable(code: string, file: string, error: unknown): unknown {
  const got = (error as NodeJS.ErrnoException).code;
  if (typeof got !== "string") return error;
  return new DataError([
    { code, where: file, expected: "a readable file", got, fix: "check the path in the system file" },
  ]);
}

/** A line that is no text, as the parts of a problem. */
export function unreadableLine(error: "too-long" | "not-utf8", bytes: number): Omit<Problem, "code" | "where"> {
  return error === "too-long"
    ? { expected: "a line of at most 16 MiB", got: `${bytes} bytes`, fix: "shorten the line or split it" }
    : { expected: "UTF-8 text", got: "other bytes", fix: "save the file as UTF-8" };
}
