import { describe, expect, it } from "vitest";
import type { AnswerRequest, Generator } from "../../core/contracts.ts";
import { seeded } from "../../core/rng.ts";
import type { AnsweredRequest, LoadStep } from "../../runlog/load-record.ts";
import { arrivalTimes } from "./arrival-times.ts";
import { type LoadDeps, measureStep, type StepOptions } from "./measure-step.ts";
import { type HandClock, handClock } from "./testing/hand-clock.ts";
import { type MadeServer, madeServer } from "./testing/made-server.ts";

const requestOf = (n: number): AnswerRequest => ({
  query: { id: `q${n}`, text: "?" },
  passages: [],
  condition: "closed-book",
  trial: 0,
});

function measure(
  options: Partial<StepOptions> & { arrivals: readonly number[] },
  server: MadeServer | ((clock: HandClock) => Generator),
  more: Partial<LoadDeps> = {},
): Promise<LoadStep> {
  const clock = handClock();
  const step = { rate: 1, warmupMs: 0, durationMs: options.arrivals.at(-1)! + 1, maxInFlight: 10_000, ...options };
  const generator = typeof server === "function" ? server(clock) : madeServer(clock, server);
  const { signal } = new AbortController();
  return clock.run(measureStep(step, 0, { generator, request: requestOf, ...clock, clock, signal, ...more }));
}
const answered = ({ requests }: LoadStep): AnsweredRequest[] =>
  requests.filter((request) => request.state === "answered");
const ends = (step: LoadStep): number[] => answered(step).map(({ endMs }) => endMs);

describe("measureStep", () => {
  it("times each request from its start, streamed or whole", async () => {
    const [whole] = answered(await measure({ arrivals: [50] }, { serviceMs: 100 }));
    expect(whole).toEqual({ state: "answered", atMs: 50, lateMs: 0, endMs: 100, finish: "stop" });
    const [streamed] = answered(await measure({ arrivals: [50] }, { serviceMs: 100, tokens: 5 }));
    expect(streamed).toMatchObject({ firstTokenMs: 20, endMs: 100, tokens: 5, tokenGapMs: 20, longestGapMs: 20 });
  });

  it("sends on while nothing is answered: behind a serial server the queue builds as theory says", async () => {
    // Every 50 ms a request that takes 100: the n-th waits for n × 50 more than it should.
    const arrivals = Array.from({ length: 20 }, (_, n) => 50 * n);
    const step = await measure({ arrivals }, { serviceMs: 100, serial: true });
    expect(ends(step)).toEqual(arrivals.map((_, n) => 100 + 50 * n));
    expect(step.spanMs).toBe(2000);
  });

  it("gives the mean wait of an M/D/1 queue", async () => {
    const [serviceMs, load] = [100, 0.7];
    const arrivals = arrivalTimes("poisson", (1000 * load) / serviceMs, 1_500_000, seeded(5));
    const latencies = ends(await measure({ arrivals }, { serviceMs, serial: true }));
    const mean = latencies.reduce((a, b) => a + b, 0) / latencies.length;
    // Pollaczek-Khinchine: wait = ρ × service / (2 (1 - ρ)).
    const theory = serviceMs + (load * serviceMs) / (2 * (1 - load));
    expect(mean / theory).toBeGreaterThan(0.94);
    expect(mean / theory).toBeLessThan(1.06);
  });

  it("shows a stall in all requests due meanwhile, which a client that waits for answers would have sent but once", async () => {
    const stall = [2000, 3000] as const;
    const arrivals = arrivalTimes("constant", 20, 10_000, seeded(0));
    const open = ends(await measure({ arrivals }, { serviceMs: 10, serial: true, stall }));
    const slow = open.filter((ms) => ms > 100);
    expect(slow.length / open.length).toBeGreaterThan(0.09);
    expect(Math.max(...slow)).toBeCloseTo(985, 0);

    const clock = handClock();
    const server = madeServer(clock, { serviceMs: 10, serial: true, stall });
    const closed: number[] = [];
    await clock.run(
      (async () => {
        for (let n = 0; n < 200; n += 1) {
          const { timing } = await server.answer(requestOf(n), new AbortController().signal);
          closed.push(timing.ms);
          await clock.sleep(40, new AbortController().signal);
        }
      })(),
    );
    expect(closed.filter((ms) => ms > 100)).toHaveLength(1);
    const sorted = { open: open.toSorted((a, b) => a - b), closed: closed.toSorted((a, b) => a - b) };
    const p99 = (values: readonly number[]): number => values[Math.ceil(0.99 * values.length) - 1]!;
    expect(p99(sorted.closed)).toBe(10);
    expect(p99(sorted.open)).toBeGreaterThan(900);
  });

  it("counts what goes out late as latency: a client held up is no excuse", async () => {
    const clock = handClock();
    const generator = madeServer(clock, { serviceMs: 10 });
    let waits = 0;
    // The second wait takes 300 ms longer than asked for, as when the process gets no processor.
    const sleep: LoadDeps["sleep"] = (ms, signal) => clock.sleep(++waits === 2 ? ms + 300 : ms, signal);
    const { signal } = new AbortController();
    const options = { rate: 10, arrivals: [100, 200, 300, 400, 500], warmupMs: 0, durationMs: 600, maxInFlight: 9 };
    const step = await clock.run(measureStep(options, 0, { generator, request: requestOf, clock, sleep, signal }));
    expect(answered(step).map(({ lateMs, endMs }) => [lateMs, endMs])).toEqual([
      [0, 10],
      [300, 310],
      [200, 210],
      [100, 110],
      [0, 10],
    ]);
  });

  it("leaves the warm-up out, and goes on without a pause", async () => {
    const arrivals = [10, 20, 1000, 1010];
    const asked: number[] = [];
    const request = (n: number): AnswerRequest => {
      asked.push(n);
      return requestOf(n);
    };
    const step = await measure(
      { arrivals, warmupMs: 500, durationMs: 600 },
      { serviceMs: 600, serial: true },
      { request },
    );
    expect(step).toMatchObject({ warmup: 2, cutOff: 0, spanMs: 1910 });
    expect(answered(step).map(({ atMs, endMs }) => [atMs, endMs])).toEqual([
      [500, 810],
      [510, 1400],
    ]);
    expect(asked).toEqual([0, 1, 2, 3]);
  });

  it("counts failures by their code, with the time until they came", async () => {
    const arrivals = Array.from({ length: 6 }, (_, n) => 100 * n);
    const step = await measure({ arrivals }, { serviceMs: 30, failEach: 3 });
    expect(step.requests.filter(({ state }) => state === "failed")).toEqual([
      { state: "failed", atMs: 200, lateMs: 0, endMs: 30, code: "E_ENDPOINT_STATUS" },
      { state: "failed", atMs: 500, lateMs: 0, endMs: 30, code: "E_ENDPOINT_STATUS" },
    ]);
    expect(answered(step)).toHaveLength(4);
  });

  it("sends no more than allowed at once, and counts what it left out", async () => {
    const arrivals = Array.from({ length: 10 }, (_, n) => 10 * n);
    const step = await measure({ arrivals, maxInFlight: 3 }, { serviceMs: 55 });
    const states = step.requests.map(({ state }) => (state === "answered" ? "+" : "-")).join("");
    expect(states).toBe("+++---+++-");
  });

  it("keeps what is measured when it is stopped, and counts what it cut off", async () => {
    const stop = new AbortController();
    const arrivals = Array.from({ length: 100 }, (_, n) => 100 * n);
    const request = (n: number): AnswerRequest => {
      if (n === 5) stop.abort(new Error("Ctrl-C"));
      return requestOf(n);
    };
    const step = await measure({ arrivals }, { serviceMs: 250 }, { request, signal: stop.signal });
    // Due at 0 … 500; at 500 those of 0, 100, 200 are over.
    expect(answered(step).map(({ atMs }) => atMs)).toEqual([0, 100, 200]);
    expect(step.cutOff).toBe(97);
  });

  it("throws what is a defect and no failure of the system, once all is still", async () => {
    const broken = (clock: HandClock): Generator => ({
      async answer(_request, signal) {
        await clock.sleep(5, signal);
        throw new TypeError("x is not a function");
      },
    });
    await expect(measure({ arrivals: [0, 1, 2, 50] }, broken)).rejects.toThrow("x is not a function");
  });

  it("tells how far it is", async () => {
    const seen: string[] = [];
    await measure(
      { arrivals: [0, 10], rate: 2 },
      { serviceMs: 100 },
      {
        onProgress: ({ rate, done, total, inFlight }) => void seen.push(`${rate} ${done}/${total} ${inFlight}`),
      },
    );
    expect(seen).toEqual(["2 1/2 2", "2 2/2 1"]);
  });
});
