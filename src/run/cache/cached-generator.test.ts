import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Answer, AnswerRequest, Generator } from "../../core/contracts.ts";
import { SystemFailure } from "../../core/errors.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { DEFAULT_COMPLETION_PROMPT, DEFAULT_PROMPT } from "../../system/prompt/default-prompt.ts";
import { AnswerCache } from "./answer-cache.ts";
import { answerKeys } from "./answer-key.ts";
import { cachedGenerator } from "./cached-generator.ts";

const signal = new AbortController().signal;
const NOW = Date.parse("2026-05-31T10:00:00Z");
const clock = { now: () => NOW, monotonic: () => 0 };
const passage = (text: string, id = text) => ({ id, document: "d", text });
const request: AnswerRequest = {
  query: { id: "q1", text: "Where does the Rhône end?" },
  passages: [passage("one"), passage("two")],
  condition: "rag@2",
  trial: 0,
};

/** Counts its calls; each answer names the call that made it. */
function counting(more: Partial<Answer> = {}, fails = () => false): Generator & { calls: number } {
  return {
    calls: 0,
    async answer() {
      this.calls += 1;
      if (fails()) throw new SystemFailure("E_ENDPOINT_TIMEOUT", "no answer", { retryable: true });
      const timing = { ms: 12, firstTokenMs: 3, source: "measured" } as const;
      const usage = { promptTokens: 5, completionTokens: 1 };
      return { text: `call ${this.calls}`, finish: "stop", usage, cost: { usd: 1, basis: "tokens" }, timing, ...more };
    },
  };
}

async function cached(generator: Generator, options: { run?: string; refresh?: boolean; folder?: string } = {}) {
  const { run = "first", refresh = false, folder = await tempFolder() } = options;
  const problems: unknown[] = [];
  const keyOf = answerKeys({ value: "model", readsCondition: false, readsIds: false });
  const cache = new AnswerCache(folder);
  const onProblem = (error: unknown) => problems.push(error);
  return { folder, problems, of: cachedGenerator(generator, { cache, keyOf, run, clock, refresh, onProblem }) };
}

describe("cachedGenerator", () => {
  it("asks once; the second answer says when and by which run it was made and has neither latency nor cost", async () => {
    const inner = counting();
    const first = await cached(inner);
    expect(await first.of.answer(request, signal)).toMatchObject({ text: "call 1", cost: { usd: 1 } });
    const second = await cached(inner, { run: "second", folder: first.folder });
    expect(await second.of.answer(request, signal)).toEqual({
      text: "call 1",
      finish: "stop",
      usage: { promptTokens: 5, completionTokens: 1 },
      timing: { ms: 0, source: "cached" },
      cachedFrom: { run: "first", at: "2026-05-31T10:00:00.000Z" },
    });
    expect(inner.calls).toBe(1);
  });

  it("asks anew with refresh, and replaces what was kept", async () => {
    const inner = counting();
    const { of, folder } = await cached(inner);
    await of.answer(request, signal);
    const anew = await cached(inner, { run: "anew", refresh: true, folder });
    expect((await anew.of.answer(request, signal)).text).toBe("call 2");
    const after = await cached(inner, { folder });
    expect(await after.of.answer(request, signal)).toMatchObject({ text: "call 2", cachedFrom: { run: "anew" } });
  });

  it("keeps no failure", async () => {
    let fails = true;
    const inner = counting({}, () => fails);
    const { of } = await cached(inner);
    await expect(of.answer(request, signal)).rejects.toThrow("no answer");
    fails = false;
    expect((await of.answer(request, signal)).timing.source).toBe("measured");
    expect((await of.answer(request, signal)).timing.source).toBe("cached");
  });

  it("keeps no answer that a log could not hold", async () => {
    const inner = counting({ text: 7 as unknown as string });
    const { of } = await cached(inner);
    for (const _ of [1, 2]) await expect(of.answer(request, signal)).rejects.toThrow("an answer with a text");
    expect(inner.calls).toBe(2);
  });

  it("keeps no replayed answer", async () => {
    const inner = counting({ timing: { ms: 0, source: "replayed" } });
    const { of } = await cached(inner);
    for (const _ of [1, 2]) expect((await of.answer(request, signal)).timing.source).toBe("replayed");
    expect(inner.calls).toBe(2);
  });

  it("gives the answer although it cannot be kept, and tells of it", async () => {
    const folder = join(await tempFolder({ "a file": "" }), "a file");
    const { of, problems } = await cached(counting(), { folder });
    expect((await of.answer(request, signal)).text).toBe("call 1");
    expect(problems).toHaveLength(1);
  });
});

describe("answerKeys", () => {
  const keyOf = answerKeys({ value: { model: "m", temperature: 0 }, readsCondition: false, readsIds: false });
  const key = keyOf(request);

  it.each<[string, Partial<AnswerRequest>]>([
    ["the trial", { trial: 1 }],
    ["the question", { query: { id: "q1", text: "Where does the Rhône begin?" } }],
    ["what was said before", { query: { ...request.query, history: [{ role: "user", content: "hello" }] } }],
    ["the order of the passages", { passages: [passage("two"), passage("one")] }],
    ["how many passages there are", { passages: [passage("one")] }],
    ["a passage's title", { passages: [{ ...passage("one"), title: "t" }, passage("two")] }],
    ["where one passage ends", { passages: [passage("onetwo")] }],
  ])("differ in %s", (_, change) => {
    expect(keyOf({ ...request, ...change })).not.toBe(key);
  });

  it.each<[string, Partial<AnswerRequest>]>([
    ["the condition's name", { condition: "oracle" }],
    ["the question's id", { query: { ...request.query, id: "other" } }],
    ["references that the system does not see", { query: { ...request.query, answers: ["x"] } }],
    ["the passages' ids", { passages: [passage("one", "p1"), passage("two", "p2")] }],
  ])("do not depend on %s, which the model does not see", (_, change) => {
    expect(keyOf({ ...request, ...change })).toBe(key);
    const seeing = answerKeys({ value: { model: "m", temperature: 0 }, readsCondition: true, readsIds: true });
    if (!("answers" in (change.query ?? {}))) expect(seeing({ ...request, ...change })).not.toBe(seeing(request));
  });

  it("are the same under all conditions for the built-in prompts, which do not tell of them", () => {
    for (const prompt of [DEFAULT_PROMPT, DEFAULT_COMPLETION_PROMPT]) expect(prompt).not.toContain("condition");
  });

  it("differ between generators", () => {
    expect(
      answerKeys({ value: { model: "m", temperature: 1 }, readsCondition: false, readsIds: false })(request),
    ).not.toBe(key);
  });
});
