import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sliceCodePoints } from "../../lib/text.ts";
import { judgementsFromSpans } from "../span-judgements.ts";
import { type Chunk, chunkDocument } from "./chunk-document.ts";
import { type ChunkSettings, type ChunkUnit, LANGCHAIN_SEPARATORS, RAFT_SEPARATORS } from "./chunk-settings.ts";
import { type TokenOffsets, unitStarts } from "./unit-starts.ts";

const chunk = (text: string, settings: ChunkSettings, tokenOffsets?: TokenOffsets) =>
  chunkDocument({ id: "d", text }, settings, tokenOffsets);
const texts = (chunks: readonly Chunk[]) => chunks.map((c) => c.text);

describe("chunkDocument", () => {
  it.each<[string, string, ChunkSettings, string[]]>([
    ["words", "a b c d e", { unit: "words", size: 2 }, ["a b ", "c d ", "e"]],
    ["characters", "abcdefg", { unit: "characters", size: 3 }, ["abc", "def", "g"]],
    ["whole words where characters count", "abcd efgh ij", { unit: "characters", size: 7 }, ["abcd ", "efgh ij"]],
    ["sentences", "A b. C d. E f.", { unit: "sentences", size: 2 }, ["A b. C d. ", "E f."]],
    ["with words shared", "a b c d e f", { unit: "words", size: 4, overlap: 2 }, ["a b c d ", "c d e f"]],
    ["at an empty line before a line", "a\nb\n\nc\nd e", { unit: "words", size: 4 }, ["a\nb\n\n", "c\nd e"]],
    ["before a heading", "a b c\n## T\nd e f", { unit: "words", size: 5 }, ["a b c\n", "## T\nd e f"]],
    ["emoji whole", "😀😀😀", { unit: "characters", size: 2 }, ["😀😀", "😀"]],
    ["nothing of a blank page", " \n\t ", { unit: "words", size: 2 }, []],
    ["nothing of front matter alone", "---\ntitle: T\n---\n", { unit: "words", size: 2 }, []],
  ])("cuts %s", (_name, text, settings, expected) => {
    expect(texts(chunk(text, settings))).toEqual(expected);
  });

  it("knows document, place, title and headings", () => {
    const text = "---\ntitle: Shop\n---\n# Returns\n\nSend it 📦 back.\n\n## Fees\n\nNone at all here.\n";
    const chunks = chunkDocument({ id: "p/a.md", text }, { unit: "words", size: 6 });
    expect(chunks).toEqual([
      {
        id: "p/a.md#1",
        title: "Shop > Returns",
        text: "# Returns\n\nSend it 📦 back.\n\n",
        document: "p/a.md",
        start: 20,
        end: 48,
      },
      {
        id: "p/a.md#2",
        title: "Shop > Returns > Fees",
        text: "## Fees\n\nNone at all here.",
        document: "p/a.md",
        start: 48,
        end: 74,
      },
    ]);
    for (const { start, end, text: piece } of chunks) expect(sliceCodePoints(text, start, end)).toBe(piece);
  });

  it("prefers the title it is given", () => {
    const document = { id: "d", title: "Given", text: "---\ntitle: Own\n---\nx" };
    expect(chunkDocument(document, { unit: "words", size: 6 })[0]!.title).toBe("Given");
  });

  it("takes ids as they are", () => {
    expect(chunkDocument({ id: "__proto__", text: "a b" }, { unit: "words", size: 1 }).map((c) => c.id)).toEqual([
      "__proto__#1",
      "__proto__#2",
    ]);
  });

  it("counts a passage's tokens as the tokenizer does for the passage alone", () => {
    // A word costs one token more when it stands first.
    const offsets: TokenOffsets = (text) => {
      const starts = Array.from(text.matchAll(/\S+/g), (m) => m.index);
      return [0, ...starts];
    };
    const chunks = chunk("a b c d e f g", { unit: "tokens", size: 4 }, offsets);
    expect(texts(chunks)).toEqual(["a b c ", "d e f ", "g"]);
  });

  it("leaves out a passage of nothing but white space", () => {
    const chunks = chunk(`a${" ".repeat(20)}b`, { unit: "characters", size: 5, separators: [] });
    expect(texts(chunks)).toEqual(["a    ", " b"]);
    expect(chunks.map((c) => c.id)).toEqual(["d#1", "d#2"]);
  });
});

const THREES = /[\u{10000}-\u{10ffff}]|\s*[^\s\u{10000}-\u{10ffff}]{1,3}|\s+/gu;

/** Tokens as a byte-level tokenizer makes them: three characters each, emoji of two tokens, offsets inside pairs. */
const threes: TokenOffsets = (text) => {
  const starts: number[] = [];
  for (const { index, 0: found } of text.matchAll(THREES)) {
    starts.push(index);
    if (/^[\ud800-\udbff]/.test(found)) starts.push(index + 1);
  }
  return starts;
};

const piece = fc.oneof(
  fc.constantFrom(
    "a",
    "word ",
    "Two words. ",
    "\n",
    "\n\n",
    "\r\n\r\n",
    "\n## Head\n",
    "----------",
    "東京",
    "😀",
    "👩‍👧",
    "  ",
    "\t",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const page = fc.array(piece, { maxLength: 40 }).map((parts) => parts.join(""));
const separators = fc.constantFrom(undefined, LANGCHAIN_SEPARATORS, RAFT_SEPARATORS, []);
const sizes = fc.integer({ min: 1, max: 12 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));

describe.each<ChunkUnit>(["tokens", "characters", "words", "sentences"])("any page cut by %s", (unit) => {
  const offsets = unit === "tokens" ? threes : undefined;
  const check = (property: (text: string, chunks: Chunk[], size: number, overlap: number) => void) =>
    fc.assert(
      fc.property(page, sizes, separators, (text, [size, overlap], list) => {
        const settings = { unit, size, overlap, ...(list === undefined ? {} : { separators: list }) };
        property(text, chunk(text, settings, offsets), size, overlap);
      }),
      { numRuns: 150 },
    );

  it("has each passage's text at its place, in code points", () => {
    check((text, chunks) => {
      const points = Array.from(text);
      for (const { start, end, text: own } of chunks) expect(points.slice(start, end).join("")).toBe(own);
    });
  });

  it("splits no surrogate pair", () => {
    check((text, chunks) => {
      const whole = new Set(Array.from(text));
      for (const { text: own } of chunks) for (const c of own) expect(whole).toContain(c);
    });
  });

  it("leaves out white space only, and is the page again without the overlaps", () => {
    check((text, chunks) => {
      const points = Array.from(text);
      let covered = 0;
      let rebuilt = "";
      for (const { start, end } of chunks) {
        if (start > covered) expect(points.slice(covered, start).join("").trim()).toBe("");
        rebuilt += points
          .slice(Math.min(covered, start), end)
          .join("")
          .slice(points.slice(Math.min(covered, start), covered).join("").length);
        covered = end;
      }
      expect(rebuilt + points.slice(covered).join("")).toBe(text);
      expect(points.slice(covered).join("").trim()).toBe("");
    });
  });

  it("keeps the stated overlap, and moves on with every passage", () => {
    check((text, chunks, _size, overlap) => {
      const points = Array.from(text);
      for (const [i, { start, end }] of chunks.entries()) {
        const before = chunks[i - 1];
        if (before === undefined) continue;
        expect(start).toBeGreaterThan(before.start);
        expect(end).toBeGreaterThan(before.end);
        const shared = points.slice(start, before.end).join("");
        // Characters between two cuts are counted as they stand in the page; words and sentences cannot grow by cutting.
        if (shared !== "" && unit !== "tokens" && unit !== "sentences")
          expect(unitStarts(shared, unit).length).toBeLessThanOrEqual(overlap);
        if (overlap === 0) expect(shared).toBe("");
      }
    });
  });

  it("keeps the stated size", () => {
    check((_text, chunks, size) => {
      for (const { text: own } of chunks) {
        if (unit === "sentences") continue;
        const units = unitStarts(own, unit, offsets);
        // One character may have more tokens than fit.
        if (new Set(units).size > 1) expect(units.length).toBeLessThanOrEqual(size);
      }
    });
  });

  it("holds at least half of any span in some passage, or lies half inside it", async () => {
    await fc.assert(
      fc.asyncProperty(
        page,
        sizes,
        fc.nat(200),
        fc.integer({ min: 1, max: 60 }),
        async (text, [size, overlap], at, n) => {
          const chunks = chunk(text, { unit, size, overlap }, offsets);
          const points = Array.from(text);
          const [start, end] = [Math.min(at, points.length), Math.min(at + n, points.length)];
          const inside = points.slice(start, end).join("");
          // A span someone marks starts and ends with a character one can see.
          if (inside.trim() !== inside || inside === "" || chunks.length === 0 || start < chunks[0]!.start) return;
          const judged = await judgementsFromSpans([{ query: "q", document: "d", start, end, grade: 1 }], chunks);
          const gaps = chunks.some((c, i) => i > 0 && c.start > chunks[i - 1]!.end);
          if (!gaps) expect(judged.get("q")?.size ?? 0).toBeGreaterThan(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("is one passage where all fits", () => {
    fc.assert(
      fc.property(page, (text) => {
        expect(chunk(text, { unit, size: 100_000 }, offsets).length).toBe(
          text.replace(/^\ufeff/, "").trim() === "" ? 0 : 1,
        );
      }),
      { numRuns: 50 },
    );
  });
});
