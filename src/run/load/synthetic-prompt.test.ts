import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { syntheticPrompt, TASK_TOKENS, wordsFor } from "./synthetic-prompt.ts";

describe("syntheticPrompt", () => {
  const prompt = (n: number, words = 50): string => syntheticPrompt(words, seeded(0).fork(`prompt/${n}`));

  it("has so many words after its task", () => {
    const task = "Write a long story that uses these words: ";
    expect(prompt(1, 50).startsWith(task)).toBe(true);
    expect(prompt(1, 50).slice(task.length).split(" ")).toHaveLength(50);
    expect(TASK_TOKENS).toBeGreaterThanOrEqual(task.trim().split(" ").length);
  });

  it("is the same for the same number and begins otherwise for another", () => {
    expect(prompt(1)).toBe(prompt(1));
    const starts = Array.from({ length: 200 }, (_, n) => prompt(n).slice(0, 80));
    expect(new Set(starts).size).toBe(200);
  });
});

describe("wordsFor", () => {
  it.each([
    ["a word is a token", { tokens: 2000, frame: 50, words: 1950, counted: 2000 }, 1950],
    ["a word is 1.2 tokens", { tokens: 2050, frame: 50, words: 1000, counted: 1250 }, 1667],
    ["the frame alone is longer than wanted", { tokens: 20, frame: 50, words: 1, counted: 51 }, 1],
    ["the count cannot be right", { tokens: 2000, frame: 50, words: 1950, counted: 12 }, 1950],
  ])("corrects the length where %s", (_what, asked, words) => {
    expect(wordsFor(asked)).toBe(words);
  });

  it("then meets the wanted count, whatever a word's tokens are", () => {
    for (const each of [0.7, 1, 1.31, 2]) {
      const count = (words: number): number => 40 + Math.round(words * each);
      const words = wordsFor({ tokens: 2000, frame: 40, words: 1960, counted: count(1960) });
      expect(Math.abs(count(words) - 2000)).toBeLessThanOrEqual(2);
    }
  });
});
