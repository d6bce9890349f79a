import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Line, type ReadLinesOptions, readLines } from "./jsonl.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "jsonl-"));
});
afterAll(() => rm(dir, { recursive: true }));

async function linesOf(content: string | Uint8Array, options?: ReadLinesOptions): Promise<Line[]> {
  const path = join(dir, "lines");
  await writeFile(path, content);
  const lines: Line[] = [];
  for await (const line of readLines(path, options)) lines.push(line);
  return lines;
}

const texts = (lines: readonly Line[]) => lines.map((line) => ("error" in line ? line.error : line.text));

describe("readLines", () => {
  it("numbers lines from 1 and says where each starts", async () => {
    expect(await linesOf("ab\n\nçd\nx\n")).toEqual([
      { number: 1, offset: 0, text: "ab", terminated: true },
      { number: 2, offset: 3, text: "", terminated: true },
      { number: 3, offset: 4, text: "çd", terminated: true },
      { number: 4, offset: 8, text: "x", terminated: true },
    ]);
  });

  it("marks a last line without a line feed", async () => {
    expect(await linesOf("a\nb")).toEqual([
      { number: 1, offset: 0, text: "a", terminated: true },
      { number: 2, offset: 2, text: "b", terminated: false },
    ]);
  });

  it("gives no line for an empty file", async () => {
    expect(await linesOf("")).toEqual([]);
  });

  it("drops a byte-order mark at the start of the file only, and counts its bytes", async () => {
    const lines = await linesOf("\ufeffa\n\ufeffb\n");
    expect(texts(lines)).toEqual(["a", "\ufeffb"]);
    expect(lines[1]?.offset).toBe(5);
  });

  it("drops one carriage return before the line feed", async () => {
    expect(texts(await linesOf("a\r\nb\r\r\nc\rd\r\ne\r"))).toEqual(["a", "b\r", "c\rd", "e"]);
  });

  it("keeps NUL bytes for the caller to judge", async () => {
    expect(texts(await linesOf("a\0b\n"))).toEqual(["a\0b"]);
  });

  it("reports a line that is not UTF-8 and goes on", async () => {
    const lines = await linesOf(Buffer.from([0x61, 0x0a, 0xe9, 0x62, 0x0a, 0x63, 0x0a]));
    expect(texts(lines)).toEqual(["a", "not-utf8", "c"]);
    expect(lines[1]).toEqual({ number: 2, offset: 2, error: "not-utf8", bytes: 2 });
  });

  it("reads every byte as a character in latin1", async () => {
    expect(texts(await linesOf(Buffer.from([0xe9, 0x62, 0x0a]), { encoding: "latin1" }))).toEqual(["éb"]);
  });

  it.each([
    [3, ["abc", "too-long", "e"]],
    [4, ["abc", "abcd", "e"]],
  ])("reports a line longer than %i bytes and goes on", async (maxBytes, expected) => {
    expect(texts(await linesOf("abc\nabcd\ne", { maxBytes }))).toEqual(expected);
    expect(texts(await linesOf("abc\nabcd\ne", { maxBytes, chunkBytes: 2 }))).toEqual(expected);
  });

  it("reports a too long last line without a line feed", async () => {
    expect(await linesOf("a\nbcdef", { maxBytes: 3, chunkBytes: 2 })).toEqual([
      { number: 1, offset: 0, text: "a", terminated: true },
      { number: 2, offset: 2, error: "too-long", bytes: 5 },
    ]);
  });

  it("gives the same lines whatever the size of a chunk", async () => {
    const piece = fc.constantFrom("a", "é", "😀", "\n", "\r", "\r\n", "\ufeff", "\0", '{"k":1}');
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        async (pieces, chunkBytes) => {
          const content = pieces.join("");
          expect(await linesOf(content, { chunkBytes })).toEqual(await linesOf(content));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("equals splitting the text at line feeds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "grapheme" })), async (parts) => {
        const content = parts.map((part) => `${part.replace(/[\n\r\ufeff]/g, "")}\n`).join("");
        expect(texts(await linesOf(content, { chunkBytes: 5 }))).toEqual(content.split("\n").slice(0, -1));
      }),
      { numRuns: 100 },
    );
  });

  it("stays flat in memory on a line of 200 MB", async () => {
    const path = join(dir, "long");
    const file = await open(path, "w");
    const block = Buffer.alloc(1 << 20, "x");
    for (let i = 0; i < 200; i += 1) await file.write(block);
    await file.write("\nend\n");
    await file.close();
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    }, 2);
    const lines: Line[] = [];
    for await (const line of readLines(path)) lines.push(line);
    clearInterval(watch);
    expect(lines).toEqual([
      { number: 1, offset: 0, error: "too-long", bytes: 200 << 20 },
      { number: 2, offset: (200 << 20) + 1, text: "end", terminated: true },
    ]);
    expect(peak - before).toBeLessThan(120 << 20);
  });

  it("reads a line that is just short enough across many chunks", async () => {
    const text = "é".repeat(500_000);
    expect(texts(await linesOf(`${text}\nz`, { maxBytes: 1_000_000, chunkBytes: 1001 }))).toEqual([text, "z"]);
  });

  it("fails with the system's error when the file is missing", async () => {
    await expect(readLines(join(dir, "none")).next()).rejects.toMatchObject({ code: "ENOENT" });
  });
});
