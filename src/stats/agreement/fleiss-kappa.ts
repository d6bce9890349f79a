import { BadArgument } from "../../core/errors.ts";
import { type Coefficient, estimated, notEstimable } from "./coefficient.ts";

/**
 * Fleiss' κ from counts, for published tables that say only how many raters chose each category: (P̄ - Pe) ÷ (1 - Pe),
 * P̄ the mean share of agreeing pairs of an item, Pe the sum of squared shares of the categories. `randolph` takes Pe = 1 ÷
 * categories instead (free marginals). At most 1. Not estimable when one category only occurs (`fleiss`) or is there.
 * Source: Fleiss, Psychological Bulletin 76, 1971; Randolph 2005.
 *
 * @param counts one row per item: raters per category, the same number of raters (at least two) for every item
 * @throws BadArgument when rows differ in length or in their sum
 */
export function fleissKappa(
  counts: readonly ArrayLike<number>[],
  chance: "fleiss" | "randolph" = "fleiss",
): Coefficient {
  const n = counts.length;
  const first = counts[0];
  if (first === undefined) return notEstimable("no item", 0);
  const raters = total(first);
  if (!(raters >= 2)) throw new BadArgument(`κ needs at least two raters, got ${raters}`);
  const shares = new Float64Array(first.length);
  let agreement = 0;
  for (const row of counts) {
    if (row.length !== first.length) throw new BadArgument(`rows have ${first.length} and ${row.length} categories`);
    if (Math.abs(total(row) - raters) > 1e-9 * raters)
      throw new BadArgument(`rows have ${raters} and ${total(row)} raters`);
    let squares = 0;
    for (let k = 0; k < row.length; k++) {
      squares += row[k]! * row[k]!;
      shares[k]! += row[k]! / (n * raters);
    }
    agreement += (squares - raters) / (raters * (raters - 1)) / n;
  }
  const occurring = shares.filter((share) => share > 0).length;
  if (occurring < 2) return notEstimable("only one category occurs", n);
  const expected = chance === "randolph" ? 1 / first.length : shares.reduce((sum, share) => sum + share * share, 0);
  return estimated((agreement - expected) / (1 - expected), n);
}

function total(row: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < row.length; k++) sum += row[k]!;
  return sum;
}
