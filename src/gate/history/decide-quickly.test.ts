import { array, assert, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile } from "../../stats/index.ts";
import { type Claim, decide } from "../decide.ts";
import { decideQuickly } from "./decide-quickly.ts";

const claim = (mean: number, effect: number): Claim => ({
  limit: effect,
  floor: -effect,
  interval: (level) => {
    const half = normalQuantile((1 + level) / 2);
    return { low: mean - half, high: mean + half };
  },
});

describe("decideQuickly", () => {
  it("says what decide says, with the same intervals", () => {
    const one = record({ mean: integer({ min: -60, max: 60 }), effect: integer({ min: 0, max: 4 }) });
    assert(
      property(array(one, { minLength: 1, maxLength: 12 }), integer({ min: 1, max: 40 }), (made, share) => {
        const claims = made.map(({ mean, effect }) => claim(mean / 10, effect / 4));
        const alpha = 0.05 / share;
        const quick = decideQuickly(claims, alpha);
        for (const [i, expected] of decide(claims, alpha).entries()) {
          const { verdict, level, interval } = quick[i]!;
          expect([verdict, level]).toEqual([expected.verdict, expected.level]);
          expect(interval!.low).toBeCloseTo(expected.interval!.low, 9);
          expect(interval!.high).toBeCloseTo(expected.interval!.high, 9);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("asks for few intervals where nothing can be told", () => {
    let asked = 0;
    const { interval, ...rest } = claim(0.3, 0);
    const counted = (level: number) => {
      asked += 1;
      return interval!(level);
    };
    decideQuickly([{ ...rest, interval: counted }], 0.05);
    expect(asked).toBe(3);
  });

  it("leaves a claim that the data do not speak of", () => {
    expect(decideQuickly([{ limit: 0, interval: undefined }], 0.05)).toEqual(
      decide([{ limit: 0, interval: undefined }], 0.05),
    );
  });
});
