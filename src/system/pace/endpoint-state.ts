import type { Clock } from "../../core/contracts.ts";
import { AdaptiveLimit } from "./adaptive-limit.ts";
import type { DayLedger } from "./day-ledger.ts";
import { Outage } from "./outage.ts";
import { type Spending, WindowUse } from "./window-use.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** A process that is killed forgets what it used since. */
const REMEMBER_EVERY_MS = 2000;

/** What is counted, and in which window. */
export type Counted = "requests" | "tokens";
export type Window = "minute" | "day";
const USES = [
  ["requests", "minute"],
  ["tokens", "minute"],
  ["requests", "day"],
  ["tokens", "day"],
] as const;

/** Why a server gets no further call, as the parts of a message. */
export interface Stop {
  readonly code: string;
  readonly got: string;
  readonly fix: string;
}

/** What a call took of the windows, to be settled when the real number of tokens is known. */
export type Taken = readonly { readonly of: Counted; readonly window: WindowUse; readonly spending: Spending }[];

/**
 * What is true of one server whoever asks it: what was used of it, how many calls are under way, for how long it asks to be left
 * alone, whether it is down. All parts with the same address and key share it, each through a pacer of its own.
 */
export class EndpointState {
  readonly limit = new AdaptiveLimit(1);
  readonly outage = new Outage();
  /** The first reason stays. */
  stop: Stop | undefined;
  running = 0;
  readonly #clock: Clock;
  readonly #ledger: DayLedger | undefined;
  readonly #uses = USES.map(([of, per]) => ({ of, per, window: new WindowUse(per === "minute" ? MINUTE : DAY) }));
  readonly #waiting = new Set<() => void>();
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** The call that was told to wait does so by itself. */
  #pausedBy: object | undefined;
  #daily = false;
  #rememberedAt = Number.NEGATIVE_INFINITY;

  /** @param ledger where a day's use is kept beyond the process; nowhere when left out */
  constructor(clock: Clock, ledger?: DayLedger) {
    this.#clock = clock;
    this.#ledger = ledger;
    const use = ledger?.load();
    for (const { of, window } of use === undefined ? [] : this.#ofDay()) {
      for (const [at, amount] of use![of]) window.take(amount, at - this.#epoch);
    }
  }

  /** Says that a part has a budget a day, so that use is written down. */
  keepDays(): void {
    this.#daily = true;
  }

  /** Milliseconds until a call fits under a limit. */
  waitMs(of: Counted, per: Window, limit: number, amount: number): number {
    const use = this.#uses.find((one) => one.of === of && one.per === per)!;
    return use.window.waitMs(amount, limit, this.#clock.monotonic());
  }

  /** Counts a call that begins. */
  take(tokens: number): Taken {
    const now = this.#clock.monotonic();
    const taken = this.#uses.map(({ of, window }) => ({
      of,
      window,
      spending: window.take(of === "requests" ? 1 : tokens, now),
    }));
    this.running += 1;
    if (now - this.#rememberedAt >= REMEMBER_EVERY_MS) this.remember();
    return taken;
  }

  /** A call has ended. */
  free(): void {
    this.running -= 1;
    for (const go of [...this.#waiting]) go();
  }

  get full(): boolean {
    return this.running >= this.limit.current;
  }

  /** Waits until a call ends. */
  place(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const left = (): void => {
        signal.removeEventListener("abort", stop);
        this.#waiting.delete(go);
      };
      const stop = (): void => {
        left();
        reject(signal.reason);
      };
      const go = (): void => {
        left();
        resolve();
      };
      this.#waiting.add(go);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  /** Lets no call go for so long, but for the one that was told and waits by itself. */
  pause(ms: number, by?: object): void {
    const until = this.#clock.monotonic() + ms;
    if (ms <= 0 || until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    this.#pausedBy = by;
  }

  pausedMs(call: object): number {
    return call === this.#pausedBy ? 0 : Math.max(0, this.#pausedUntil - this.#clock.monotonic());
  }

  /** Writes down what was used of the day, where a budget a day is stated. */
  remember(): void {
    if (this.#ledger === undefined || !this.#daily) return;
    const now = this.#clock.monotonic();
    this.#rememberedAt = now;
    const used = (of: Counted): [number, number][] => {
      const { window } = this.#ofDay().find((use) => use.of === of)!;
      return window.spent(now).map(({ at, amount }) => [Math.round(at + this.#epoch), amount]);
    };
    this.#ledger.save({ requests: used("requests"), tokens: used("tokens") });
  }

  #ofDay() {
    return this.#uses.filter(({ per }) => per === "day");
  }

  /** Times of the ledger are of the epoch, those of a window of this process. */
  get #epoch(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }
}
