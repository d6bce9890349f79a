import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { AnswerCache } from "./answer-cache.ts";
import { type PruneLimits, pruneCache } from "./prune-cache.ts";

const signal = new AbortController().signal;
const day = (n: number) => new Date(Date.UTC(2026, 4, n)).toISOString();

/** One answer a day, days 1 to 5, the largest on the third. */
async function week(): Promise<{ cache: AnswerCache; sizes: number[] }> {
  const cache = new AnswerCache(await tempFolder());
  for (const n of [3, 1, 5, 2, 4]) {
    const text = "x".repeat(n === 3 ? 5000 : 100);
    await cache.put(`day ${n}`, { answer: { text, finish: "stop" }, from: { run: "r", at: day(n) } });
  }
  const sizes: number[] = [];
  for await (const { key, size } of cache.list()) sizes[Number(key.at(-1))] = size;
  return { cache, sizes };
}

async function left(cache: AnswerCache): Promise<string> {
  const found: string[] = [];
  for await (const { key } of cache.list()) found.push(key.at(-1)!);
  return found.sort().join("");
}

describe("pruneCache", () => {
  it.each<[string, PruneLimits, string]>([
    ["nothing without a limit", {}, "12345"],
    ["what was made before a moment", { before: Date.parse(day(3)) }, "345"],
    ["the oldest until the rest fits", { maxBytes: 17_000 }, "45"],
    ["nothing where all fits", { maxBytes: 1e9 }, "12345"],
    ["what either limit asks for", { before: Date.parse(day(2)), maxBytes: 17_000 }, "45"],
    ["all", { all: true }, ""],
    ["all, where nothing may stay", { maxBytes: 0 }, ""],
  ])("removes %s", async (_, limits, stay) => {
    const { cache, sizes } = await week();
    const { removed, kept } = await pruneCache(cache, limits, signal);
    expect(await left(cache)).toBe(stay);
    expect(kept).toEqual({ answers: stay.length, bytes: [...stay].reduce((sum, n) => sum + sizes[Number(n)]!, 0) });
    expect(removed.answers + kept.answers).toBe(5);
    expect(removed.bytes + kept.bytes).toBe(sizes.reduce((sum, n) => sum + n, 0));
  });

  it("has nothing to do where there is no cache", async () => {
    const cache = new AnswerCache(`${await tempFolder()}/none`);
    const none = { answers: 0, bytes: 0 };
    expect(await pruneCache(cache, { all: true }, signal)).toEqual({ removed: none, kept: none });
  });

  it("leaves no folders of a cache that is emptied but the one that others may be writing in", async () => {
    const { cache } = await week();
    await pruneCache(cache, { all: true }, signal);
    expect(await readdir(cache.folder)).toEqual(["tmp"]);
  });

  it("stops where it is when it is interrupted", async () => {
    const { cache } = await week();
    await expect(pruneCache(cache, { all: true }, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
    expect(await left(cache)).toBe("12345");
  });
});
