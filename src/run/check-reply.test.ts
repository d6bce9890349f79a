import { describe, expect, it } from "vitest";
import type { Answer } from "../core/contracts.ts";
import type { Ranking } from "../core/ranking.ts";
import { checkAnswer, settleRanking } from "./check-reply.ts";

describe("settleRanking", () => {
  it("orders by score, ties by id descending, each id once at its best", () => {
    const ranking: Ranking = [
      ["a", 1],
      ["b", 2],
      ["c", 2],
      ["a", 3],
      ["__proto__", 0],
    ];
    expect(settleRanking([ranking], 5)).toEqual([
      ["a", 3],
      ["c", 2],
      ["b", 2],
      ["__proto__", 0],
    ]);
    expect(settleRanking([[]], 5)).toEqual([]);
  });

  it("keeps scores as they are though 32 bits order them", () => {
    expect(
      settleRanking(
        [
          [
            ["a", 1.00000001],
            ["b", 1],
          ],
        ],
        5,
      ),
    ).toEqual([
      ["b", 1],
      ["a", 1.00000001],
    ]);
  });

  it.each<[string, unknown, string]>([
    ["no ranking", [], "expected one ranking for one query, got 0"],
    ["two rankings", [[], []], "expected one ranking for one query, got 2"],
    ["nothing", undefined, "expected one ranking for one query, got nothing"],
    ["a hit that is null", [[null]], "expected hits with an id, got null"],
    ["a score in text", [[["a", "1"]]], "expected finite scores"],
    ["no list", ["x"], "expected one ranking for one query, got 1"],
    [
      "too many hits",
      [
        [
          ["a", 1],
          ["b", 1],
          ["c", 1],
        ],
      ],
      "expected at most 2 hits, got 3",
    ],
    ["no number", [[["a", Number.NaN]]], 'expected finite scores, got "NaN for'],
    ["an infinite score", [[["a", Number.NEGATIVE_INFINITY]]], 'expected finite scores, got "-Infinity for'],
    ["a hit without id", [[["", 1]]], "expected hits with an id"],
    ["a number for an id", [[[7, 1]]], "expected hits with an id, got [7,1]"],
  ])("records %s as the system's failure", (_, rankings, message) => {
    const settle = () => settleRanking(rankings as Ranking[], 2);
    expect(settle).toThrow(message);
    expect(settle).toThrow(
      expect.objectContaining({ name: "SystemFailure", code: "E_SYSTEM_REPLY", retryable: false }),
    );
  });
});

describe("checkAnswer", () => {
  const good: Answer = { text: "", finish: "stop", timing: { ms: 0, source: "measured" } };

  it("passes whatever text", () => {
    for (const text of ["", "<script>", "\u001b[31m\u0000", "\ud800", "x".repeat(1 << 20)]) {
      expect(checkAnswer({ ...good, text }).text).toBe(text);
    }
  });

  it.each<[string, object, string]>([
    ["no text", { text: undefined }, "an answer with a text"],
    ["no reason to end", { finish: null }, "why it ended"],
    ["no latency", { timing: undefined }, "a latency of 0 ms or more"],
    ["a latency from nowhere", { timing: { ms: 1, source: "guessed" } }, "measured, replayed or cached"],
    ["a negative latency", { timing: { ms: -1, source: "measured" } }, "a latency of 0 ms or more"],
    ["a first token at NaN", { timing: { ms: 1, firstTokenMs: Number.NaN, source: "measured" } }, "first token"],
    ["an infinite confidence", { confidence: Number.POSITIVE_INFINITY }, "a finite confidence"],
    ["half a token", { usage: { promptTokens: 0.5, completionTokens: 1 } }, "whole numbers of tokens"],
  ])("records %s as the system's failure", (_, change, message) => {
    expect(() => checkAnswer({ ...good, ...change } as Answer)).toThrow(message);
  });

  it("records a reply that is nothing as the system's failure", () => {
    expect(() => checkAnswer(undefined as unknown as Answer)).toThrow("an answer with a text");
  });

  it("refuses an answer that a log's reader could not take, whatever its escapes", () => {
    const text = "\u0000".repeat(2_000_001);
    expect(() => checkAnswer({ ...good, text })).toThrow(expect.objectContaining({ code: "E_ANSWER_SIZE" }));
    expect(JSON.stringify(text.slice(1)).length).toBeLessThan(16 * 1024 * 1024);
  });
});
