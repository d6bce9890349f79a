import { assert, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { differingFields } from "./differing-fields.ts";

describe("differingFields", () => {
  it("finds leaves, missing ones and lists, and no more", () => {
    expect(differingFields({ a: { b: 1, c: [1, 2] }, d: null }, { a: { b: 1, c: [2, 1] }, d: null, e: "x" })).toEqual([
      { field: "/a/c", baseline: [1, 2], candidate: [2, 1] },
      { field: "/e", baseline: undefined, candidate: "x" },
    ]);
    expect(differingFields(1, 2)).toEqual([{ field: "fields", baseline: 1, candidate: 2 }]);
  });

  it("finds nothing in equal values, and is the same turned round", () => {
    assert(
      property(jsonValue(), jsonValue(), (a, b) => {
        expect(differingFields(a, structuredClone(a))).toEqual([]);
        const fields = (x: unknown, y: unknown) =>
          differingFields(x, y)
            .map(({ field }) => field)
            .sort();
        expect(fields(a, b)).toEqual(fields(b, a));
      }),
    );
  });
});
