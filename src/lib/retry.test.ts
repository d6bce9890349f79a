import { describe, expect, it } from "vitest";
import { backoffMs, retry, retryAfterMs, sleepFor } from "./retry.ts";

const never = new AbortController().signal;

function failing(times: number): { call: (attempt: number) => Promise<string>; attempts: number[] } {
  const attempts: number[] = [];
  return {
    attempts,
    call: async (attempt) => {
      attempts.push(attempt);
      if (attempts.length <= times) throw new Error(`failure ${attempts.length}`);
      return "done";
    },
  };
}

describe("retry", () => {
  const waits: number[] = [];
  const options = (maxAttempts: number, signal = never) => ({
    maxAttempts,
    signal,
    waitMs: (_error: unknown, attempt: number): number | undefined => attempt * 10,
    sleep: async (ms: number) => void waits.push(ms),
  });

  it("gives back the first success and waits between the attempts", async () => {
    waits.length = 0;
    const { call, attempts } = failing(2);
    expect(await retry(call, options(5))).toBe("done");
    expect(attempts).toEqual([1, 2, 3]);
    expect(waits).toEqual([10, 20]);
  });

  it("throws the last error once the attempts are used up", async () => {
    const { call, attempts } = failing(9);
    await expect(retry(call, options(3))).rejects.toThrow("failure 3");
    expect(attempts).toHaveLength(3);
  });

  it("does not ask again when that cannot help", async () => {
    const { call, attempts } = failing(9);
    await expect(retry(call, { ...options(3), waitMs: () => undefined })).rejects.toThrow("failure 1");
    expect(attempts).toHaveLength(1);
  });

  it("throws the signal's reason instead of the call's error", async () => {
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const call = async (): Promise<never> => {
      controller.abort(reason);
      throw new Error("socket closed");
    };
    await expect(retry(call, options(3, controller.signal))).rejects.toBe(reason);
  });

  it("calls nothing when aborted before", async () => {
    const { call, attempts } = failing(0);
    await expect(retry(call, options(3, AbortSignal.abort(new Error("no"))))).rejects.toThrow("no");
    expect(attempts).toEqual([]);
  });
});

describe("backoffMs", () => {
  it.each([
    [1, 0, 250],
    [1, 0.999_999, 500],
    [3, 0, 1000],
    [3, 0.5, 1500],
    [20, 0, 15_000],
    [20, 0.5, 22_500],
  ])("after attempt %d with jitter %d waits about %d ms", (attempt, random, expected) => {
    expect(backoffMs(attempt, random)).toBeCloseTo(expected, 1);
  });
});

describe("retryAfterMs", () => {
  const now = Date.parse("2026-01-02T03:04:00Z");
  it.each([
    ["seconds", "7", 7000],
    ["fractions of a second", "0.25", 250],
    ["a date", "Fri, 02 Jan 2026 03:04:09 GMT", 9000],
    ["a date in the past", "Fri, 02 Jan 2026 03:03:00 GMT", 0],
    ["nothing", undefined, undefined],
    ["an empty header", " ", undefined],
    ["words", "soon", undefined],
    ["a negative number", "-5", undefined],
  ])("reads %s", (_title, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe("sleepFor", () => {
  it("ends early with the signal's reason", async () => {
    const controller = new AbortController();
    const sleep = sleepFor(60_000, controller.signal);
    controller.abort(new Error("interrupted"));
    await expect(sleep).rejects.toThrow("interrupted");
  });

  it("does not begin when already aborted", async () => {
    await expect(sleepFor(60_000, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
  });

  it("waits, and lets go of the signal", async () => {
    const controller = new AbortController();
    await expect(sleepFor(1, controller.signal)).resolves.toBeUndefined();
    controller.abort();
  });
});
