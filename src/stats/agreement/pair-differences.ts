import { type Coefficient, estimated, notEstimable } from "./coefficient.ts";
import { requirePair, type Tally } from "./tally.ts";

/**
 * Mean of a function of two grades over the items that both raters graded: what exact and near agreement, absolute error
 * and bias have in common. Not estimable without such an item.
 */
function meanOfPairs(tally: Tally, value: (first: number, second: number) => number): Coefficient {
  requirePair(tally);
  const { scale, rows, counts } = tally;
  let n = 0;
  let total = 0;
  for (let r = 0; r < counts.length; r++) {
    const i = rows[2 * r]!;
    const j = rows[2 * r + 1]!;
    if (i < 0 || j < 0) continue;
    n += counts[r]!;
    total += counts[r]! * value(scale[i]!, scale[j]!);
  }
  return n === 0 ? notEstimable("no item has grades of both raters", 0) : estimated(total / n, n);
}

/** Share of items on which two raters give the same grade, in [0, 1]; chance is in it, so read it beside κ. */
export function exactAgreement(tally: Tally): Coefficient {
  return meanOfPairs(tally, (x, y) => (x === y ? 1 : 0));
}

/** Share of items on which two grades differ by at most 1, in [0, 1]: on a scale of 0 and 1 always 1. */
export function withinOne(tally: Tally): Coefficient {
  return meanOfPairs(tally, (x, y) => (Math.abs(x - y) <= 1 ? 1 : 0));
}

/** Mean absolute difference of two raters, in points of the scale; 0 is full agreement. */
export function meanAbsoluteError(tally: Tally): Coefficient {
  return meanOfPairs(tally, (x, y) => Math.abs(x - y));
}

/** Mean of second minus first rater, in points of the scale: with people first and judge second, how lenient the judge is. */
export function signedBias(tally: Tally): Coefficient {
  return meanOfPairs(tally, (x, y) => y - x);
}
