import { requirePair, type Tally } from "./tally.ts";

export interface ConfusionMatrix {
  /** The values of the scale, ascending: what rows and columns stand for. */
  readonly scale: readonly number[];
  /** `counts[i][j]`: items that the first rater gave scale[i] and the second scale[j]. */
  readonly counts: readonly (readonly number[])[];
  /** Items with grades of both. */
  readonly n: number;
  /** Items that lack either grade. */
  readonly missing: number;
}

/** How often each pair of grades occurs: rows the first rater (people), columns the second (judge). */
export function confusionMatrix(tally: Tally): ConfusionMatrix {
  requirePair(tally);
  const { scale, rows, counts } = tally;
  const cells = Array.from(scale, () => new Array<number>(scale.length).fill(0));
  let n = 0;
  let missing = 0;
  for (let r = 0; r < counts.length; r++) {
    const i = rows[2 * r]!;
    const j = rows[2 * r + 1]!;
    if (i < 0 || j < 0) missing += counts[r]!;
    else {
      cells[i]![j]! += counts[r]!;
      n += counts[r]!;
    }
  }
  return { scale: [...scale], counts: cells, n, missing };
}
