import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IdTable } from "./id-table.ts";

const SURROGATE = "\ud800";
const id = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ maxLength: 2 }),
  fc.constantFrom("__proto__", "constructor", "", "a", "../../x", "😀", SURROGATE, `${SURROGATE}a`, "\ud801", "�"),
);

describe("IdTable", () => {
  it("equals a Map from each id to how many others came before it, for any ids", () => {
    fc.assert(
      fc.property(fc.array(id, { maxLength: 600 }), fc.array(id), (ids, others) => {
        const table = new IdTable();
        const numbers = new Map<string, number>();
        for (const x of ids) {
          expect(table.add(x)).toBe(numbers.has(x) ? undefined : numbers.size);
          if (!numbers.has(x)) numbers.set(x, numbers.size);
        }
        expect(table.length).toBe(numbers.size);
        expect([...table]).toEqual([...numbers.keys()]);
        for (const x of [...ids, ...others]) {
          expect(table.numberOf(x)).toBe(numbers.get(x));
          expect(table.has(x)).toBe(numbers.has(x));
        }
      }),
    );
  });

  it("has no id under a number that it gave none", () => {
    const table = new IdTable();
    table.add("a");
    expect([table.at(-1), table.at(0), table.at(1)]).toEqual([undefined, "a", undefined]);
  });

  it("tells 200,000 ids that differ in one character apart", () => {
    const n = 200_000;
    const table = new IdTable();
    for (let i = 0; i < n; i += 1) table.add(`q${i}`);
    let wrong = 0;
    for (let i = 0; i < n; i += 1) {
      if (table.numberOf(`q${i}`) !== i) wrong += 1;
      if (table.has(`q${i}x`)) wrong += 1;
    }
    expect(wrong).toBe(0);
  });

  it("keeps an id that is longer than all the room it has", () => {
    const table = new IdTable();
    const long = "x".repeat(100_000);
    expect([table.add("a"), table.add(long), table.at(1) === long, table.numberOf("a")]).toEqual([0, 1, true, 0]);
  });
});
