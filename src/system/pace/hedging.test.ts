import { describe, expect, it } from "vitest";
import { type HedgeRule, Hedging } from "./hedging.ts";

/** Requests on a clock of their own: a first one takes as long as told, a second one no time. */
function hedging(rule: Partial<HedgeRule>) {
  const made = new Hedging({ share: 1, ...rule });
  const waits: number[] = [];
  let now = 0;
  const clock = { now: () => now, monotonic: () => now };
  /** @returns whether it was sent twice */
  const put = async (ms: number, room = true): Promise<boolean> => {
    const startedAt = now;
    let answer: () => void = () => undefined;
    const answerAfter = (): void => {
      now = startedAt + ms;
      answer();
    };
    const { twice } = await made.send<string>({
      clock,
      signal: new AbortController().signal,
      first: () =>
        new Promise((resolve) => {
          answer = () => resolve("first");
          // What is not waited for takes its time all the same.
          setImmediate(() => waits.length === 0 && answerAfter());
        }),
      second: () => (room ? async () => "second" : undefined),
      async sleep(wait) {
        waits.push(wait);
        if (ms <= wait) {
          answerAfter();
          return new Promise(() => undefined);
        }
        now = startedAt + wait;
        setImmediate(answerAfter);
      },
    });
    return twice;
  };
  return { made, put, waits };
}

describe("Hedging", () => {
  it("waits as many seconds as are stated", async () => {
    const { put, waits, made } = hedging({ after_s: 2 });
    expect([await put(1999), await put(2001)]).toEqual([false, true]);
    expect(waits).toEqual([2000, 2000]);
    expect(made.counts).toEqual({ sent: 2, twice: 1 });
  });

  it("sends no more than the stated share twice, at any moment", async () => {
    const { put, made } = hedging({ after_s: 1, share: 0.05 });
    const twice: number[] = [];
    for (let i = 1; i <= 100; i += 1) if (await put(5000)) twice.push(i);
    expect(twice).toEqual([20, 40, 60, 80, 100]);
    expect(made.counts).toEqual({ sent: 100, twice: 5 });
  });

  it("counts none where there was no room for a second", async () => {
    const { put, made } = hedging({ after_s: 1 });
    expect(await put(5000, false)).toBe(false);
    expect(made.counts).toEqual({ sent: 1, twice: 0 });
  });

  it("knows a percentile from the twentieth time on, and waits for it", async () => {
    const { put, waits } = hedging({ percentile: 90 });
    for (let i = 1; i <= 20; i += 1) await put(i * 100);
    expect(waits).toEqual([]);
    // Nearest rank: the 18th of 100, 200 … 2000.
    await put(50);
    expect(waits).toEqual([1800]);
  });

  it("takes 95 where no percentile is stated", async () => {
    const { put, waits } = hedging({});
    for (let i = 1; i <= 20; i += 1) await put(i * 100);
    await put(50);
    expect(waits).toEqual([1900]);
  });

  it("learns from requests that were given up too, so that the wait does not sink from one to the next", async () => {
    const { put, waits } = hedging({ percentile: 50 });
    for (let i = 0; i < 20; i += 1) await put(1000);
    for (let i = 0; i < 100; i += 1) await put(i % 2 === 0 ? 3000 : 900);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(900);
  });

  it("forgets how fast a server was two hundred requests ago", async () => {
    const { put, waits } = hedging({ percentile: 50 });
    for (let i = 0; i < 20; i += 1) await put(1000);
    for (let i = 0; i < 200; i += 1) await put(100);
    await put(50);
    expect(waits.at(-1)).toBe(100);
  });
});
