import { BadArgument } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";
import { estimateMean } from "./estimate-mean.ts";
import { sum } from "./sum.ts";
import { tailError } from "./tail-error.ts";

export interface DifferenceOptions {
  /** Whether every value is 0 or 1 by definition. */
  readonly proportion: boolean;
  /** Lowest and highest value of the metric. */
  readonly range?: readonly [low: number, high: number];
  /** A number per question that names its cluster. */
  readonly clusters?: ArrayLike<number>;
  readonly rng: Rng;
  /** Questions on which either system failed (and holds the floor). Default 0. */
  readonly failed?: number;
  /** Questions left out because neither side has a value though the metric applies. Default 0. */
  readonly unscored?: number;
}

export interface MeanDifference {
  /** The mean of a less the mean of b, with its interval at a level in (0, 1); n is the questions that either mean is over. */
  estimate(level: number): Estimate;
  /** Two-sided p-value of no difference, read off the interval; 1 where there is none. */
  readonly p: number;
}

/**
 * Difference of two means that are not over the same questions. Refusal precision is over those a system declined, answer
 * precision over those it answered: what two systems have in common there was chosen by the systems, so a comparison
 * restricted to it is biased (on the questions that both declined, refusal precision is equal whatever they are worth).
 * Each mean therefore keeps all of its own questions and its own interval, and the two are put together by the distances
 * from the means to their ends, less what they have in common (MOVER):
 *
 *     low  = a - b - √(A² + B² - 2rAB)   with A = a - low of a, B = high of b - b
 *     high = a - b + √(A² + B² - 2rAB)   with A = high of a - a, B = b - low of b
 *
 * r is the correlation of the two means, from what each question (or cluster) adds to either; 0 where either shows no
 * spread. The intervals are Wilson's for proportions and Student's t otherwise, in their clustered forms. With r = 0 and
 * proportions this is Newcombe's interval. Source: Zou and Donner, Statistics in Medicine 27, 2008; Newcombe, Statistics
 * in Medicine 17, 1998, 873–890.
 *
 * @param a a value per question, undefined where this side has none @param b the same questions in the same order
 * @throws BadArgument when lengths differ, or as `estimateMean`
 */
export function differenceOfMeans(
  a: readonly (number | undefined)[],
  b: readonly (number | undefined)[],
  options: DifferenceOptions,
): MeanDifference {
  if (a.length !== b.length) throw new BadArgument(`got values of ${a.length} and of ${b.length} questions`);
  const { range, rng, clusters, failed = 0, unscored = 0 } = options;
  const counts = { n: a.filter((x, i) => x !== undefined || b[i] !== undefined).length, failed, unscored };
  const sides = [meanOf(a, options, rng.fork("a")), meanOf(b, options, rng.fork("b"))] as const;
  const r = correlation(pulls(a, clusters), pulls(b, clusters));
  const estimate = (level: number): Estimate => {
    const [x, y] = [sides[0](level), sides[1](level)];
    if (x.state === "not-estimable") return { state: "not-estimable", reason: x.reason, ...counts };
    if (y.state === "not-estimable") return { state: "not-estimable", reason: y.reason, ...counts };
    const mean = x.mean - y.mean;
    const low = mean - distance(x.mean - x.low, y.high - y.mean, r);
    const high = mean + distance(x.high - x.mean, y.mean - y.low, r);
    const [least, most] = range ? [range[0] - range[1], range[1] - range[0]] : [-Infinity, Infinity];
    const method = `difference-of-means-${x.method}`;
    return {
      state: "estimated",
      mean,
      low: Math.max(low, least),
      high: Math.min(high, most),
      level,
      method,
      ...counts,
    };
  };
  return {
    estimate,
    get p() {
      const excludes0 = (tail: number): boolean => {
        const at = estimate(1 - 2 * tail);
        return at.state === "estimated" && (at.low > 0 || at.high < 0);
      };
      return Math.min(1, 2 * tailError(excludes0));
    },
  };
}

function meanOf(values: readonly (number | undefined)[], options: DifferenceOptions, rng: Rng) {
  const { range, clusters } = options;
  const at = values.flatMap((x, i) => (x === undefined ? [] : [i]));
  const sample = {
    values: Float64Array.from(at, (i) => values[i]!),
    failed: 0,
    unscored: 0,
    ...(clusters && { clusters: Float64Array.from(at, (i) => clusters[i]!) }),
  };
  // Means over several trials of a yes-or-no metric are no longer yes or no.
  const proportion = options.proportion && sample.values.every((x) => x === 0 || x === 1);
  const method = proportion ? "wilson" : "t";
  return (level: number) => estimateMean(sample, { level, method, proportion, rng, ...(range && { range }) });
}

/** How far each question (or cluster) pulls the mean from where it is; 0 for those that are not part of it. */
function pulls(values: readonly (number | undefined)[], clusters?: ArrayLike<number>): ReadonlyMap<number, number> {
  const present = values.filter((x) => x !== undefined);
  const mean = sum(present) / Math.max(1, present.length);
  const pulls = new Map<number, number>();
  for (const [i, x] of values.entries()) {
    const unit = clusters ? clusters[i]! : i;
    if (x !== undefined) pulls.set(unit, (pulls.get(unit) ?? 0) + x - mean);
  }
  return pulls;
}

function correlation(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  const square = (pulls: ReadonlyMap<number, number>) => sum(Array.from(pulls.values(), (x) => x * x));
  const size = Math.sqrt(square(a) * square(b));
  if (size < 1e-12) return 0;
  const together = sum(Array.from(a, ([unit, x]) => x * (b.get(unit) ?? 0)));
  return Math.max(-1, Math.min(1, together / size));
}

function distance(x: number, y: number, r: number): number {
  return Math.sqrt(Math.max(0, x * x + y * y - 2 * r * x * y));
}
