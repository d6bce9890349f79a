/** A step function of one measure: the lowest score, and from where on each higher one is given. */
export interface CutPoints {
  readonly base: number;
  /** By `from` and by `score`, ascending; a score that is never given is not there. */
  readonly cuts: readonly { readonly from: number; readonly score: number }[];
}

/** The score that a measured value gets. */
export function scoreAt({ base, cuts }: CutPoints, value: number): number {
  let score = base;
  for (const cut of cuts) if (value >= cut.from) score = cut.score;
  return score;
}

/**
 * The step function that comes nearest to labels: of all functions that never fall as the measure grows and take values of the
 * scale only, one with the least sum of squared distances. Exact, by dynamic programming over the distinct values, in
 * O(n log n + values × steps); of equally near ones the one with the lower scores. A cut stands half-way between two values.
 *
 * Squared distance rather than equal grades counted: a 3 in place of a 0 misleads more than a 1, and quadratic κ, which judges are
 * held to, weighs it the same way.
 * @param values at least one, finite @param labels one per value @param scale ascending
 */
export function fitCutPoints(
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  scale: readonly number[],
): CutPoints {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  return fitSorted(order, values, labels, scale);
}

/** As {@link fitCutPoints}, on the samples that `order` names by growing value. */
export function fitSorted(
  order: ArrayLike<number>,
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  scale: readonly number[],
): CutPoints {
  const steps = scale.length;
  const levels: number[] = [];
  /** Per distinct value and step: the step that the value before has on the best way here. */
  const ways: Uint8Array[] = [];
  let best = new Float64Array(steps);
  for (let at = 0; at < order.length; ) {
    const value = values[order[at]!]!;
    const costs = new Float64Array(steps);
    for (; at < order.length && values[order[at]!] === value; at += 1) {
      const label = labels[order[at]!]!;
      for (let k = 0; k < steps; k += 1) costs[k]! += (label - scale[k]!) ** 2;
    }
    const way = new Uint8Array(steps);
    let from = 0;
    for (let k = 0; k < steps; k += 1) {
      if (best[k]! < best[from]!) from = k;
      way[k] = from;
      costs[k]! += best[from]!;
    }
    best = costs;
    levels.push(value);
    ways.push(way);
  }
  let step = 0;
  for (let k = 1; k < steps; k += 1) if (best[k]! < best[step]!) step = k;
  const cuts: { from: number; score: number }[] = [];
  for (let g = levels.length - 1; g > 0; g -= 1) {
    const before = ways[g]![step]!;
    if (before !== step) cuts.unshift({ from: between(levels[g - 1]!, levels[g]!), score: scale[step]! });
    step = before;
  }
  return { base: scale[step]!, cuts };
}

/** Half-way, unless rounding puts that on the lower end. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle > low ? middle : high;
}
