import { type AskedQuestion, groupOf, type ResultLine } from "../../runlog/index.ts";

/** How long each question of a run took, by group: measured calls alone, of several trials the longest. */
export class MeasuredTimes {
  readonly #questions: number;
  readonly #groups = new Map<string, Float64Array>();

  constructor(questions: number) {
    this.#questions = questions;
  }

  take({ at, results }: AskedQuestion): void {
    for (const line of results) this.#add(at, line);
  }

  #add(at: number, line: ResultLine): void {
    if (line.kind === "failure" || line.timing.source !== "measured" || at >= this.#questions) return;
    const name = groupOf(line);
    const group = this.#groups.get(name) ?? new Float64Array(this.#questions).fill(Number.NaN);
    this.#groups.set(name, group);
    if (!(group[at]! >= line.timing.ms)) group[at] = line.timing.ms;
  }

  /** Milliseconds by question, NaN where nothing was measured; undefined where nothing was at all. */
  of(group: string): Float64Array | undefined {
    return this.#groups.get(group);
  }
}
