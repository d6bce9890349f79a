import type { Clock } from "../../core/contracts.ts";
import { type TwoSends, twoSends } from "./two-sends.ts";

/** When a request that has not begun to be answered is sent a second time, as a file states it. */
export interface HedgeRule {
  /** Seconds without a first byte. */
  readonly after_s?: number;
  /** In place of seconds: the percentile of the times to the first byte so far. */
  readonly percentile?: number;
  /** Of all requests, the share that may be sent twice. */
  readonly share: number;
}

const DEFAULT_PERCENTILE = 95;
/** A percentile of fewer times is none. */
const FEWEST = 20;
/** Times that are kept, the latest: a server's speed changes. */
const KEPT = 200;

export interface HedgedSend<T> extends Omit<TwoSends<T>, "wait"> {
  readonly clock: Clock;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Sends requests of one part, the slow ones twice, and counts them. */
export class Hedging {
  readonly #rule: HedgeRule;
  /** To the first byte, in milliseconds. */
  readonly #times: number[] = [];
  #learnt = 0;
  #sent = 0;
  #twice = 0;

  constructor(rule: HedgeRule) {
    this.#rule = rule;
  }

  /** How many requests were sent, second ones left out, and how many of them twice. */
  get counts(): { readonly sent: number; readonly twice: number } {
    return { sent: this.#sent, twice: this.#twice };
  }

  /** @throws the first request's error when none is answered */
  async send<T>({ first, second, signal, clock, sleep }: HedgedSend<T>): Promise<{ value: T; twice: boolean }> {
    this.#sent += 1;
    const startedAt = clock.monotonic();
    const after = this.#afterMs();
    let firstByteMs: number | undefined;
    const begun = (): void => {
      firstByteMs ??= clock.monotonic() - startedAt;
    };
    const result = await twoSends<T>({
      signal,
      first: (own, told) =>
        first(own, () => {
          begun();
          told();
        }),
      second: () => {
        // At no moment are more than their share sent twice.
        const send = this.#twice + 1 <= this.#rule.share * this.#sent ? second() : undefined;
        if (send !== undefined) this.#twice += 1;
        return send;
      },
      ...(after !== undefined && { wait: (own) => sleep(after, own) }),
    });
    // A request that was given up took at least so long: without it, slow ones would be missing and the percentile sink.
    begun();
    this.#times[this.#learnt++ % KEPT] = firstByteMs!;
    return result;
  }

  /** How long to wait for a first byte; undefined while too little is known. */
  #afterMs(): number | undefined {
    const { after_s, percentile = DEFAULT_PERCENTILE } = this.#rule;
    if (after_s !== undefined) return after_s * 1000;
    if (this.#times.length < FEWEST) return undefined;
    const sorted = this.#times.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)];
  }
}
