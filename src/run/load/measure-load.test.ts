import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { countGood, type LoadStep } from "../../runlog/load-record.ts";
import { arrivalTimes } from "./arrival-times.ts";
import { type LoadPlan, measureLoad } from "./measure-load.ts";
import { handClock } from "./testing/hand-clock.ts";
import { type MadeServer, madeServer } from "./testing/made-server.ts";

const PLAN: LoadPlan = {
  rates: [1],
  arrivals: "poisson",
  warmupMs: 5000,
  durationMs: 60_000,
  maxInFlight: 1000,
  seed: 0,
  limits: { endMs: 300 },
  share: 0.95,
};

function measure(plan: Partial<LoadPlan>, server: MadeServer, asked: number[] = []): Promise<LoadStep[]> {
  const clock = handClock();
  const { signal } = new AbortController();
  const request = (n: number) => {
    asked.push(n);
    return { query: { id: String(n), text: "?" }, passages: [], condition: "closed-book", trial: 0 };
  };
  return clock.run(
    measureLoad(
      { ...PLAN, ...plan },
      { generator: madeServer(clock, server), request, clock, sleep: clock.sleep, signal },
    ),
  );
}

/** The share of an M/D/1 queue's customers that are out within a limit, by Lindley's recursion over many. */
function shareWithin(limitMs: number, rate: number, serviceMs: number): number {
  let [wait, last, good, count] = [0, 0, 0, 0];
  for (const at of arrivalTimes("poisson", rate, 20_000_000, seeded("lindley"))) {
    wait = Math.max(0, wait + serviceMs - (at - last));
    last = at;
    count += 1;
    if (wait + serviceMs <= limitMs) good += 1;
  }
  return good / count;
}

describe("measureLoad", () => {
  it("measures the rates in their order, each when the one before is over, and asks nothing twice", async () => {
    const asked: number[] = [];
    const steps = await measure({ rates: [2, 1, 4] }, { serviceMs: 50 }, asked);
    expect(steps.map(({ rate }) => rate)).toEqual([2, 1, 4]);
    expect(asked).toEqual(Array.from(asked.keys()));
    const starts = steps.map(({ startedAt }) => Date.parse(startedAt));
    expect(starts[1]! - starts[0]!).toBeGreaterThanOrEqual(65_000);
  });

  it("finds the knee of an M/D/1 server where queueing theory has it", async () => {
    const serviceMs = 100;
    const steps = await measure(
      { rates: { auto: 1 }, durationMs: 400_000, warmupMs: 20_000 },
      { serviceMs, serial: true },
    );
    const goodput = ({ rate, requests }: LoadStep): [number, boolean] => [
      rate,
      countGood({ requests }, PLAN.limits) >= 0.95 * requests.length,
    ];
    const tried = steps.map(goodput).sort(([a], [b]) => a - b);
    const knee = tried.filter(([, borne]) => borne).at(-1)![0];
    const next = tried.find(([, borne]) => !borne)![0];
    expect(next / knee).toBeLessThan(1.21);
    // Of the true share at the two rates, one is above the limit and one below, but for the noise of a few thousand requests.
    expect(shareWithin(300, knee, serviceMs)).toBeGreaterThan(0.94);
    expect(shareWithin(300, next, serviceMs)).toBeLessThan(0.96);
    // At 1 … 4 a second a serial server of 100 ms has room; at 8 its queue is 2.5 long on average.
    expect(knee).toBeGreaterThan(4);
    expect(next).toBeLessThan(8.1);
  });

  it("is the same each time for one seed", async () => {
    const shape = async (seed: number) =>
      (await measure({ rates: [1, 2], seed }, { serviceMs: 300, serial: true })).map(({ requests }) => requests);
    expect(await shape(1)).toEqual(await shape(1));
    expect(await shape(1)).not.toEqual(await shape(2));
  });

  it("goes on from a rate so low that nothing was due, but does not search from there", async () => {
    const rates = async (wanted: LoadPlan["rates"]) =>
      (await measure({ rates: wanted, arrivals: "constant" }, { serviceMs: 50 })).map(({ rate }) => rate);
    expect(await rates([0.001, 1])).toEqual([0.001, 1]);
    expect(await rates({ auto: 0.001 })).toEqual([0.001]);
  });

  it("ends where a rate brings no answer at all", async () => {
    const steps = await measure({ rates: [1, 2, 4] }, { serviceMs: 50, failEach: 1 });
    expect(steps.map(({ rate }) => rate)).toEqual([1]);
    expect(steps[0]!.requests.length).toBeGreaterThan(40);
  });
});
