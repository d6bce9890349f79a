import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";

/** How many problems of one source are collected before reading it is given up. */
const MAX_PROBLEMS = 20;

/** Collects what is wrong with a source; nothing may be made of it once there is something. */
export class ProblemList {
  readonly #problems: Problem[] = [];

  add(...problems: readonly Problem[]): void {
    this.#problems.push(...problems.slice(0, MAX_PROBLEMS - this.#problems.length));
  }

  get isEmpty(): boolean {
    return this.#problems.length === 0;
  }

  /** Whether reading on would add nothing. */
  get isFull(): boolean {
    return this.#problems.length >= MAX_PROBLEMS;
  }

  /** @throws DataError with all problems, when there are any */
  raise(): void {
    if (!this.isEmpty) throw new DataError(this.#problems);
  }
}
