import type { ResultLine } from "./schema.ts";
import { RETRIEVAL } from "./scores.ts";
import { groupOf } from "./slots.ts";

/** Sums over a run's results as they come, for showing how it goes; reports are made from the log. */
export class RunningTotals {
  readonly #answering: boolean;
  #usd = 0;
  #priced = 0;
  #metric: string | undefined;
  #sum = 0;
  #n = 0;

  /** @param answering whether the run has conditions: then the score is of answers, else of rankings */
  constructor(answering: boolean) {
    this.#answering = answering;
  }

  add(line: ResultLine): void {
    if (line.kind === "answer" && line.cost !== undefined) {
      this.#usd += line.cost.usd;
      this.#priced += 1;
    }
    if (this.#answering === (groupOf(line) === RETRIEVAL)) return;
    this.#metric ??= Object.keys(line.outcomes)[0];
    const outcome = this.#metric === undefined ? undefined : line.outcomes[this.#metric];
    if (outcome?.state !== "scored") return;
    // What a judge has yet to decide is in no mean.
    if (line.kind === "answer" && line.ifRefused && Object.hasOwn(line.ifRefused, this.#metric!)) return;
    this.#sum += outcome.value;
    this.#n += 1;
  }

  /** What answers cost in US dollars, and how many of them say so. */
  get cost(): { readonly usd: number; readonly priced: number } {
    return { usd: this.#usd, priced: this.#priced };
  }

  /** The mean so far of the metric that the first result names first, floors of failures included; undefined before the first value. */
  get score(): { readonly metric: string; readonly mean: number } | undefined {
    return this.#n === 0 ? undefined : { metric: this.#metric!, mean: this.#sum / this.#n };
  }
}
