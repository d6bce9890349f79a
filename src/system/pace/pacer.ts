import type { Clock } from "../../core/contracts.ts";
import { UnavailableError } from "../../core/errors.ts";
import { limiter } from "../limiter.ts";
import { AdaptiveLimit } from "./adaptive-limit.ts";
import type { DayLedger } from "./day-ledger.ts";
import { Outage } from "./outage.ts";
import { rateWaitMs } from "./rate-headers.ts";
import { type Spending, WindowBudget } from "./window-budget.ts";

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
/** A process that is killed forgets what it used since. */
const REMEMBER_EVERY_MS = 2000;
const MINUTE = 60_000;
const DAY = 86_400_000;

export interface PacerOptions {
  /** The server as messages may show it. */
  readonly server: string;
  readonly concurrency: number;
  readonly rate?: Rate;
  readonly clock: Clock;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Where a day's use is kept beyond the process. @default nowhere */
  readonly ledger?: DayLedger;
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
  /** By the caller; says nothing of the server. */
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
  readonly window: WindowBudget;
  readonly of: "requests" | "tokens";
  readonly name: string;
  readonly per: "minute" | "day";
}

/**
 * Lets calls of one endpoint go, in their order: no more than its budgets allow, no more at once than it bears, none while it
 * asks to wait. Sees when it is down.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #budgets: readonly Budget[];
  readonly #limit: AdaptiveLimit;
  readonly #outage = new Outage();
  readonly #line = limiter(1);
  #waiting = 0;
  #running = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** The call that was told to wait does so by itself. */
  #pausedBy: object | undefined;
  #reason: string | undefined;
  #freed: (() => void) | undefined;
  #ended: UnavailableError | undefined;
  /** Real tokens per estimated one, learnt from replies. */
  #ratio = 1;
  #lastTokens = 0;
  #rememberedAt = Number.NEGATIVE_INFINITY;

  constructor(options: PacerOptions) {
    const { rate = {}, concurrency } = options;
    this.#options = options;
    this.#limit = new AdaptiveLimit(concurrency);
    const budget = (of: Budget["of"], per: "minute" | "day", limit: number | undefined): Budget[] =>
      limit === undefined
        ? []
        : [
            {
              of,
              window: new WindowBudget(limit, per === "minute" ? MINUTE : DAY),
              per,
              name: `${limit} ${of} a ${per}`,
            },
          ];
    this.#budgets = [
      ...budget("requests", "minute", rate.rpm),
      ...budget("tokens", "minute", rate.tpm),
      ...budget("requests", "day", rate.rpd),
      ...budget("tokens", "day", rate.tpd),
    ];
    this.#recall();
  }

  get pace(): Pace {
    const reason = this.#reason;
    return { waiting: this.#waiting, limit: this.#limit.current, ...(reason !== undefined && { reason }) };
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

  /** Why no further call is let go: it is down, asks to wait too long, or a day's budget is used up. */
  get ended(): UnavailableError | undefined {
    return this.#ended;
  }

  /** Takes notice of any reply's headers. */
  heard(headers: Pick<Headers, "get">): void {
    const { clock } = this.#options;
    this.#pause(Math.min(LONGEST_WAIT_MS, rateWaitMs(headers, this.#lastTokens, clock.now())));
  }

  async #turn(call: object, estimate: number, signal: AbortSignal): Promise<Permit> {
    const { sleep } = this.#options;
    for (;;) {
      if (this.#ended) throw this.#ended;
      if (this.#running >= this.#limit.current) {
        await this.#place(signal);
        continue;
      }
      const tokens = estimate * this.#ratio;
      const wait = this.#wait(call, tokens);
      if (wait <= 0) {
        this.#reason = undefined;
        return this.#go(call, estimate, tokens);
      }
      // Looks again now and then: an answer that took fewer tokens than it might have makes room earlier.
      await sleep(Math.min(wait, LONGEST_SLEEP_MS), signal);
    }
  }

  /** Milliseconds until budgets and pauses let a call go. @throws UnavailableError when that is too long */
  #wait(call: object, tokens: number): number {
    const now = this.#options.clock.monotonic();
    let longest = call === this.#pausedBy ? 0 : this.#pausedUntil - now;
    if (longest > 0) this.#reason = "the server asked to wait";
    for (const { window, of, name } of this.#budgets) {
      const wait = window.waitMs(of === "requests" ? 1 : tokens, now);
      if (wait <= longest) continue;
      longest = wait;
      this.#reason = `the budget of ${name}`;
      if (wait > LONGEST_WAIT_MS) throw this.#stop("E_BUDGET_USED", `the budget of ${name} used up`, soonAgain(wait));
    }
    return longest;
  }

  /** Times of the ledger are of the epoch, those of a window of this process. */
  get #epoch(): number {
    const { clock } = this.#options;
    return clock.now() - clock.monotonic();
  }

  #recall(): void {
    const days = this.#budgets.filter(({ per }) => per === "day");
    if (days.length === 0 || this.#options.ledger === undefined) return;
    const use = this.#options.ledger.load();
    for (const { window, of } of days) for (const [at, amount] of use[of]) window.take(amount, at - this.#epoch);
  }

  /** Writes down what was used of the day. */
  remember(): void {
    const { ledger, clock } = this.#options;
    if (ledger === undefined || !this.#budgets.some(({ per }) => per === "day")) return;
    const now = clock.monotonic();
    this.#rememberedAt = now;
    const used = (of: Budget["of"]): [number, number][] => {
      const day = this.#budgets.find((budget) => budget.per === "day" && budget.of === of);
      return (day?.window.spent(now) ?? []).map(({ at, amount }) => [Math.round(at + this.#epoch), amount]);
    };
    ledger.save({ requests: used("requests"), tokens: used("tokens") });
  }

  #go(call: object, estimate: number, tokens: number): Permit {
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    const taken = this.#budgets.map(({ window, of }) => window.take(of === "requests" ? 1 : tokens, startedAt));
    this.#running += 1;
    this.#lastTokens = tokens;
    if (startedAt - this.#rememberedAt >= REMEMBER_EVERY_MS) this.remember();
    return {
      end: (ending) => {
        this.#running -= 1;
        this.#freed?.();
        this.#settle(ending, call, { startedAt, estimate, tokens, taken });
      },
    };
  }

  #settle(
    ending: Ending,
    call: object,
    { startedAt, estimate, tokens, taken }: { startedAt: number; estimate: number; tokens: number; taken: Spending[] },
  ): void {
    const now = this.#options.clock.monotonic();
    if (ending.kind === "answered") {
      this.#outage.ended();
      this.#limit.good(now - startedAt, startedAt, now);
      if (ending.tokens === undefined) return;
      const real = ending.tokens;
      if (estimate > 0) this.#ratio += 0.1 * (real / estimate - this.#ratio);
      this.#budgets.forEach(({ window, of }, i) => {
        if (of === "tokens") window.settle(taken[i]!, tokens, real);
      });
    } else if (ending.kind === "failed") {
      if (ending.overloaded) this.#limit.busy(startedAt, now);
      const asked = ending.retryAfterMs ?? 0;
      if (asked > LONGEST_WAIT_MS) {
        this.#stop("E_ENDPOINT_RATE_LIMIT", `one that asks to wait ${inWords(asked)}`, soonAgain(asked));
      }
      this.#pause(asked, call);
      if (ending.alive) this.#outage.ended();
      else if (this.#outage.failed(call, startedAt, now, ending.unreached)) {
        const fix = "see that the server runs, then go on with the same command and --resume";
        this.#stop("E_ENDPOINT_DOWN", `no answer since a while; the last call: ${ending.message}`, fix);
      }
    }
  }

  /** Lets no further call go. The first reason stays. */
  #stop(code: string, got: string, fix: string): UnavailableError {
    const expected = "a server that takes further questions";
    this.#ended ??= new UnavailableError([{ code, where: this.#options.server, expected, got, fix }]);
    return this.#ended;
  }

  #pause(ms: number, by?: object): void {
    const until = this.#options.clock.monotonic() + ms;
    if (ms <= 0 || until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    this.#pausedBy = by;
  }

  /** Waits until a call ends. */
  #place(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      this.#freed = () => {
        signal.removeEventListener("abort", stop);
        this.#freed = undefined;
        resolve();
      };
    });
  }
}

function soonAgain(ms: number): string {
  return `go on in ${inWords(ms)} with the same command and --resume: nothing that is answered is asked again`;
}

/** `12 min`, `3 h 05 min`. */
export function inWords(ms: number): string {
  const minutes = Math.ceil(ms / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
