import { BadArgument } from "../../core/errors.ts";
import { holm } from "../holm.ts";
import { studentTCdf } from "../student-t.ts";
import { type Coefficient, differenceOf } from "./coefficient.ts";
import {
  type CoefficientIntervalOptions,
  type CoefficientWithInterval,
  coefficientIntervals,
} from "./coefficient-interval.ts";
import { type GradeColumn, selectRaters, type Tally, tallyGrades } from "./tally.ts";

/** Smaller p-values are not told apart. */
const LEAST_P = 1e-12;

export interface CompareJudgesOptions extends CoefficientIntervalOptions {
  /** The values that may be given; default: those that occur. */
  readonly scale?: ArrayLike<number>;
  /** Agreement of two raters, people first: `kappaOf`, or `(t) => krippendorffAlpha(t, "ordinal")`. */
  readonly agreement: (pair: Tally) => Coefficient;
  /** Significance level of the verdict, over all judges together. Default .05. */
  readonly alpha?: number;
}

export interface ComparedJudge extends CoefficientWithInterval {
  readonly judge: string;
  /** The best judge's coefficient minus this one's, with interval; absent for the best and where either has no value. */
  readonly behind?: CoefficientWithInterval;
  /** p-value of that difference, adjusted by Holm over all judges, in (0, 1]. */
  readonly p?: number;
  /** `best`, `behind` (by the adjusted p), or `cannot-tell`: as far as these labels go it may be as good. */
  readonly verdict: "best" | "behind" | "cannot-tell";
}

/**
 * Ranks judges by their agreement with people on one set of items, best first, and says which the labels cannot tell from
 * the best. Differences are paired: all coefficients come from the same resamples of the questions. p-values are two-sided,
 * from the difference over its resampled standard error with Student's t (units - 1), adjusted by Holm.
 *
 * The best was chosen by the same data, so that its own figure is somewhat flattered: expect less of it on other items.
 *
 * @param people one grade per item @param judges by name, each as long @throws BadArgument as `tallyGrades`, or without a judge
 */
export function compareJudges(
  people: GradeColumn,
  judges: ReadonlyMap<string, GradeColumn>,
  options: CompareJudgesOptions,
): ComparedJudge[] {
  const { scale, agreement, alpha = 0.05, range = [-1, 1], ...rest } = options;
  if (judges.size === 0) throw new BadArgument("there is no judge to compare");
  const tally = tallyGrades([people, ...judges.values()], scale);
  const names = [...judges.keys()];
  const pairs = names.map((_, j) => withPair(tally, j + 1, agreement));
  const of = (judge: number) => pairs[judge]!;
  const own = coefficientIntervals(
    tally,
    names.map((_, j) => of(j)),
    { ...rest, range },
  );
  const agreementOf = (j: number) => {
    const { coefficient } = own[j]!;
    return coefficient.state === "estimated" ? coefficient.value : Number.NEGATIVE_INFINITY;
  };
  const order = [...names.keys()].sort((a, b) => agreementOf(b) - agreementOf(a) || a - b);
  const best = order[0]!;
  const others = order.slice(1);
  const reach = range[1] - range[0];
  const differences = coefficientIntervals(
    tally,
    others.map((j) => (t: Tally) => differenceOf(of(best)(t), of(j)(t))),
    { ...rest, range: [-reach, reach] },
  );
  const found = others.map((j, at) => ({ j, behind: differences[at]!, p: pOf(differences[at]!) }));
  const tested = found.filter(({ p }) => p !== undefined);
  const adjusted = holm(tested.map(({ p }) => p!));
  const pByJudge = new Map(tested.map(({ j }, at) => [j, adjusted[at]!]));
  return [
    { judge: names[best]!, ...own[best]!, verdict: "best" },
    ...found.map(({ j, behind }): ComparedJudge => {
      const p = pByJudge.get(j);
      const known = behind.coefficient.state === "estimated" && { behind };
      const verdict = p !== undefined && p <= alpha ? "behind" : "cannot-tell";
      return { judge: names[j]!, ...own[j]!, ...known, ...(p !== undefined && { p }), verdict };
    }),
  ];
}

/**
 * Agreement of the first rater with another as a function of the tally's counts. The few distinct pairs are found once, so that a
 * resample adds up counts and copies no rows; the last value is kept, since every difference from the best asks for it again.
 */
function withPair(
  tally: Tally,
  rater: number,
  agreement: (pair: Tally) => Coefficient,
): (resampled: Tally) => Coefficient {
  const { rows } = selectRaters(tally, [0, rater]);
  const places = new Map<number, number>();
  const base = tally.scale.length + 1;
  const placeOf = Int32Array.from(tally.counts, (_, r) => {
    const key = (rows[2 * r]! + 1) * base + rows[2 * r + 1]! + 1;
    const place = places.get(key) ?? places.size;
    places.set(key, place);
    return place;
  });
  const distinct = new Int32Array(2 * places.size);
  for (const [key, place] of places) distinct.set([Math.floor(key / base) - 1, (key % base) - 1], 2 * place);
  let last: { readonly of: Tally; readonly value: Coefficient } | undefined;
  return (resampled) => {
    if (last?.of === resampled) return last.value;
    const counts = new Float64Array(places.size);
    for (let r = 0; r < placeOf.length; r++) counts[placeOf[r]!]! += resampled.counts[r]!;
    const value = agreement({ ...resampled, raters: 2, rows: distinct, counts });
    last = { of: resampled, value };
    return value;
  };
}

function pOf({ coefficient, interval }: CoefficientWithInterval): number | undefined {
  if (coefficient.state !== "estimated" || interval.state !== "estimated") return undefined;
  const t = coefficient.value / interval.standardError;
  return Math.max(LEAST_P, 2 * studentTCdf(-Math.abs(t), interval.units - 1));
}
