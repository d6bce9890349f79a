import { describe, expect, it } from "vitest";
import type { Output } from "../deps.ts";
import { duration, startProgress } from "./progress.ts";

/** What a progress display needs of the world, at a time that the test sets. */
function world(interactive: boolean) {
  const state = { now: 0, text: "" };
  const write = (more: string): boolean => {
    state.text += more;
    return true;
  };
  const stream = { write, isTTY: true, columns: 90, on: () => stream } as unknown as NodeJS.WritableStream;
  const stderr: Output = { write, stream, interactive, columns: interactive ? 90 : undefined, colour: false };
  const deps = { stderr, clock: { now: () => state.now, monotonic: () => state.now } };
  return { state, deps };
}

const step = (done: number) => ({ done, total: 100, failed: 1, refused: 2, inFlight: 3, retries: 0 });

describe("progress", () => {
  it("is a line every ten seconds where no person watches, without escape sequences", () => {
    const { state, deps } = world(false);
    const progress = startProgress("bm25-reader", false, deps);
    for (const done of [0, 10, 20, 30, 40]) {
      progress.update(step(done));
      state.now += 6_000;
    }
    progress.stop();
    expect(state.text.split("\n")).toEqual([
      "bm25-reader: 20/100  1.7/s  1 failed  2 refused  3 in flight  48 s left",
      "bm25-reader: 40/100  1.7/s  1 failed  2 refused  3 in flight  36 s left",
      "",
    ]);
  });

  it("tells of score, cost and what calls wait for, where there is something to tell", () => {
    const { state, deps } = world(false);
    const progress = startProgress("raft-8b", false, deps);
    state.now = 20_000;
    progress.update({
      ...step(10),
      score: { metric: "F1", mean: 0.4126 },
      usd: 0.126,
      waiting: { calls: 12, reason: "the budget of 60 requests a minute" },
    });
    expect(state.text).toBe(
      "raft-8b: 10/100  0.0/s  F1 0.413  1 failed  2 refused  3 in flight  0.13 USD  12 waiting for the budget of 60 requests a minute  ? left\n",
    );
  });

  it("tells of repeated calls once there are some", () => {
    const { state, deps } = world(false);
    const progress = startProgress("x", false, deps);
    state.now = 20_000;
    progress.update({ ...step(10), retries: 4 });
    expect(state.text).toContain("3 in flight  4 retries  ");
  });

  it("counts the rate from where a resumed run goes on", () => {
    const { state, deps } = world(false);
    const progress = startProgress("x", false, deps);
    progress.update(step(50));
    state.now += 10_000;
    progress.update(step(60));
    expect(state.text).toContain("60/100  1.0/s");
    expect(state.text).toContain("40 s left");
  });

  it("is a bar for a person, taken away at the end", () => {
    const { state, deps } = world(true);
    const progress = startProgress("a title \u001b[31m", false, deps);
    progress.update(step(10));
    progress.stop();
    expect(state.text).toContain("10/100");
    expect(state.text).not.toContain("\u001b[31m");
  });

  it("is nothing when quiet", () => {
    const { state, deps } = world(true);
    const progress = startProgress("x", true, deps);
    state.now = 60_000;
    progress.update(step(10));
    progress.stop();
    expect(state.text).toBe("");
  });
});

describe("duration", () => {
  it.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [59.6, "1:00"],
    [125, "2:05"],
    [3725, "1:02:05"],
    [-3, "0 s"],
  ])("%d seconds are %s", (seconds, shown) => {
    expect(duration(seconds)).toBe(shown);
  });
});
