import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadLimits, LoadRecord } from "../../runlog/load-record.ts";
import { isGood } from "../../runlog/load-record.ts";
import { quantileInterval, quantileSorted, wilson } from "../../stats/index.ts";
import { loadFigures, type StepFigures } from "./load-figures.ts";
import { answered, failed, recordOf, stepOf } from "./testing/made-load.ts";

const only = (record: LoadRecord): StepFigures => loadFigures(record, 0.95).steps[0]!;

describe("a request is good", () => {
  it.each<[string, LoadLimits, boolean]>([
    ["without a limit", {}, true],
    ["at the limit itself", { firstTokenMs: 100, endMs: 400 }, true],
    ["not when its first token is late", { firstTokenMs: 99, endMs: 400 }, false],
    ["not when its end is late", { firstTokenMs: 100, endMs: 399 }, false],
  ])("%s", (_what, limits, good) => {
    expect(isGood(answered(0, 400), limits)).toBe(good);
  });

  it("only when it was answered, and by its end where nothing was streamed", () => {
    expect(isGood(failed(0, "E_ENDPOINT_STATUS"), {})).toBe(false);
    expect(isGood({ state: "not-sent", atMs: 0 }, {})).toBe(false);
    const { firstTokenMs: _, ...whole } = answered(0, 400);
    expect(isGood(whole, { firstTokenMs: 399 })).toBe(false);
    expect(isGood(whole, { firstTokenMs: 400 })).toBe(true);
  });
});

describe("the figures of a rate", () => {
  // Ends of 100, 200 … 1000 ms, ten tokens each, in ten seconds.
  const ten = stepOf(1, 10, (i, at) => answered(at, 100 * (i + 1)));

  it("are worked by hand", () => {
    const step = only(recordOf([ten], { limits: { endMs: 800 } }));
    expect(step).toMatchObject({ rate: 1, n: 10, answered: 10, errors: [], notSent: 0, cutOff: 0, hitLimit: 0 });
    expect(step.end.percentiles.map(({ value }) => value)).toEqual([550, 910, 991]);
    expect(step.firstToken.percentiles[0]!.value).toBe(137.5);
    expect(step).toMatchObject({ tokensPerSecond: 10, answersPerSecond: 1, answerTokens: 10, promptTokens: 100 });
    expect(step).toMatchObject({ goodput: { good: 8, share: 0.8, ...wilson(8, 10, 0.95) }, goodPerSecond: 0.8 });
    // Ten tokens in 100 … 1000 ms: 100, 50, 33.3 … 10 a second.
    expect(step.perUser.percentiles[0]!.value).toBeCloseTo((10 / 0.5 + 10 / 0.6) / 2, 9);
  });

  it("have the quantiles and intervals of the statistics, and no end where the sample is too small", () => {
    const { percentiles } = only(recordOf([ten])).end;
    expect(percentiles.map(({ p }) => p)).toEqual([0.5, 0.9, 0.99]);
    expect(percentiles[0]).toEqual({ p: 0.5, value: 550, low: 200, high: 900 });
    expect(percentiles[2]!.high).toBeUndefined();
  });

  it("count what failed and what was not sent as not good, and leave both out of the times", () => {
    const step = only(
      recordOf([
        stepOf(1, 12, (i, at) => {
          if (i < 6) return answered(at, 500);
          if (i < 8) return failed(at, "E_ENDPOINT_TIMEOUT");
          return i < 11 ? failed(at, "E_ENDPOINT_STATUS") : { state: "not-sent", atMs: at };
        }),
      ]),
    );
    expect(step.errors).toEqual([
      { code: "E_ENDPOINT_STATUS", count: 3 },
      { code: "E_ENDPOINT_TIMEOUT", count: 2 },
    ]);
    expect(step).toMatchObject({ n: 12, answered: 6, notSent: 1, goodput: { good: 6, share: 0.5 } });
    expect(step.end).toMatchObject({ n: 6, percentiles: [{ value: 500 }, { value: 500 }, { value: 500 }] });
  });

  it("say nothing of what no request has: no stream, no tokens, no request", () => {
    const bare = only(
      recordOf([stepOf(1, 3, (_, atMs) => ({ state: "answered", atMs, lateMs: 2, endMs: 9, finish: "stop" }))]),
    );
    expect(bare.firstToken).toEqual({ n: 0, percentiles: [] });
    expect(bare).not.toHaveProperty("tokensPerSecond");
    expect(bare.perUser.n).toBe(0);
    const none = only(recordOf([stepOf(1, 0, () => failed(0, "E"))]));
    expect(none).toMatchObject({ n: 0, answersPerSecond: 0, late: { p99: 0, most: 0 } });
    expect(none).not.toHaveProperty("goodput");
  });

  it("agree with a naive count whatever becomes of requests, in any order", () => {
    const request = fc.oneof(
      fc.integer({ min: 1, max: 5000 }).map((ms) => answered(0, ms)),
      fc.constantFrom("E_A", "E_B", "__proto__").map((code) => failed(0, code)),
      fc.constant({ state: "not-sent", atMs: 0 } as const),
    );
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 60 }), (requests) => {
        const figures = (list: typeof requests) => only(recordOf([stepOf(1, list.length, (i) => list[i]!)]));
        const step = figures(requests);
        const back = figures(requests.toReversed());
        expect(back.end.percentiles.map(({ value }) => value)).toEqual(step.end.percentiles.map(({ value }) => value));
        expect(back.goodput!.good).toBe(step.goodput!.good);
        const ends = requests.flatMap((r) => (r.state === "answered" ? r.endMs : [])).sort((a, b) => a - b);
        expect(step.answered + step.notSent + step.errors.reduce((sum, { count }) => sum + count, 0)).toBe(step.n);
        expect(step.goodput!.good).toBe(ends.filter((ms) => ms <= 1000).length);
        for (const { p, value, low, high } of step.end.percentiles) {
          expect(value).toBe(quantileSorted(ends, p));
          const naive = quantileInterval(ends, p, 0.95);
          expect(low ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(naive.low ?? Number.NEGATIVE_INFINITY);
          expect(high ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(naive.high ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});

describe("the knee", () => {
  /** A step of 400 requests of which this share, spread over it, is answered within the limit. */
  const step = (rate: number, share: number, n = 400) =>
    stepOf(rate, n, (i, at) => answered(at, (i * 7919) % n < share * n ? 500 : 5000));
  const knee = (...steps: ReturnType<typeof step>[]) => loadFigures(recordOf(steps), 0.95).knee;

  it("is the last rate, from the lowest up, with the share of good answers", () => {
    expect(knee(step(1, 1), step(2, 0.99), step(4, 0.6), step(8, 0))).toEqual({
      ...{ state: "found", rate: 2, above: 4, sure: true },
    });
  });

  it("does not depend on the order in which rates were tried", () => {
    expect(knee(step(4, 0.6), step(1, 1), step(2, 0.99))).toMatchObject({ rate: 2, above: 4 });
  });

  it("is below a rate that fails, even where a higher one does not", () => {
    expect(knee(step(1, 1), step(2, 0.9), step(4, 1))).toMatchObject({ state: "found", rate: 1, above: 2 });
  });

  it("is not sure while an interval holds the share", () => {
    expect(knee(step(1, 1, 20), step(2, 0.5))).toMatchObject({ state: "found", sure: false });
    expect(knee(step(1, 1), step(2, 0.94))).toMatchObject({ state: "found", sure: false });
  });

  it("is not sure where good answers come in a row: one long queue is not a hundred requests", () => {
    const row = stepOf(2, 400, (i, at) => answered(at, i < 320 ? 500 : 5000));
    expect(knee(step(1, 1), step(2, 0.8))).toMatchObject({ rate: 1, above: 2, sure: true });
    expect(knee(step(1, 1), row)).toMatchObject({ rate: 1, above: 2, sure: false });
  });

  it("lies above all rates, or below", () => {
    expect(knee(step(1, 1), step(2, 1))).toEqual({ state: "above", rate: 2, sure: true });
    expect(knee(step(2, 0.3), step(1, 0.5))).toEqual({ state: "below", rate: 1, sure: true });
  });

  it("is not sought without a limit, nor without requests", () => {
    expect(loadFigures(recordOf([step(1, 1)], { limits: {} }), 0.95).knee.state).toBe("none");
    expect(knee(step(1, 1, 0))).toEqual({ state: "none", reason: "no request was due" });
  });
});
