import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ENCODER, hasEncoder, NO_ENCODER } from "../../embed/testing/real-encoder.ts";
import { TextTokenizer } from "../../embed/text-tokenizer.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import { chunkDocument } from "./chunk-document.ts";
import { CHUNK_PRESETS } from "./chunk-settings.ts";
import { tokenOffsetsByWord } from "./unit-starts.ts";

interface Section {
  readonly source: string;
  readonly text: string;
}

describe.skipIf(!hasShared || !hasEncoder)(`Faire's sections by real tokens${NO_ENCODER}`, () => {
  it("gives no passage of more than 400 tokens, and shares at most 50", async () => {
    const tokenizer = await TextTokenizer.open(ENCODER);
    const count = (text: string): number => tokenizer.encodeBare(text).length;
    const tokenOffsets = tokenOffsetsByWord(count);
    const lines = readFileSync(shared("data/localrqa-faire/docs.jsonl"), "utf8").trim().split("\n");
    let passages = 0;
    for (const line of lines) {
      const { source, text } = JSON.parse(line) as Section;
      const chunks = chunkDocument({ id: source, text }, CHUNK_PRESETS.localrqa, tokenOffsets);
      passages += chunks.length;
      for (const chunk of chunks) expect(count(chunk.text)).toBeLessThanOrEqual(400);
      for (const [i, { start }] of chunks.entries()) {
        const before = chunks[i - 1];
        if (before === undefined || start >= before.end) continue;
        expect(count(Array.from(text).slice(start, before.end).join(""))).toBeLessThanOrEqual(50);
      }
    }
    // LocalRQA made 1,758 of the same pages with another tokenizer and splitter; ours fills passages more.
    expect(passages).toBe(1370);
  }, 120_000);
});
