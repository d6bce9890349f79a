/** A distribution of lengths, in words. */
export interface LengthSummary {
  readonly n: number;
  readonly mean: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Counts lengths exactly while holding one number per distinct length. */
export class Lengths {
  readonly #counts = new Map<number, number>();
  #n = 0;
  #sum = 0;

  add(length: number): void {
    this.#counts.set(length, (this.#counts.get(length) ?? 0) + 1);
    this.#n += 1;
    this.#sum += length;
  }

  /** Percentiles by the nearest rank; undefined when nothing was added. */
  summary(): LengthSummary | undefined {
    if (this.#n === 0) return undefined;
    const sorted = [...this.#counts].sort(([a], [b]) => a - b);
    const at = (share: number): number => {
      let left = Math.max(1, Math.ceil(share * this.#n));
      for (const [length, count] of sorted) {
        left -= count;
        if (left <= 0) return length;
      }
      return sorted.at(-1)![0];
    };
    const mean = this.#sum / this.#n;
    return { n: this.#n, mean, min: at(0), p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
  }
}

/** The number of words: runs of characters that are not white space. */
export function words(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(/\S+/g)) count += 1;
  return count;
}
