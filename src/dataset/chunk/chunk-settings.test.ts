import { describe, expect, it } from "vitest";
import { CHUNK_PRESETS, type ChunkSettings, chunkingHash, chunkingOf, SEPARATORS } from "./chunk-settings.ts";

describe("chunkingOf", () => {
  it("writes down unit, size, overlap and separators, with their defaults", () => {
    expect(chunkingOf({ unit: "words", size: 100 })).toEqual({
      unit: "words",
      size: 100,
      overlap: 0,
      separators: [...SEPARATORS],
    });
  });

  it.each<[string, ChunkSettings, string]>([
    ["a size of nothing", { unit: "words", size: 0 }, "size: expected a whole number >= 1, got 0"],
    ["half a word", { unit: "words", size: 1.5 }, "size: expected a whole number >= 1, got 1.5"],
    ["no number", { unit: "words", size: Number.NaN }, "size: expected a whole number >= 1, got NaN"],
    ["an overlap as large as the size", { unit: "words", size: 5, overlap: 5 }, "from 0 to 4 (below size), got 5"],
    ["a negative overlap", { unit: "words", size: 5, overlap: -1 }, "got -1"],
    [
      "an unknown unit",
      { unit: "bytes" as "words", size: 5 },
      "one of tokens, characters, words, sentences, got bytes",
    ],
    ["an empty separator", { unit: "words", size: 5, separators: [""] }, "none empty"],
  ])("refuses %s", (_name, settings, message) => {
    expect(() => chunkingOf(settings)).toThrow(message);
  });
});

describe("chunkingHash", () => {
  it("is equal for equal cutting, however it is written", () => {
    expect(chunkingHash({ unit: "words", size: 9, overlap: 0, separators: SEPARATORS })).toBe(
      chunkingHash({ size: 9, unit: "words" }),
    );
  });

  it("differs with unit, size, overlap, separators and tokenizer", () => {
    const settings: ChunkSettings[] = [
      ...Object.values(CHUNK_PRESETS),
      { unit: "tokens", size: 400 },
      { unit: "tokens", size: 400, tokenizer: "a" },
      { unit: "tokens", size: 400, tokenizer: "b" },
      { unit: "characters", size: 400 },
      { unit: "tokens", size: 400, overlap: 1 },
    ];
    expect(new Set(settings.map(chunkingHash)).size).toBe(settings.length);
  });
});
