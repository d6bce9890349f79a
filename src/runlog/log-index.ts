import { RunningTotals } from "./running-totals.ts";
import type { Place } from "./scan-log.ts";
import type { ResultLine } from "./schema.ts";
import { RETRIEVAL } from "./scores.ts";
import type { Slots } from "./slots.ts";

const KINDS = ["retrieval", "answer", "failure"] as const;

/** How many results of each kind there are. */
export interface Counts {
  readonly retrievals: number;
  readonly answers: number;
  readonly failures: number;
}

/** Which results of a plan are there and where they stand in the log: 13 bytes a slot. */
export class LogIndex {
  readonly slots: Slots;
  readonly totals: RunningTotals;
  readonly #offsets: Float64Array;
  readonly #bytes: Uint32Array;
  /** 0 where nothing is there yet, else 1 + the position in KINDS. */
  readonly #kinds: Uint8Array;
  readonly #failedQueries: Uint8Array;
  #refused = 0;
  readonly #counts = { retrieval: 0, answer: 0, failure: 0 };

  constructor(slots: Slots) {
    this.slots = slots;
    this.totals = new RunningTotals(slots.groups.some(({ name }) => name !== RETRIEVAL));
    this.#offsets = new Float64Array(slots.size);
    this.#bytes = new Uint32Array(slots.size);
    this.#kinds = new Uint8Array(slots.size);
    this.#failedQueries = new Uint8Array(slots.queries.length);
  }

  has(slot: number): boolean {
    return this.#kinds[slot] !== 0;
  }

  place(slot: number): { readonly offset: number; readonly bytes: number } {
    return { offset: this.#offsets[slot]!, bytes: this.#bytes[slot]! };
  }

  add(slot: number, line: ResultLine, place: Pick<Place, "offset" | "bytes">): void {
    this.#offsets[slot] = place.offset;
    this.#bytes[slot] = place.bytes;
    this.#kinds[slot] = 1 + KINDS.indexOf(line.kind);
    this.#counts[line.kind] += 1;
    if (line.kind === "answer" && line.refused) this.#refused += 1;
    this.totals.add(line);
    if (line.kind === "failure") this.#failedQueries[Math.floor(slot / this.slots.perQuery)] = 1;
  }

  /** How many results are there. */
  get done(): number {
    return this.#counts.retrieval + this.#counts.answer + this.#counts.failure;
  }

  get counts(): Counts {
    return { retrievals: this.#counts.retrieval, answers: this.#counts.answer, failures: this.#counts.failure };
  }

  /** How many of the answers are refusals. */
  get refused(): number {
    return this.#refused;
  }

  /** How many questions have at least one failure. */
  get failedQueries(): number {
    return this.#failedQueries.reduce((sum, failed) => sum + failed, 0);
  }

  /** The first slots that are empty. */
  missing(most: number): number[] {
    const found: number[] = [];
    for (let slot = 0; slot < this.slots.size && found.length < most; slot += 1) {
      if (!this.has(slot)) found.push(slot);
    }
    return found;
  }
}
