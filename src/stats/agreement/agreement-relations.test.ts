import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BadArgument } from "../../core/errors.ts";
import { type Coefficient, differenceOf } from "./coefficient.ts";
import { cohenKappa, kappaOf } from "./cohen-kappa.ts";
import { confusionMatrix } from "./confusion-matrix.ts";
import { WEIGHTINGS } from "./disagreement.ts";
import { fleissKappa } from "./fleiss-kappa.ts";
import { gwetAc } from "./gwet-ac.ts";
import { kendallTau } from "./kendall-tau.ts";
import { krippendorffAlpha } from "./krippendorff-alpha.ts";
import { exactAgreement, meanAbsoluteError, signedBias, withinOne } from "./pair-differences.ts";
import { pearson, spearman } from "./spearman.ts";
import { selectRaters, type Tally, tallyGrades } from "./tally.ts";

const LEVELS = ["nominal", "ordinal", "interval", "ratio"] as const;
const SCALE = [0, 1, 2, 3];

/** Every coefficient of two raters, by name. */
const PAIRED: readonly (readonly [string, (tally: Tally) => Coefficient])[] = [
  ...WEIGHTINGS.map((w) => [`κ ${w}`, (t: Tally) => cohenKappa(t, w)] as const),
  ...WEIGHTINGS.map((w) => [`AC ${w}`, (t: Tally) => gwetAc(t, w)] as const),
  ...LEVELS.map((l) => [`α ${l}`, (t: Tally) => krippendorffAlpha(t, l)] as const),
  ["ρ", spearman],
  ["τ-b", kendallTau],
  ["r", pearson],
];
const grades = fc.array(fc.tuple(fc.constantFrom(...SCALE), fc.constantFrom(...SCALE)), {
  minLength: 2,
  maxLength: 40,
});
const columnsOf = (rows: readonly (readonly number[])[]): number[][] => [
  rows.map((r) => r[0]!),
  rows.map((r) => r[1]!),
];

function expectSame(a: Coefficient, b: Coefficient, message?: string): void {
  expect(a.state, message).toBe(b.state);
  if (a.state === "estimated" && b.state === "estimated") expect(a.value, message).toBeCloseTo(b.value, 9);
}

describe("agreement of two raters, worked by hand", () => {
  // 10 items: both 0 on 4, both 1 on 3, 0 against 1 on 2, 1 against 0 on 1.
  const tally = tallyGrades([
    [0, 0, 0, 0, 1, 1, 1, 0, 0, 1],
    [0, 0, 0, 0, 1, 1, 1, 1, 1, 0],
  ]);
  it.each([
    // pe = .6 × .5 + .4 × .5 = .5
    ["κ (.7 - .5) / (1 - .5)", cohenKappa(tally), 0.4],
    // π of 1 = (.4 + .5) / 2 = .45; pe = 2 × .45 × .55 = .495
    ["AC1 (.7 - .495) / (1 - .495)", gwetAc(tally), 0.205 / 0.505],
    // 9 ones and 11 zeros of 20: Do = 6/20, De = 2 × 9 × 11 / (20 × 19)
    ["α 1 - .3 / (198 / 380)", krippendorffAlpha(tally, "nominal"), 1 - 0.3 / (198 / 380)],
    // τ-b of a 2 × 2 table is φ: (4 × 3 - 2 × 1) / √(6 × 4 × 5 × 5)
    ["τ-b 10 / √600", kendallTau(tally), 10 / Math.sqrt(600)],
    ["ρ 10 / √600", spearman(tally), 10 / Math.sqrt(600)],
    ["exact", exactAgreement(tally), 0.7],
    ["within one", withinOne(tally), 1],
    ["MAE", meanAbsoluteError(tally), 0.3],
    ["bias: second minus first", signedBias(tally), 0.1],
  ])("%s", (_, coefficient, expected) => {
    expectSame(coefficient, { state: "estimated", value: expected, n: 10 });
    expect(coefficient.n).toBe(10);
  });

  it("puts people in rows and the judge in columns", () => {
    expect(confusionMatrix(tally)).toEqual({
      scale: [0, 1],
      counts: [
        [4, 2],
        [1, 3],
      ],
      n: 10,
      missing: 0,
    });
  });

  it("leaves an item out that a rater left out, and counts it", () => {
    const gappy = tallyGrades([
      [0, 1, undefined, 2],
      [0, 2, 1, undefined],
    ]);
    expect(confusionMatrix(gappy)).toMatchObject({ n: 2, missing: 2 });
    expect(exactAgreement(gappy)).toEqual({ state: "estimated", value: 0.5, n: 2 });
  });

  it("weighs a near miss by the values of the scale, not by their position", () => {
    const [a, b] = [
      [0, 10, 10, 0],
      [0, 10, 1, 0],
    ];
    const value = (scale: number[]) => (cohenKappa(tallyGrades([a, b], scale), "linear") as { value: number }).value;
    expect(value([0, 1, 10])).toBe(value([0, 1, 2, 3, 10]));
    expect(value([0, 1, 10])).not.toBeCloseTo(
      (
        cohenKappa(
          tallyGrades([
            [0, 2, 2, 0],
            [0, 2, 1, 0],
          ]),
          "linear",
        ) as { value: number }
      ).value,
      3,
    );
  });
});

describe("every coefficient of two raters", () => {
  it.each(PAIRED)("%s is the same whichever rater comes first", (_, coefficient) => {
    fc.assert(
      fc.property(grades, (rows) => {
        const [a, b] = columnsOf(rows);
        expectSame(coefficient(tallyGrades([a!, b!], SCALE)), coefficient(tallyGrades([b!, a!], SCALE)));
      }),
    );
  });

  it.each(PAIRED)("%s does not depend on the order of the items", (_, coefficient) => {
    fc.assert(
      fc.property(grades, fc.integer(), (rows, seed) => {
        const shuffled = rows.map((row, i) => ({ row, key: Math.sin(seed + i) })).sort((a, b) => a.key - b.key);
        const again = columnsOf(shuffled.map(({ row }) => row));
        expectSame(coefficient(tallyGrades(columnsOf(rows), SCALE)), coefficient(tallyGrades(again, SCALE)));
      }),
    );
  });

  it.each(PAIRED)(
    "%s is at most 1 and not below -1 (AC2: -2): 1 on full agreement, never NaN, no value where one grade occurs",
    (name, coefficient) => {
      fc.assert(
        fc.property(grades, (rows) => {
          const [a, b] = columnsOf(rows);
          const found = coefficient(tallyGrades([a!, b!], SCALE));
          if (found.state === "estimated") {
            // On few items of opposite grades AC2 goes below -1: its chance does not use what each rater prefers.
            expect(found.value).toBeGreaterThanOrEqual((name.startsWith("AC") ? -2 : -1) - 1e-9);
            expect(found.value).toBeLessThanOrEqual(1 + 1e-9);
          }
          const same = coefficient(tallyGrades([a!, a!], SCALE));
          if (new Set(a).size === 1) expect(same.state).toBe("not-estimable");
          else expectSame(same, { state: "estimated", value: 1, n: rows.length });
        }),
      );
    },
  );

  it.each(PAIRED.filter(([name]) => !name.includes("ratio")))(
    "%s does not change when the scale is shifted and stretched",
    (name, coefficient) => {
      fc.assert(
        fc.property(grades, (rows) => {
          const moved = rows.map((row) => row.map((x) => 10 * x + 5));
          expectSame(
            coefficient(tallyGrades(columnsOf(rows), SCALE)),
            coefficient(tallyGrades(columnsOf(moved), [5, 15, 25, 35])),
            name,
          );
        }),
      );
    },
  );

  it.each(PAIRED.filter(([name]) => /identity|nominal/.test(name)))(
    "%s does not change when grades are renamed",
    (_, coefficient) => {
      fc.assert(
        fc.property(grades, fc.shuffledSubarray(SCALE, { minLength: 4 }), (rows, names) => {
          const renamed = rows.map((row) => row.map((x) => names[x]!));
          expectSame(
            coefficient(tallyGrades(columnsOf(rows), SCALE)),
            coefficient(tallyGrades(columnsOf(renamed), SCALE)),
          );
        }),
      );
    },
  );

  it.each(PAIRED.filter(([name]) => !/AC|α/.test(name)))(
    "%s is the same when every item is there twice",
    (_, coefficient) => {
      fc.assert(
        fc.property(grades, (rows) => {
          expectSame(
            coefficient(tallyGrades(columnsOf(rows), SCALE)),
            coefficient(tallyGrades(columnsOf([...rows, ...rows]), SCALE)),
          );
        }),
      );
    },
  );
});

describe("fast equals naive", () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), {
    minLength: 2,
    maxLength: 30,
  });

  it("τ-b counted over all pairs of items", () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [a, b] = columnsOf(rows);
        let [balance, left, right] = [0, 0, 0];
        for (let i = 0; i < rows.length; i++) {
          for (let j = 0; j < i; j++) {
            const x = Math.sign(a![i]! - a![j]!);
            const y = Math.sign(b![i]! - b![j]!);
            balance += x * y;
            left += Math.abs(x);
            right += Math.abs(y);
          }
        }
        const expected: Coefficient =
          left * right === 0
            ? { state: "not-estimable", reason: "", n: rows.length }
            : { state: "estimated", value: balance / Math.sqrt(left * right), n: rows.length };
        expectSame(kendallTau(tallyGrades([a!, b!])), expected);
      }),
    );
  });

  it("α over all pairs of grades, of any number of raters with grades missing", () => {
    const item = fc.array(fc.option(fc.constantFrom(1, 2, 4), { nil: undefined }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(item, { minLength: 2, maxLength: 15 }), (items) => {
        const tally = tallyGrades([0, 1, 2, 3].map((rater) => items.map((row) => row[rater])));
        const kept = items.map((row) => row.filter((x) => x !== undefined)).filter((row) => row.length > 1);
        const all = kept.flat();
        let observed = 0;
        for (const row of kept) for (const x of row) for (const y of row) observed += (x - y) ** 2 / (row.length - 1);
        let expected = 0;
        for (const x of all) for (const y of all) expected += (x - y) ** 2 / (all.length - 1);
        const naive: Coefficient =
          expected === 0
            ? { state: "not-estimable", reason: "", n: 0 }
            : { state: "estimated", value: 1 - observed / expected, n: 0 };
        expectSame(krippendorffAlpha(tally, "interval"), naive);
      }),
    );
  });

  it("κ without standard errors is κ with them; α of two is near Fleiss' κ: Do over (1 - 1/2n) De", () => {
    fc.assert(
      fc.property(grades, (rows) => {
        const tally = tallyGrades(columnsOf(rows), SCALE);
        for (const weighting of WEIGHTINGS) expectSame(kappaOf(tally, weighting), cohenKappa(tally, weighting));
        const fleiss = fleissKappa(rows.map((row) => SCALE.map((s) => row.filter((x) => x === s).length)));
        const alpha = krippendorffAlpha(tally, "nominal");
        if (fleiss.state === "estimated" && alpha.state === "estimated") {
          expect(1 - alpha.value).toBeCloseTo((1 - fleiss.value) * (1 - 1 / (2 * rows.length)), 9);
        } else expect(alpha.state).toBe(fleiss.state);
      }),
    );
  });
});

describe("tallyGrades", () => {
  it("keeps every grade, whatever the scale, and how often each row occurs", () => {
    const cell = fc.option(fc.constantFrom(-1.5, 0, 0.1, 7, 1000), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 50 }), (items) => {
        const tally = tallyGrades([0, 1, 2].map((rater) => items.map((row) => row[rater])));
        items.forEach((row, i) => {
          const codes = tally.rows.subarray(3 * tally.rowOf[i]!, 3 * tally.rowOf[i]! + 3);
          expect(Array.from(codes, (code) => (code < 0 ? undefined : tally.scale[code]))).toEqual(row);
        });
        expect(tally.counts.reduce((a, b) => a + b)).toBe(items.length);
        expect(tally.counts.length).toBe(new Set(items.map((row) => JSON.stringify(row.map(String)))).size);
      }),
    );
  });

  it("picks raters in the order asked for", () => {
    const columns = [
      [0, 1, 2],
      [1, 1, 0],
      [2, 0, 0],
    ];
    const picked = selectRaters(tallyGrades(columns), [2, 0]);
    expectSame(signedBias(picked), signedBias(tallyGrades([columns[2]!, columns[0]!])));
  });

  it.each([
    ["no rater", () => tallyGrades([])],
    ["raters of different length", () => tallyGrades([[1], [1, 2]])],
    ["a grade off the scale", () => tallyGrades([[4]], [0, 1, 2, 3])],
    ["a grade between the scale's values", () => tallyGrades([[1.5]], [0, 1, 2, 3])],
    ["a grade that a fractional scale lacks", () => tallyGrades([[1]], [0, 0.5])],
    ["NaN", () => tallyGrades([[Number.NaN]])],
    ["NaN on a scale", () => tallyGrades([[Number.NaN]], [0, 1])],
    ["infinity", () => tallyGrades([[Infinity]])],
    ["a scale that does not ascend", () => tallyGrades([[1]], [1, 1])],
    ["three raters where two are meant", () => cohenKappa(tallyGrades([[1], [1], [1]]))],
    [
      "a ratio scale below 0",
      () =>
        krippendorffAlpha(
          tallyGrades([
            [-1, 1],
            [1, 1],
          ]),
          "ratio",
        ),
    ],
    [
      "a scale too fine for κ",
      () => cohenKappa(tallyGrades([Array.from({ length: 5000 }, (_, i) => i), Array(5000).fill(1)])),
    ],
    [
      "counts of unequal raters",
      () =>
        fleissKappa([
          [2, 1],
          [1, 1],
        ]),
    ],
    ["counts of unequal categories", () => fleissKappa([[2, 1], [3]])],
    ["a single rater", () => fleissKappa([[1, 0]])],
  ])("refuses %s", (_, run) => {
    expect(run).toThrow(BadArgument);
  });
});

describe("not estimable", () => {
  it.each([
    ["no item", [[], []]],
    [
      "no item that both graded",
      [
        [1, undefined],
        [undefined, 2],
      ],
    ],
    [
      "one grade everywhere",
      [
        [2, 2, 2],
        [2, 2, 2],
      ],
    ],
  ] as [string, (number | undefined)[][]][])("%s gives no coefficient a value", (_, columns) => {
    for (const [name, coefficient] of PAIRED) {
      const found = coefficient(tallyGrades(columns, SCALE));
      expect(found.state, name).toBe("not-estimable");
    }
  });

  it("a difference needs both sides", () => {
    const none: Coefficient = { state: "not-estimable", reason: "x", n: 0 };
    const half: Coefficient = { state: "estimated", value: 0.5, n: 3 };
    expect(differenceOf(none, half)).toBe(none);
    expect(differenceOf(half, none)).toBe(none);
    expect(differenceOf(half, { ...half, value: 0.25 })).toEqual({ state: "estimated", value: 0.25, n: 3 });
  });
});
