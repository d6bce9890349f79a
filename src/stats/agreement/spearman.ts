import { type Coefficient, estimated, notEstimable } from "./coefficient.ts";
import { requirePair, type Tally } from "./tally.ts";

/**
 * Pearson's correlation of two raters' grades, in [-1, 1], over the items that both graded. Not estimable when either
 * gives every item the same grade.
 */
export function pearson(tally: Tally): Coefficient {
  return correlation(tally, ({ scale }) => [scale, scale]);
}

/**
 * Spearman's rank correlation ρ, in [-1, 1]: Pearson's of the ranks, equal grades sharing the mean of theirs. Not
 * estimable when either rater gives every item the same grade. Source: Kendall, Rank Correlation Methods, 1970, chapter 3.
 *
 * @example spearman(tallyGrades([[1, 2, 3], [1, 3, 2]])) // value .5
 */
export function spearman(tally: Tally): Coefficient {
  return correlation(tally, (pair) => [midRanks(pair, 0), midRanks(pair, 1)]);
}

function correlation(tally: Tally, scores: (tally: Tally) => readonly [Float64Array, Float64Array]): Coefficient {
  requirePair(tally);
  const { rows, counts } = tally;
  const [first, second] = scores(tally);
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  for (let r = 0; r < counts.length; r++) {
    const [i, j] = [rows[2 * r]!, rows[2 * r + 1]!];
    if (i < 0 || j < 0) continue;
    n += counts[r]!;
    sumX += counts[r]! * first[i]!;
    sumY += counts[r]! * second[j]!;
  }
  if (n < 2) return notEstimable("fewer than two items have grades of both raters", n);
  let [xx, yy, xy] = [0, 0, 0];
  let [leastX, mostX, leastY, mostY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let r = 0; r < counts.length; r++) {
    const [i, j] = [rows[2 * r]!, rows[2 * r + 1]!];
    if (i < 0 || j < 0 || counts[r] === 0) continue;
    leastX = Math.min(leastX, i);
    mostX = Math.max(mostX, i);
    leastY = Math.min(leastY, j);
    mostY = Math.max(mostY, j);
    const x = first[i]! - sumX / n;
    const y = second[j]! - sumY / n;
    xx += counts[r]! * x * x;
    yy += counts[r]! * y * y;
    xy += counts[r]! * x * y;
  }
  if (leastX === mostX || leastY === mostY) return notEstimable("a rater gives every item the same grade", n);
  return estimated(Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))), n);
}

/** The mean rank of each value of the scale among one rater's grades of items that both graded. */
function midRanks({ scale, rows, counts }: Tally, rater: 0 | 1): Float64Array {
  const frequency = new Float64Array(scale.length);
  for (let r = 0; r < counts.length; r++) {
    if (rows[2 * r]! >= 0 && rows[2 * r + 1]! >= 0) frequency[rows[2 * r + rater]!]! += counts[r]!;
  }
  let before = 0;
  return frequency.map((count) => {
    before += count;
    return before - count / 2;
  });
}
