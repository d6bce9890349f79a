import { seeded } from "../../core/rng.ts";
import { type Arrivals, countGood, type LoadLimits, type LoadStep } from "../../runlog/load-record.ts";
import { arrivalTimes } from "./arrival-times.ts";
import { type LoadDeps, measureStep } from "./measure-step.ts";
import { nextRate } from "./next-rate.ts";

export interface LoadPlan {
  /** Requests per second, one step each in this order; `auto` looks for the highest that is borne, from this one on. */
  readonly rates: readonly number[] | { readonly auto: number };
  readonly arrivals: Arrivals;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly maxInFlight: number;
  readonly seed: number;
  readonly limits: LoadLimits;
  /** The share of requests answered within the limits at which a rate is borne. */
  readonly share: number;
}

/**
 * Measures one step after the other, each when all replies of the one before are there. Ends early when none of a step's requests
 * is answered, and when the signal is aborted: the step under way is then the last, as far as it came.
 */
export async function measureLoad(plan: LoadPlan, deps: LoadDeps): Promise<LoadStep[]> {
  const { rates, arrivals: kind, warmupMs, durationMs, maxInFlight, limits, share } = plan;
  const rng = seeded(plan.seed).fork("load");
  const steps: LoadStep[] = [];
  let sent = 0;
  for (;;) {
    const rate = "auto" in rates ? nextRate(rates.auto, steps.map(triedBy(limits, share))) : rates[steps.length];
    if (rate === undefined) return steps;
    const arrivals = arrivalTimes(kind, rate, warmupMs + durationMs, rng.fork(String(rate)));
    const step = await measureStep({ rate, arrivals, warmupMs, durationMs, maxInFlight }, sent, deps);
    sent += arrivals.length;
    steps.push(step);
    if (deps.signal.aborted || hopeless(step, "auto" in rates)) return steps;
  }
}

/** No answer at all; in a search for the knee also no request: what is not measured says nothing of the next rate. */
function hopeless({ requests }: LoadStep, searching: boolean): boolean {
  return requests.length === 0 ? searching : !requests.some(({ state }) => state === "answered");
}

function triedBy(limits: LoadLimits, share: number) {
  return (step: LoadStep) => ({
    rate: step.rate,
    borne: step.requests.length > 0 && countGood(step, limits) >= share * step.requests.length,
  });
}
