import type { Clock } from "../core/contracts.ts";
import { UsageError } from "../core/errors.ts";
import type { Reply } from "./ask-question.ts";

/** When a run ends although questions are left; what is under way is finished, and the run can be resumed. */
export interface RunLimits {
  /** Since the run started or went on. */
  readonly maxTimeMs?: number;
  /** Of all its answers, those before it went on included. */
  readonly maxUsd?: number;
}

/** Sees when a limit is reached. */
export class LimitWatch {
  readonly #limits: RunLimits;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #usd: number;
  #priced: number;
  #reached: string | undefined;

  /** @param before what the answers that are in the log cost, and how many of them say so */
  constructor(limits: RunLimits, clock: Clock, before: { readonly usd: number; readonly priced: number }) {
    this.#limits = limits;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#usd = before.usd;
    this.#priced = before.priced;
  }

  /** Takes a result's cost. @throws UsageError (E_COST_UNKNOWN) when there is a limit and an answer does not say what it cost */
  add(reply: Reply): void {
    if (reply.kind !== "answer") return;
    if (reply.cost !== undefined) {
      this.#usd += reply.cost.usd;
      this.#priced += 1;
    } else if (this.#limits.maxUsd !== undefined && reply.timing.source === "measured") throw costUnknown(reply.query);
  }

  /**
   * Whether no further call may begin. For the cost, those under way are counted with what one cost on average, so that a limit
   * is not passed by as many answers as are asked for at once.
   * @returns which limit it is, in words; undefined as long as there is none
   */
  reached(inFlight: number): string | undefined {
    const { maxTimeMs, maxUsd } = this.#limits;
    const likely = this.#usd + (this.#priced > 0 ? (inFlight * this.#usd) / this.#priced : 0);
    if (maxTimeMs !== undefined && this.#clock.monotonic() - this.#startedAt >= maxTimeMs) {
      this.#reached ??= "its time (--max-time) is over";
    }
    if (maxUsd !== undefined && likely >= maxUsd)
      this.#reached ??= `it cost ${this.#usd.toFixed(2)} USD of --max-cost ${maxUsd}`;
    return this.#reached;
  }
}

function costUnknown(query: string): UsageError {
  return new UsageError({
    code: "E_COST_UNKNOWN",
    where: "--max-cost",
    expected: "answers whose cost is known",
    got: `none for question ${JSON.stringify(query)}`,
    fix: "give the system a price, or see that its server reports usage; or leave --max-cost out",
  });
}
