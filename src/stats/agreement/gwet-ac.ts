import { type EstimatedCoefficient, type NoCoefficient, notEstimable } from "./coefficient.ts";
import { disagreement, type Weighting } from "./disagreement.ts";
import type { Tally } from "./tally.ts";

/** AC1 or AC2 with its standard error for independent items. */
export type GwetAc = (EstimatedCoefficient & { readonly standardError: number }) | NoCoefficient;

/**
 * Gwet's AC1 (weighting `identity`) and AC2 (the others): agreement beyond a chance that does not grow when one grade
 * prevails, where κ and α fall to 0 though raters agree on nearly all. 1 is full agreement. Any number of raters, grades
 * may be missing; the number of values of the scale enters, so name the scale rather than take what occurs.
 *
 * AC = (pa - pe) ÷ (1 - pe); pa is the mean over items with two grades or more of the weighted share of agreeing pairs,
 * pe = (Σ weights) ÷ (q (q - 1)) × Σ π (1 - π), π the mean share of each grade over items with any. Not estimable when
 * fewer than two different grades occur. Source: Gwet, British J. Math. Stat. Psychology 61, 2008; Handbook of
 * Inter-Rater Reliability, 4th edition, 2014, chapters 4 and 5.
 */
export function gwetAc(tally: Tally, weighting: Weighting = "identity"): GwetAc {
  const { scale, raters, rows, counts } = tally;
  const q = scale.length;
  const far = disagreement(scale, weighting);
  const share = new Float64Array(q);
  const given = new Float64Array(counts.length);
  const agreeing = new Float64Array(counts.length);
  let n = 0;
  let paired = 0;
  let agreement = 0;
  for (let r = 0; r < counts.length; r++) {
    let apart = 0;
    for (let a = 0; a < raters; a++) {
      const x = rows[r * raters + a]!;
      if (x < 0) continue;
      given[r]!++;
      for (let b = 0; b < a; b++) {
        const y = rows[r * raters + b]!;
        if (y >= 0) apart += far(x, y);
      }
    }
    const m = given[r]!;
    if (m === 0) continue;
    n += counts[r]!;
    for (let a = 0; a < raters; a++) {
      const x = rows[r * raters + a]!;
      if (x >= 0) share[x]! += counts[r]! / m;
    }
    if (m < 2) continue;
    agreeing[r] = 1 - (2 * apart) / (m * (m - 1));
    paired += counts[r]!;
    agreement += counts[r]! * agreeing[r]!;
  }
  if (paired === 0) return notEstimable("no item has two grades", 0);
  if (share.filter((x) => x > 0).length < 2) return notEstimable("only one grade occurs", paired);
  let weights = 0;
  for (let i = 0; i < q; i++) for (let j = 0; j < q; j++) weights += 1 - far(i, j);
  const factor = weights / (q * (q - 1));
  const chance = factor * share.reduce((total, x) => total + (x / n) * (1 - x / n), 0);
  const pa = agreement / paired;
  const value = (pa - chance) / (1 - chance);

  // How far each item pulls the coefficient: through its own agreement and through the grades' shares.
  let spread = 0;
  for (let r = 0; r < counts.length; r++) {
    const m = given[r]!;
    if (m === 0 || counts[r] === 0) continue;
    let own = 0;
    for (let a = 0; a < raters; a++) {
      const x = rows[r * raters + a]!;
      if (x >= 0) own += (1 - share[x]! / n) / m;
    }
    const direct = m < 2 ? 0 : ((n / paired) * (agreeing[r]! - chance)) / (1 - chance);
    const pull = direct - (2 * (1 - value) * (factor * own - chance)) / (1 - chance);
    spread += counts[r]! * (pull - value) ** 2;
  }
  return { state: "estimated", value, n: paired, standardError: n > 1 ? Math.sqrt(spread / (n * (n - 1))) : 0 };
}
