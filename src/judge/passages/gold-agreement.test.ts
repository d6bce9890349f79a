import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { cohenKappa, tallyGrades } from "../../stats/index.ts";
import { goldAgreement, type PairWithGold } from "./gold-agreement.ts";

const SCALE = [0, 1, 2, 3];
const options = () => ({ level: 0.95, rng: seeded(1) });
/** Two pairs a question. */
const pairsOf = (grades: readonly (readonly [gold: number, grade: number])[]): PairWithGold[] =>
  grades.map(([gold, grade], i) => ({ query: `q${Math.floor(i / 2)}`, gold, grade }));

describe("agreement with a dataset's judgements", () => {
  it("compares grades on one scale, and relevant or not at every cut, by hand", () => {
    const found = goldAgreement(
      pairsOf([
        [0, 0],
        [0, 1],
        [2, 2],
        [3, 1],
      ]),
      SCALE,
      options(),
    );
    expect(found.map(({ from }) => from)).toEqual([undefined, 1, 2, 3]);
    // Quadratic: seen (0 + 1 + 0 + 4) ÷ 4 = 5/4; by chance, from rows {0: ½, 2: ¼, 3: ¼} and columns {0: ¼, 1: ½, 2: ¼}:
    // ½ (½ + 1) + ¼ (1 + ½) + ¼ (9/4 + 2 + ¼) = 9/4.
    expect(found[0]!.kappa).toMatchObject({ value: expect.closeTo(1 - 5 / 4 / (9 / 4), 12), n: 4 });
    expect(found[0]!.exact).toMatchObject({ value: 0.5 });
    // From 1: one pair too many of four; κ = (¾ − ½) ÷ ½. From 2: one too few. From 3: two too few, none of its own.
    expect(found.slice(1).map(({ kappa }) => "value" in kappa && kappa.value)).toEqual([0.5, 0.5, 0]);
  });

  it("does not take judgements of 0 and 1 for the lowest grades of a longer scale", () => {
    const grades = [
      [0, 0],
      [1, 3],
      [0, 0],
      [1, 3],
    ] as const;
    const found = goldAgreement(pairsOf(grades), SCALE, options());
    expect(found.map(({ from }) => from)).toEqual([1, 2, 3]);
    for (const { exact, kappa } of found)
      expect([exact, kappa]).toEqual([expect.objectContaining({ value: 1 }), expect.objectContaining({ value: 1 })]);
    const binary = goldAgreement(
      pairsOf([
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 0],
      ]),
      [0, 1],
      options(),
    );
    expect(binary.map(({ from }) => from)).toEqual([undefined]);
    expect(binary[0]!.kappa).toMatchObject({ value: 0.5 });
  });

  it("has no κ where the dataset lists nothing but what is relevant", () => {
    for (const { kappa, exact } of goldAgreement(
      pairsOf([
        [1, 3],
        [1, 0],
        [1, 2],
      ]),
      SCALE,
      options(),
    )) {
      expect(kappa).toEqual({ reason: "the dataset's judgements are all of one grade", n: 3 });
      expect(exact).toHaveProperty("value");
    }
  });

  it("is Cohen's κ of the two at each cut, whatever the grades", () => {
    const grades = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), {
      minLength: 4,
      maxLength: 30,
    });
    fc.assert(
      fc.property(grades, (given) => {
        const relevant = given.map(([gold]) => Number(gold >= 1));
        if (new Set(relevant).size < 2) return;
        for (const { from, kappa } of goldAgreement(pairsOf(given), SCALE, options())) {
          if (from === undefined) continue;
          const expected = cohenKappa(tallyGrades([relevant, given.map(([, grade]) => Number(grade >= from))], [0, 1]));
          expect("value" in kappa && kappa.value).toBeCloseTo(
            expected.state === "estimated" ? expected.value : Number.NaN,
            12,
          );
        }
      }),
      { numRuns: 20 },
    );
  });
});
