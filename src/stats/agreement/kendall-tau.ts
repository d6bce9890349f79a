import { type Coefficient, estimated, notEstimable } from "./coefficient.ts";
import { requirePair, type Tally } from "./tally.ts";

/**
 * Kendall's τ-b, in [-1, 1]: concordant minus discordant pairs of items, over the geometric mean of the pairs that each
 * rater tells apart. Not estimable when either gives every item the same grade. O(rows × log scale): discordant pairs are
 * counted with a tree of partial sums. Source: Kendall, Biometrika 33, 1945; Knight, JASA 61, 1966.
 *
 * @example kendallTau(tallyGrades([[1, 2, 3], [1, 3, 2]])) // value .3333
 */
export function kendallTau(tally: Tally): Coefficient {
  requirePair(tally);
  const { scale, rows, counts } = tally;
  const k = scale.length;
  const cells = Array.from(counts.keys()).filter((r) => counts[r]! > 0 && rows[2 * r]! >= 0 && rows[2 * r + 1]! >= 0);
  cells.sort((a, b) => rows[2 * a]! - rows[2 * b]!);
  const tree = new Float64Array(k + 1);
  const left = new Float64Array(k);
  const right = new Float64Array(k);
  let n = 0;
  let balance = 0;
  for (let from = 0; from < cells.length; ) {
    const first = rows[2 * cells[from]!]!;
    let to = from;
    // Items of one grade are no pair: all are counted against those before, and only then entered.
    for (; to < cells.length && rows[2 * cells[to]!] === first; to++) {
      const j = rows[2 * cells[to]! + 1]!;
      const count = counts[cells[to]!]!;
      const below = prefix(tree, j);
      const above = n - prefix(tree, j + 1);
      balance += count * (below - above);
    }
    for (let c = from; c < to; c++) {
      const j = rows[2 * cells[c]! + 1]!;
      const count = counts[cells[c]!]!;
      left[first]! += count;
      right[j]! += count;
      n += count;
      for (let at = j + 1; at <= k; at += at & -at) tree[at]! += count;
    }
    from = to;
  }
  if (n < 2) return notEstimable("fewer than two items have grades of both raters", n);
  const pairs = (n * (n - 1)) / 2;
  const apartLeft = pairs - tiedPairs(left);
  const apartRight = pairs - tiedPairs(right);
  if (apartLeft === 0 || apartRight === 0) return notEstimable("a rater gives every item the same grade", n);
  return estimated(Math.max(-1, Math.min(1, balance / Math.sqrt(apartLeft) / Math.sqrt(apartRight))), n);
}

/** Sum of the entries before position `end`. */
function prefix(tree: Float64Array, end: number): number {
  let sum = 0;
  for (let at = end; at > 0; at -= at & -at) sum += tree[at]!;
  return sum;
}

function tiedPairs(frequency: Float64Array): number {
  return frequency.reduce((total, count) => total + (count * (count - 1)) / 2, 0);
}
