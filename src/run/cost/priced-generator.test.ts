import { describe, expect, it } from "vitest";
import type { Answer, AnswerRequest, Generator } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { pricedGenerator } from "./priced-generator.ts";

const signal = new AbortController().signal;
const request: AnswerRequest = { query: { id: "q", text: "?" }, passages: [], condition: "closed-book", trial: 0 };
const usage = { promptTokens: 1000, completionTokens: 100 };
const measured: Answer = { text: "a", finish: "stop", usage, timing: { ms: 20, source: "measured" } };
const clock = { at: 0, now: () => 0, monotonic: () => clock.at };

/** Takes a second for each answer. */
function inner(answer: Answer | Error): Generator {
  return {
    async answer() {
      clock.at += 1000;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

const byTokens = { on: "2026-05-31", input: 1, output: 10 };
const byHour = { on: "2026-05-31", per_hour: 36 };
const costOn = async (price: typeof byTokens | typeof byHour, answer: Answer) =>
  (await pricedGenerator(inner(answer), price, clock).answer(request, signal)).cost;

describe("pricedGenerator", () => {
  it("counts both requests of an answer that was sent twice; the machine's time is the same", async () => {
    expect(await costOn(byTokens, { ...measured, hedged: true })).toEqual({ usd: 0.004, basis: "tokens" });
    expect(await costOn(byHour, { ...measured, hedged: true })).toEqual(await costOn(byHour, measured));
  });

  it("adds the cost of tokens, or of the time from asking to answer", async () => {
    expect(await costOn(byTokens, measured)).toEqual({ usd: 0.002, basis: "tokens" });
    expect(await costOn(byHour, measured)).toEqual({ usd: 0.01, basis: "time" });
  });

  it("adds none where the server counts no tokens", async () => {
    const { usage: _, ...uncounted } = measured;
    expect(await costOn(byTokens, uncounted)).toBeUndefined();
    expect(await costOn(byHour, uncounted)).toEqual({ usd: 0.01, basis: "time" });
  });

  it.each(["replayed", "cached"] as const)("adds none to a %s answer", async (source) => {
    for (const price of [byTokens, byHour]) {
      expect(await costOn(price, { ...measured, timing: { ms: 0, source } })).toBeUndefined();
    }
  });

  it("gives the machine's time back when a call fails", async () => {
    let fails = true;
    const failure = new SystemFailure("E_ENDPOINT_TIMEOUT", "no answer", { retryable: true });
    const generator = pricedGenerator(
      { answer: (...given) => inner(fails ? failure : measured).answer(...given) },
      byHour,
      clock,
    );
    await expect(generator.answer(request, signal)).rejects.toBe(failure);
    fails = false;
    // A call left in flight would halve the share of this one.
    expect((await generator.answer(request, signal)).cost?.usd).toBeCloseTo(0.01, 12);
  });
});
