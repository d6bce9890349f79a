/** How many times the usual latency counts as a server that is overloaded. */
const SLOW = 3;
/** What is left of the limit after a reply that says "too many", and after a window of slow ones. */
const BUSY_SHARE = 0.7;
const SLOW_SHARE = 0.9;
/** Replies whose median is one look at the latency. */
const FEWEST = 16;

/**
 * How many calls may be under way: as many as allowed, fewer while the server says that it is too busy (429, 503, a time-out)
 * or its latency grows, one more for each round of good replies: additive increase, multiplicative decrease.
 */
export class AdaptiveLimit {
  #max: number;
  #limit: number;
  #good = 0;
  #loweredAt = Number.NEGATIVE_INFINITY;
  #latencies: number[] = [];
  /** The lowest median seen, forgotten slowly: prompts of another condition may take longer. */
  #usual = Number.POSITIVE_INFINITY;

  /** @param max >= 1, also where it starts */
  constructor(max: number) {
    this.#max = max;
    this.#limit = max;
  }

  get current(): number {
    return Math.floor(this.#limit);
  }

  get max(): number {
    return this.#max;
  }

  /** Allows so many at least: another part with more calls at once asks the same server. */
  raise(max: number): void {
    this.#limit += Math.max(0, max - this.#max);
    this.#max = Math.max(this.#max, max);
  }

  /** @param startedAt when the call began: those that began before the limit was lowered say nothing new */
  busy(startedAt: number, now: number): void {
    this.#lower(BUSY_SHARE, startedAt, now);
  }

  good(ms: number, startedAt: number, now: number): void {
    this.#latencies.push(ms);
    if (this.#latencies.length >= Math.max(FEWEST, this.current)) {
      const median = this.#latencies.sort((a, b) => a - b)[this.#latencies.length >> 1]!;
      this.#latencies = [];
      if (median > SLOW * this.#usual) this.#lower(SLOW_SHARE, startedAt, now);
      this.#usual = Math.min(this.#usual * 1.05, Math.max(1, median));
    }
    this.#good += 1;
    if (this.#good < this.current) return;
    this.#good = 0;
    this.#limit = Math.min(this.#max, this.current + 1);
  }

  #lower(share: number, startedAt: number, now: number): void {
    if (startedAt < this.#loweredAt) return;
    this.#limit = Math.max(1, this.#limit * share);
    this.#loweredAt = now;
    this.#good = 0;
  }
}
