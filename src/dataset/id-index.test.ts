import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdIndex } from "./id-index.ts";

describe("IdIndex", () => {
  it("equals a Map from id to first row, for any ids", () => {
    const id = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("__proto__", "", "a", "b", "../../x", "😀"));
    fc.assert(
      fc.property(fc.array(id, { maxLength: 200 }), fc.array(id), (ids, others) => {
        const index = new IdIndex(ids.length);
        const rows = new Map<string, number>();
        for (const [row, x] of ids.entries()) {
          expect(index.add(x, row * 10)).toBe(rows.get(x) ?? -1);
          if (!rows.has(x)) rows.set(x, row);
        }
        expect(index.size).toBe(ids.length);
        for (const x of [...ids, ...others]) expect(index.find(x)).toBe(rows.get(x) ?? -1);
        for (const row of rows.values()) expect(index.offset(row)).toBe(row * 10);
      }),
    );
  });

  it("tells 200,000 ids that differ in one character apart, and finds none that is not there", () => {
    const n = 200_000;
    const index = new IdIndex(n);
    let wrong = 0;
    for (let i = 0; i < n; i += 1) if (index.add(`passage-${i}`, i) !== -1) wrong += 1;
    for (let i = 0; i < n; i += 1) {
      if (index.find(`passage-${i}`) !== i) wrong += 1;
      if (index.find(`passage-${i}x`) !== -1) wrong += 1;
    }
    expect(wrong).toBe(0);
  });

  it("holds 5 million ids in less than 100 MB", () => {
    const before = process.memoryUsage().arrayBuffers;
    const index = new IdIndex(5_000_000);
    expect(index.size).toBe(0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6);
  });

  it("keeps offsets beyond 4 GB", () => {
    const index = new IdIndex(1);
    index.add("a", 2 ** 40 + 1);
    expect(index.offset(0)).toBe(2 ** 40 + 1);
  });
});
