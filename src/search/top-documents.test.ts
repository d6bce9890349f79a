import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareIds, type PackedIds, topDocuments } from "./top-documents.ts";

function pack(ids: readonly string[]): PackedIds {
  const bytes = ids.map((id) => Buffer.from(id));
  const idStart = new Uint32Array(ids.length + 1);
  for (const [at, id] of bytes.entries()) idStart[at + 1] = idStart[at]! + id.length;
  return { ids: Buffer.concat(bytes), idStart };
}

function naive(ids: readonly string[], scores: readonly number[], k: number): number[] {
  return ids
    .map((_, at) => at)
    .sort(
      (a, b) =>
        Math.fround(scores[b]!) - Math.fround(scores[a]!) || Buffer.compare(Buffer.from(ids[b]!), Buffer.from(ids[a]!)),
    )
    .slice(0, k);
}

function top(ids: readonly string[], scores: readonly number[], k: number): number[] {
  const documents = Uint32Array.from(ids, (_, at) => at);
  return topDocuments(documents, ids.length, Float64Array.from(scores), k, pack(ids));
}

describe("topDocuments", () => {
  it.each([
    ["best first", ["a", "b", "c"], [1, 3, 2], 2, [1, 2]],
    ["equal scores by id descending", ["a", "c", "b"], [1, 1, 1], 3, [1, 2, 0]],
    ["scores equal as 32-bit floats are equal", ["a", "b"], [1.000000001, 1], 2, [1, 0]],
    ["ids compare as bytes, not as numbers", ["10", "9"], [1, 1], 2, [1, 0]],
    ["a longer id comes before its prefix", ["p1", "p10"], [1, 1], 2, [1, 0]],
    ["ids compare as UTF-8, not as UTF-16", ["\uffee", "𝒜"], [1, 1], 2, [1, 0]],
    ["fewer than k", ["a"], [1], 5, [0]],
    ["none", [], [], 5, []],
  ])("%s", (_title, ids, scores, k, expected) => {
    expect(top(ids, scores, k)).toEqual(expected);
  });

  it("equals sorting everything", () => {
    const item = fc.tuple(fc.string({ unit: "grapheme", maxLength: 4 }), fc.constantFrom(0.5, 1, 1.00000001, 2, 3.25));
    fc.assert(
      fc.property(
        fc.uniqueArray(item, { selector: ([id]) => Buffer.from(id).toString() }),
        fc.integer({ min: 1, max: 12 }),
        (items, k) => {
          const ids = items.map(([id]) => id);
          const scores = items.map(([, score]) => score);
          expect(top(ids, scores, k)).toEqual(naive(ids, scores, k));
        },
      ),
    );
  });
});

describe("compareIds", () => {
  it("orders as Buffer.compare does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        expect(Math.sign(compareIds(pack([a, b]), 0, 1))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
