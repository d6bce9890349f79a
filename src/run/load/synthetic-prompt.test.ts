import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { syntheticPrompts, TASK_TOKENS, wordsFor } from "./synthetic-prompt.ts";

describe("syntheticPrompts", () => {
  const task = "Write a long story that uses these words: ";
  const prompts = (words = 50, seed = 0) => syntheticPrompts(words, seeded(seed));

  it.each([1, 5, 12, 13, 50, 2000])("have %d words after their task", (words) => {
    for (let n = 0; n < 30; n += 1) {
      const prompt = prompts(words)(n);
      expect(prompt.startsWith(task)).toBe(true);
      expect(prompt.slice(task.length).split(" ")).toHaveLength(words);
      expect(prompt).toMatch(/^\S+(?: \S+)*$/);
    }
    expect(TASK_TOKENS).toBeGreaterThanOrEqual(task.trim().split(" ").length);
  });

  it("are the same for the same number and seed, and begin otherwise for another", () => {
    expect(prompts()(1)).toBe(prompts()(1));
    expect(prompts()(1)).not.toBe(prompts(50, 1)(1));
    const starts = Array.from({ length: 500 }, (_, n) => prompts()(n).slice(0, task.length + 40));
    expect(new Set(starts).size).toBe(500);
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
