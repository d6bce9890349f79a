import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import type { Coefficient } from "./coefficient.ts";
import { cohenKappa, kappaOf } from "./cohen-kappa.ts";
import { confusionMatrix } from "./confusion-matrix.ts";
import { WEIGHTINGS, type Weighting } from "./disagreement.ts";
import { fleissKappa } from "./fleiss-kappa.ts";
import { gwetAc } from "./gwet-ac.ts";
import { kendallTau } from "./kendall-tau.ts";
import { krippendorffAlpha } from "./krippendorff-alpha.ts";
import { exactAgreement, meanAbsoluteError, signedBias, withinOne } from "./pair-differences.ts";
import { pearson, spearman } from "./spearman.ts";
import { type Tally, tallyGrades } from "./tally.ts";
import {
  type AlphaReference,
  agreementReference,
  type IrrCac,
  llmjudgeColumns,
  mtragColumns,
  mtragRows,
  type PairReference,
  tallyOfCounts,
} from "./testing/agreement-reference.ts";

const LEVELS = ["nominal", "ordinal", "interval"] as const;
const DIMENSIONS = ["naturalness", "appropriateness", "completeness", "faithfulness"];

/** Equal to 1e-9, absolutely. */
function expectValue(coefficient: Coefficient, expected: number): void {
  expect(coefficient).toMatchObject({ state: "estimated" });
  expectNear((coefficient as { value: number }).value, expected);
}

function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected), `${actual} against ${expected}`).toBeLessThanOrEqual(1e-9);
}

function expectAlphas(tally: Tally, expected: AlphaReference): void {
  for (const level of LEVELS) expectValue(krippendorffAlpha(tally, level), expected[level]);
}

function expectGwet(tally: Tally, expected: IrrCac): void {
  for (const [weighting, { gwet }] of Object.entries(expected)) {
    expect(WEIGHTINGS).toContain(weighting);
    const ours = gwetAc(tally, weighting as Weighting);
    expectValue(ours, gwet.coef);
    expectNear((ours as { standardError: number }).standardError, gwet.se);
  }
}

function expectPair(tally: Tally, expected: PairReference): void {
  const matrix = confusionMatrix(tally);
  expect(matrix).toMatchObject({ n: expected.n, scale: expected.labels, missing: 0 });
  expect(matrix.counts).toEqual(expected.confusion_rows_human_columns_judge);
  expectValue(exactAgreement(tally), expected.accuracy);
  expectValue(withinOne(tally), expected.within_1);
  expectValue(meanAbsoluteError(tally), expected.mae);
  expectValue(signedBias(tally), expected.mean_judge - expected.mean_human);
  for (const [weighting, value, errors] of [
    ["identity", expected.kappa, expected.kappa_se_ci_statsmodels],
    ["linear", expected.kappa_linear, expected.kappa_linear_se_ci_statsmodels],
    ["quadratic", expected.kappa_quadratic, expected.kappa_quadratic_se_ci_statsmodels],
  ] as const) {
    const kappa = cohenKappa(tally, weighting);
    expectValue(kappa, value);
    expectValue(kappaOf(tally, weighting), value);
    expect(kappa).toMatchObject({
      standardError: expect.closeTo(errors.std_kappa, 9),
      standardErrorAtZero: expect.closeTo(errors.std_kappa0, 9),
    });
  }
  expectAlphas(tally, expected.alpha);
  expectValue(spearman(tally), expected.spearman[0]);
  expectValue(kendallTau(tally), expected.kendall_tau_b[0]);
  expectValue(pearson(tally), expected.pearson[0]);
}

describe.skipIf(!hasShared)(
  "agreement equals scikit-learn, krippendorff, statsmodels, irrCAC and scipy to 1e-9",
  () => {
    const reference = hasShared ? agreementReference() : undefined;
    const people = "llmjudge_test_qrel_idx.txt";
    const judges = ["h2oloo-fewself", "RMITIR-llama70B", "willia-umbrela1"];

    it.each(judges)("on the 4,423 pairs of llmjudge-2024 graded by %s", (judge) => {
      const tally = tallyGrades(llmjudgeColumns(people, `scores/${judge}.txt`), [0, 1, 2, 3]);
      expectPair(tally, reference!.llmjudge[judge]!.clipped);
      expectGwet(tally, reference!.llmjudge[judge]!.gwet_and_others_irrCAC);
    });

    it("on people and three judges together, and with grades missing", () => {
      const columns: (number | undefined)[][] = llmjudgeColumns(
        people,
        ...judges.map((judge) => `scores/${judge}.txt`),
      );
      const key = (start: string) => Object.keys(reference!.llmjudge).find((name) => name.startsWith(start))!;
      const whole = reference!.llmjudge[key("four_raters (")]!;
      const tally = tallyGrades(columns, [0, 1, 2, 3]);
      expectAlphas(tally, whole.alpha);
      expectGwet(tally, whole.irrCAC);
      for (let i = 0; i < columns[0]!.length; i += 7) columns[1]![i] = undefined;
      for (let i = 0; i < columns[0]!.length; i += 5) columns[2]![i] = undefined;
      const gappy = reference!.llmjudge[key("four_raters_with_missing")]!;
      const withGaps = tallyGrades(columns, [0, 1, 2, 3]);
      expectAlphas(withGaps, gappy.alpha);
      expectGwet(withGaps, gappy.irrCAC);
    });

    it.each(DIMENSIONS)("on the two to three raters of mtrag-human-eval, %s", (dimension) => {
      const expected = reference!.mtrag[dimension]!;
      const columns = mtragColumns(mtragRows(), dimension);
      const tally = tallyGrades(columns, [1, 2, 3, 4]);
      expectAlphas(tally, expected.alpha);
      expectGwet(tally, expected.irrCAC);
      expectPair(tallyGrades(columns.slice(0, 2), [1, 2, 3, 4]), expected.first_two_raters);
    });

    it.each(DIMENSIONS)("on scores that are no grades: judges against mean and median of people, %s", (dimension) => {
      const rows = mtragRows();
      for (const [judge, expected] of Object.entries(reference!.mtrag[dimension]!.judge_correlation)) {
        const scores = rows.map((row) => row[judge] as number);
        const sorted = rows.map((row) => [...(row[dimension] as number[])].sort((a, b) => a - b));
        const means = sorted.map((grades) => grades.reduce((a, b) => a + b, 0) / grades.length);
        const medians = sorted.map((grades) => (grades[(grades.length - 1) >> 1]! + grades[grades.length >> 1]!) / 2);
        for (const [people, figures] of [
          [means, expected.human_mean],
          [medians, expected.human_median],
        ] as const) {
          const tally = tallyGrades([people, scores]);
          expectValue(spearman(tally), figures.spearman);
          expectValue(kendallTau(tally), figures.kendall_tau_b);
          expectValue(pearson(tally), figures.pearson);
        }
      }
    });

    it("on the 1,480 binary verdicts of openqa-eval-nq, and the 1,472 that start with yes or no", () => {
      const all = reference!.openqa_human_vs_gpt4;
      const tally = tallyOfCounts(all.confusion_rows_human_columns_judge);
      expectPair(tally, all);
      expectGwet(tally, all.irrCAC);
      const text = reference!.openqa_human_vs_gpt4_text_starting_yes_no;
      expectPair(tallyOfCounts(text.confusion_rows_human_columns_judge), text);
    });

    it.each(["constant_vs_varied", "perfect", "reverse", "prevalence_paradox", "one_category_both"])(
      "where there is a value at all: %s",
      (name) => {
        const { a, b, ...expected } = reference!.degenerate[name]!;
        const tally = tallyGrades([a, b]);
        const ours: Record<string, Coefficient> = {
          kappa: cohenKappa(tally),
          kappa_quadratic: cohenKappa(tally, "quadratic"),
          alpha_nominal: krippendorffAlpha(tally, "nominal"),
          alpha_ordinal: krippendorffAlpha(tally, "ordinal"),
          alpha_interval: krippendorffAlpha(tally, "interval"),
          spearman: spearman(tally),
          kendall: kendallTau(tally),
          pearson: pearson(tally),
        };
        for (const [figure, coefficient] of Object.entries(ours)) {
          const value = expected[figure];
          if (typeof value === "number") expectValue(coefficient, value);
          else expect(coefficient, figure).toMatchObject({ state: "not-estimable" });
        }
        const gwet = expected.gwet as { coef: number; se: number };
        // irrCAC calls agreement on the only category that occurs 1.
        if (name === "one_category_both") expect(gwetAc(tally)).toMatchObject({ state: "not-estimable" });
        else expectGwet(tally, { identity: { gwet } });
      },
    );
  },
);

describe.skipIf(!hasShared)("agreement equals the published cases of agreement-golden", () => {
  const cases = hasShared ? JSON.parse(readFileSync(shared("data/agreement-golden/cases.json"), "utf8")) : undefined;
  const places = (coefficient: Coefficient, expected: number, digits: number) =>
    expect((coefficient as { value: number }).value).toBeCloseTo(expected, digits);

  it.each([
    ["unweighted", "identity"],
    ["linear", "linear"],
  ] as const)("SAS's table, %s κ with both standard errors", (name, weighting) => {
    const { table, places: digits } = cases.cohen_table_SAS;
    const expected = cases.cohen_table_SAS[name];
    const kappa = cohenKappa(tallyOfCounts(table), weighting);
    places(kappa, expected.kappa, digits);
    expect(kappa).toMatchObject({
      standardError: expect.closeTo(expected.ase, digits),
      standardErrorAtZero: expect.closeTo(expected.ase_h0, digits),
    });
  });

  it("R irr's anxiety ratings: weights by position when the scale says positions, by value when it says values", () => {
    const { rater2, rater3, ...expected } = cases.cohen_anxiety_R_irr;
    const position = new Map([1, 2, 3, 4, 6].map((grade, i) => [grade, i]));
    const positions = tallyGrades(
      [rater2, rater3].map((grades: number[]) => grades.map((grade) => position.get(grade))),
    );
    places(cohenKappa(positions), expected.unweighted, 8);
    places(cohenKappa(positions, "linear"), expected.equal_linear_by_position, 7);
    places(cohenKappa(positions, "quadratic"), expected.squared_quadratic_by_position, 7);
    const kappa = cohenKappa(positions) as { value: number; standardErrorAtZero: number };
    expect(kappa.value / kappa.standardErrorAtZero).toBeCloseTo(expected.z_unweighted, 6);
    // The unused grade 5 makes 6 two steps from 4, whether or not the scale names it.
    const values = cohenKappa(tallyGrades([rater2, rater3]), "linear");
    expect(values).toEqual(cohenKappa(tallyGrades([rater2, rater3], [1, 2, 3, 4, 6]), "linear"));
    expectValue(
      cohenKappa(tallyGrades([rater2, rater3], [1, 2, 3, 4, 5, 6]), "linear"),
      (values as { value: number }).value,
    );
    expect((values as { value: number }).value).not.toBeCloseTo(expected.equal_linear_by_position, 3);
  });

  it("Fleiss' diagnoses, from ratings through counts, and Wikipedia's counts", () => {
    const { ratings_30x6, kappa, places: digits } = cases.fleiss_diagnoses;
    const counts = ratings_30x6.map((row: number[]) => [1, 2, 3, 4, 5].map((c) => row.filter((x) => x === c).length));
    places(fleissKappa(counts), kappa, digits);
    const wikipedia = cases.fleiss_wikipedia_counts;
    places(fleissKappa(wikipedia.counts_10x5), wikipedia.kappa, wikipedia.places);
  });

  it("Fleiss' and Randolph's κ of four tables", () => {
    for (const { counts, fleiss, randolph } of cases.fleiss_randolph) {
      places(fleissKappa(counts), fleiss, 6);
      places(fleissKappa(counts, "randolph"), randolph, 6);
    }
  });

  it.each(["krippendorff_wikipedia", "krippendorff_4coders"])("%s, with grades missing", (name) => {
    const { coders_by_unit_null_missing, places: digits, ...levels } = cases[name];
    const tally = tallyGrades(
      coders_by_unit_null_missing.map((grades: (number | null)[]) => grades.map((grade) => grade ?? undefined)),
    );
    for (const [level, expected] of Object.entries(levels)) {
      places(krippendorffAlpha(tally, level as "ratio"), expected as number, digits);
    }
  });
});
