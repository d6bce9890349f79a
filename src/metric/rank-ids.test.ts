import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hit } from "../core/ranking.ts";
import { rankIds } from "./rank-ids.ts";

const hits = fc.array(fc.tuple(fc.string({ maxLength: 3, unit: "binary" }), fc.float()), { maxLength: 30 });

describe("rankIds", () => {
  it.each<[string, Hit[], string[]]>([
    [
      "score descending",
      [
        ["a", 1],
        ["b", 3],
        ["c", 2],
      ],
      ["b", "c", "a"],
    ],
    [
      "equal scores by id descending",
      [
        ["a", 1],
        ["b", 1],
        ["c", 1],
      ],
      ["c", "b", "a"],
    ],
    [
      "ids compare as text: 9 before 10",
      [
        ["10", 1],
        ["9", 1],
      ],
      ["9", "10"],
    ],
    [
      "a longer id before its prefix",
      [
        ["a", 1],
        ["ab", 1],
      ],
      ["ab", "a"],
    ],
    [
      "scores equal in 32 bits are equal",
      [
        ["a", 1.000000001],
        ["b", 1],
      ],
      ["b", "a"],
    ],
    [
      "negative scores",
      [
        ["a", -1],
        ["b", -2],
      ],
      ["a", "b"],
    ],
    [
      "-0 equals 0",
      [
        ["a", 0],
        ["b", -0],
      ],
      ["b", "a"],
    ],
    [
      "a repeated id counts once, where it stands best",
      [
        ["a", 1],
        ["b", 2],
        ["a", 3],
      ],
      ["a", "b"],
    ],
    [
      "not a number ranks last",
      [
        ["a", Number.NaN],
        ["b", -5],
      ],
      ["b", "a"],
    ],
    [
      "infinities",
      [
        ["a", -Infinity],
        ["b", Infinity],
        ["c", 0],
      ],
      ["b", "c", "a"],
    ],
    [
      "hostile ids are ids",
      [
        ["__proto__", 1],
        ["constructor", 2],
      ],
      ["constructor", "__proto__"],
    ],
    ["none", [], []],
  ])("%s", (_why, given, expected) => expect(rankIds(given)).toEqual(expected));

  it("compares ids by UTF-8 bytes: a character beyond the base plane stands before U+FF5E", () => {
    expect(
      rankIds([
        ["\uff5e", 1],
        ["😀", 1],
      ]),
    ).toEqual(["😀", "\uff5e"]);
  });

  it("agrees with Buffer.compare on equal scores", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: "binary", maxLength: 4 })), (ids) => {
        const expected = [...ids].sort((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a)));
        expect(rankIds(ids.map((id) => [id, 1]))).toEqual(expected);
      }),
    );
  });

  it("does not depend on the order the hits came in, nor on repeated hits", () => {
    fc.assert(
      fc.property(hits, fc.infiniteStream(fc.nat()), (given, random) => {
        const shuffled = given
          .map((hit) => ({ hit, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ hit }) => hit);
        expect(rankIds(shuffled)).toEqual(rankIds(given));
        expect(rankIds([...given, ...given])).toEqual(rankIds(given));
      }),
    );
  });

  it("gives each id once and leaves the ranking as it was", () => {
    fc.assert(
      fc.property(hits, (given) => {
        const before = structuredClone(given);
        expect(new Set(rankIds(given))).toEqual(new Set(given.map(([id]) => id)));
        expect(given).toEqual(before);
      }),
    );
  });
});
