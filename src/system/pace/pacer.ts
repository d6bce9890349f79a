import type { Clock } from "../../core/contracts.ts";
import { UnavailableError } from "../../core/errors.ts";
import { limiter } from "../limiter.ts";
import { type Counted, EndpointState, type Stop, type Taken, type Window } from "./endpoint-state.ts";
import { rateWaitMs } from "./rate-headers.ts";

/** The budgets of an endpoint, as its file states them. */
export interface Rate {
  /** Requests and tokens a minute, requests and tokens a day. */
  readonly rpm?: number;
  readonly tpm?: number;
  readonly rpd?: number;
  readonly tpd?: number;
}

/** Longest wait for a budget or for a server that asks to wait; beyond it the run ends, and can be resumed. */
export const LONGEST_WAIT_MS = 300_000;

const LONGEST_SLEEP_MS = 1000;
const MINUTE = 60_000;
const GO_ON = "with the same command (bench run and bench probe: and --resume)";

export interface PacerOptions {
  /** The server as messages may show it. */
  readonly server: string;
  readonly concurrency: number;
  readonly rate?: Rate;
  readonly clock: Clock;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** What is known of the server, shared with the other parts that ask it. @default of its own */
  readonly endpoint?: EndpointState;
}

/** How one attempt ended. */
export type Ending =
  | { readonly kind: "answered"; readonly tokens?: number | undefined }
  | {
      readonly kind: "failed";
      /** 429, 503, or a time-out: fewer calls at once may help. */
      readonly overloaded: boolean;
      /** It answered, if only that it is too busy or that the request is wrong. */
      readonly alive: boolean;
      /** No connection came about. */
      readonly unreached: boolean;
      readonly retryAfterMs?: number | undefined;
      readonly message: string;
    }
  /** By the caller; says nothing of the server. What it may have taken stays counted. */
  | { readonly kind: "cut-off" };

/** An attempt that was let go. */
export interface Permit {
  end(ending: Ending): void;
}

/** What holds calls back at the moment. */
export interface Pace {
  /** Calls that wait for their turn. */
  readonly waiting: number;
  /** Calls that may be under way. */
  readonly limit: number;
  /** Why they wait: `the budget of 60 requests a minute`, `the server asked to wait`; absent when they do not. */
  readonly reason?: string;
}

interface Budget {
  readonly of: Counted;
  readonly per: Window;
  readonly limit: number;
}

/** How long a call would have to wait. */
interface Wait {
  readonly ms: number;
  readonly reason?: string;
  /** Set where a budget is why, and not the server's wish. */
  readonly budget?: true;
}

/**
 * Lets calls of one part to its endpoint go, in their order: no more than its budgets allow, no more at once than the server
 * bears, none while it asks to wait. Sees when it is down.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #endpoint: EndpointState;
  readonly #budgets: readonly Budget[];
  readonly #line = limiter(1);
  #waiting = 0;
  #reason: string | undefined;
  #ended: UnavailableError | undefined;
  /** Real tokens per estimated one, learnt from replies. */
  #ratio = 1;
  #lastTokens = 0;

  constructor(options: PacerOptions) {
    const { rate = {}, concurrency, clock, endpoint = new EndpointState(clock) } = options;
    this.#options = options;
    this.#endpoint = endpoint;
    endpoint.limit.raise(concurrency);
    const budget = (of: Counted, per: Window, limit: number | undefined): Budget[] =>
      limit === undefined ? [] : [{ of, per, limit }];
    this.#budgets = [
      ...budget("requests", "minute", rate.rpm),
      ...budget("tokens", "minute", rate.tpm),
      ...budget("requests", "day", rate.rpd),
      ...budget("tokens", "day", rate.tpd),
    ];
    if (this.#budgets.some(({ per }) => per === "day")) endpoint.keepDays();
  }

  get pace(): Pace {
    const reason = this.#reason;
    return { waiting: this.#waiting, limit: this.#endpoint.limit.current, ...(reason !== undefined && { reason }) };
  }

  /**
   * Waits for a call's turn.
   * @param call stands for all attempts of one question
   * @param estimate tokens it will take, prompt and answer together, as well as can be told before
   * @throws UnavailableError when the endpoint is down or a day's budget is used up
   */
  async admit(call: object, estimate: number, signal: AbortSignal): Promise<Permit> {
    this.#waiting += 1;
    try {
      return await this.#line(() => this.#turn(call, estimate, signal), signal);
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Lets a call go that is worth no wait. @returns undefined when it would have to, or when others do */
  admitNow(call: object, estimate: number): Permit | undefined {
    if (this.ended || this.#waiting > 0 || this.#endpoint.full) return undefined;
    return this.#wait(call, estimate * this.#ratio).ms > 0 ? undefined : this.#go(call, estimate);
  }

  /** Why no further call is let go: it is down, asks to wait too long, or a day's budget is used up. */
  get ended(): UnavailableError | undefined {
    const { stop } = this.#endpoint;
    if (stop) this.#ended ??= this.#unavailable(stop);
    return this.#ended;
  }

  /** Takes notice of any reply's headers. */
  heard(headers: Pick<Headers, "get">): void {
    const { clock } = this.#options;
    this.#endpoint.pause(Math.min(LONGEST_WAIT_MS, rateWaitMs(headers, this.#lastTokens, clock.now())));
  }

  async #turn(call: object, estimate: number, signal: AbortSignal): Promise<Permit> {
    const { sleep } = this.#options;
    for (;;) {
      if (this.ended) throw this.ended;
      if (this.#endpoint.full) {
        await this.#endpoint.place(signal);
        continue;
      }
      const { ms, reason, budget } = this.#wait(call, estimate * this.#ratio);
      this.#reason = reason;
      if (ms <= 0) return this.#go(call, estimate);
      if (budget && ms > LONGEST_WAIT_MS) {
        this.#ended = this.#unavailable({ code: "E_BUDGET_USED", got: `${reason} used up`, fix: soonAgain(ms) });
        throw this.#ended;
      }
      // Looks again now and then: an answer that took fewer tokens than it might have makes room earlier.
      await sleep(Math.min(ms, LONGEST_SLEEP_MS), signal);
    }
  }

  /** Until budgets and pauses let a call go. */
  #wait(call: object, tokens: number): Wait {
    const paused = this.#endpoint.pausedMs(call);
    let longest: Wait = paused > 0 ? { ms: paused, reason: "the server asked to wait" } : { ms: 0 };
    for (const { of, per, limit } of this.#budgets) {
      const ms = this.#endpoint.waitMs(of, per, limit, of === "requests" ? 1 : tokens);
      if (ms > longest.ms) longest = { ms, reason: `the budget of ${limit} ${of} a ${per}`, budget: true };
    }
    return longest;
  }

  #go(call: object, estimate: number): Permit {
    const startedAt = this.#options.clock.monotonic();
    const tokens = estimate * this.#ratio;
    const taken = this.#endpoint.take(tokens);
    this.#lastTokens = tokens;
    return {
      end: (ending) => {
        this.#endpoint.free();
        if (ending.kind === "answered") this.#answered(ending.tokens, { startedAt, estimate, tokens, taken });
        else if (ending.kind === "failed") this.#failed(ending, call, startedAt);
      },
    };
  }

  #answered(
    real: number | undefined,
    { startedAt, estimate, tokens, taken }: { startedAt: number; estimate: number; tokens: number; taken: Taken },
  ): void {
    const now = this.#options.clock.monotonic();
    this.#endpoint.outage.ended();
    this.#endpoint.limit.good(now - startedAt, startedAt, now);
    if (real === undefined) return;
    if (estimate > 0) this.#ratio += 0.1 * (real / estimate - this.#ratio);
    for (const { of, window, spending } of taken) if (of === "tokens") window.settle(spending, tokens, real);
  }

  #failed(ending: Extract<Ending, { kind: "failed" }>, call: object, startedAt: number): void {
    const { limit, outage } = this.#endpoint;
    const now = this.#options.clock.monotonic();
    if (ending.overloaded) limit.busy(startedAt, now);
    const asked = ending.retryAfterMs ?? 0;
    if (asked > LONGEST_WAIT_MS) {
      const got = `one that asks to wait ${inWords(asked)}`;
      this.#endpoint.stop ??= { code: "E_ENDPOINT_RATE_LIMIT", got, fix: soonAgain(asked) };
    }
    this.#endpoint.pause(asked, call);
    if (ending.alive) outage.ended();
    else if (outage.failed(call, startedAt, now, ending.unreached)) {
      const got = `no answer since a while; the last call: ${ending.message}`;
      this.#endpoint.stop ??= { code: "E_ENDPOINT_DOWN", got, fix: `see that the server runs, then go on ${GO_ON}` };
    }
  }

  #unavailable(stop: Stop): UnavailableError {
    const expected = "a server that takes further questions";
    return new UnavailableError([{ ...stop, where: this.#options.server, expected }]);
  }
}

function soonAgain(ms: number): string {
  return `go on in ${inWords(ms)} ${GO_ON}: nothing that is answered is asked again`;
}

/** `12 min`, `3 h 05 min`. */
export function inWords(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
