import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Highest } from "./highest.ts";

describe("Highest", () => {
  it("has no floor while fewer than k were offered", () => {
    const highest = new Highest(3);
    highest.offer(5, 50);
    highest.offer(2, 20);
    expect([highest.floor, highest.size]).toEqual([0, 2]);
    highest.offer(9, 90);
    expect([highest.floor, highest.size]).toEqual([2, 3]);
  });

  it("keeps the first of equal scores", () => {
    const highest = new Highest(1);
    highest.offer(1, 7);
    highest.offer(1, 8);
    expect([...highest.owners]).toEqual([7]);
  });

  it("keeps what sorting would", () => {
    const score = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.double({ min: 1e-9, max: 10, noNaN: true }));
    fc.assert(
      fc.property(fc.array(score, { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (scores, k) => {
        const highest = new Highest(k);
        for (const [owner, s] of scores.entries()) highest.offer(s, owner);
        const sorted = scores.toSorted((a, b) => b - a);
        expect(highest.floor).toBe(sorted[k - 1] ?? 0);
        const kept = Array.from(highest.owners.subarray(0, highest.size), (owner) => scores[owner]!);
        expect(kept.sort((a, b) => b - a)).toEqual(sorted.slice(0, k));
      }),
    );
  });
});
