import type { AnswerRequest, Clock, Generator } from "../../core/contracts.ts";
import type { LoadRequest, LoadStep } from "../../runlog/load-record.ts";
import { timeCall } from "./time-call.ts";

export interface StepOptions {
  readonly rate: number;
  /** When requests are due, ascending, from the start of the warm-up. */
  readonly arrivals: readonly number[];
  readonly warmupMs: number;
  readonly durationMs: number;
  /** A request that is due while so many are under way is not sent, and counts as one that was not answered. */
  readonly maxInFlight: number;
}

export interface LoadDeps {
  readonly generator: Generator;
  /** What is asked, by the number of the request. */
  request(number: number): AnswerRequest;
  readonly clock: Clock;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** When it is aborted, what was measured so far is kept. */
  readonly signal: AbortSignal;
  onProgress?(progress: LoadProgress): void;
}

export interface LoadProgress {
  readonly rate: number;
  /** Requests that are over, warm-up included, of all that are due. */
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly inFlight: number;
}

/**
 * Sends requests at their times, whether or not earlier ones are answered, and waits for the last reply. A request that could
 * not go out in time has its whole delay in its latency, so that neither a stalled server nor a busy client is flattered
 * (coordinated omission: Tene, How NOT to Measure Latency, 2013).
 * @param before requests of earlier steps, so that no prompt is asked twice while there are others
 * @throws what a call throws that is not a SystemFailure
 */
export async function measureStep(options: StepOptions, before: number, deps: LoadDeps): Promise<LoadStep> {
  const { rate, arrivals, warmupMs, durationMs, maxInFlight } = options;
  const { generator, request, clock, sleep, onProgress } = deps;
  const startedAt = new Date(clock.now()).toISOString();
  const started = clock.monotonic();
  const defect = new AbortController();
  const stop = AbortSignal.any([deps.signal, defect.signal]);
  const results: (LoadRequest | undefined)[] = arrivals.map(() => undefined);
  const underWay = new Set<Promise<void>>();
  let [done, failed] = [0, 0];
  const settle = (n: number, result: LoadRequest): void => {
    results[n] = result;
    done += 1;
    if (result.state !== "answered") failed += 1;
    onProgress?.({ rate, done, total: arrivals.length, failed, inFlight: underWay.size });
  };
  const send = async (n: number, at: number): Promise<void> => {
    try {
      const due = { time: started + at, atMs: at - warmupMs };
      settle(n, await timeCall(generator, request(before + n), due, clock, stop));
    } catch (error) {
      if (!stop.aborted) defect.abort(error);
    }
  };
  for (const [n, at] of arrivals.entries()) {
    await until(started + at, clock, sleep, stop);
    if (stop.aborted) break;
    if (underWay.size >= maxInFlight) {
      settle(n, { state: "not-sent", atMs: at - warmupMs });
      continue;
    }
    const sent = send(n, at).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
  if (defect.signal.aborted) throw defect.signal.reason;
  await until(started + warmupMs + durationMs, clock, sleep, stop);
  const first = arrivals.findIndex((at) => at >= warmupMs);
  const warmup = first === -1 ? arrivals.length : first;
  const measured = results.slice(warmup);
  const requests = measured.filter((result) => result !== undefined);
  const spanMs = Math.max(0, clock.monotonic() - started - warmupMs);
  return {
    ...{ rate, startedAt, warmupMs, durationMs, requests, warmup },
    cutOff: measured.length - requests.length,
    spanMs,
  };
}

/** Waits until a moment, never less: timers may fire a fraction of a millisecond early. Ends when the signal is aborted. */
async function until(moment: number, clock: Clock, sleep: LoadDeps["sleep"], signal: AbortSignal): Promise<void> {
  for (;;) {
    const wait = moment - clock.monotonic();
    if (wait <= 0 || signal.aborted) return;
    try {
      await sleep(wait, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
