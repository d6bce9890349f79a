import { BadArgument } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import { requireCount, requireFinite, requireFraction } from "./argument.ts";
import { percentileInterval } from "./bootstrap-interval.ts";
import type { Interval } from "./interval.ts";
import { RandomIndices } from "./random-indices.ts";
import { sum } from "./sum.ts";

/** How much of the spread of repeated measurements is between questions, and how much between trials of one question. */
export interface VarianceComponents {
  readonly questions: number;
  /** Trials a question; where questions have unequal numbers of them, the number that counts (n₀ of the source). */
  readonly trials: number;
  /** Variance of the questions' true means, >= 0: an estimate below 0 is taken as 0. In squared units of the values. */
  readonly betweenQuestions: number;
  /** Variance of the trials of one question, >= 0. */
  readonly betweenTrials: number;
  /** Of the variance of the mean over all, the share that more trials would remove, in [0, 1]; 0 where nothing varies. */
  readonly trialShare: number;
}

/** The sums that the components are made of: they add up over questions, so that a resample costs an addition each. */
interface Sums {
  readonly sizes: Float64Array;
  /** Per question: sum of the values' distances from the grand mean. */
  readonly totals: Float64Array;
  /** Per question: sum of squared distances from its own mean. */
  readonly within: Float64Array;
}

/**
 * Variance components of a one-way random-effects analysis of variance, y = μ + question + trial, by the method of
 * moments: between trials MSW, between questions (MSB − MSW) / n₀ with n₀ = (N − Σ n² / N) / (k − 1). For equal numbers
 * of trials these are the REML estimates. No distribution is assumed.
 * Source: Searle, Casella and McCulloch, Variance Components, 1992, 3.6.
 *
 * @param questions the values of each question's trials, finite; a question with one trial tells of questions alone
 * @throws BadArgument with fewer than two questions, without a question of two trials, or for a value that is not finite
 * @example varianceComponents([[1, 1], [0, 0]]) // all between questions: betweenTrials 0, trialShare 0
 */
export function varianceComponents(questions: readonly ArrayLike<number>[]): VarianceComponents {
  const sums = sumsOf(questions);
  return components(sums, everyIndex(questions.length));
}

export interface TrialShareOptions {
  /** In (0, 1). Default .95. */
  readonly level?: number;
  /** >= 99. Default 999. */
  readonly resamples?: number;
  readonly rng: Rng;
}

/**
 * Percentile bootstrap interval of {@link VarianceComponents.trialShare}: questions are drawn with replacement, each with
 * its trials. A drawing in which nothing can be told (no question of two trials) is drawn again as the estimate itself.
 * @throws BadArgument as `varianceComponents`, or when an option is outside its domain
 */
export function trialShareInterval(questions: readonly ArrayLike<number>[], options: TrialShareOptions): Interval {
  const { level = 0.95, resamples = 999, rng } = options;
  requireFraction("level", level);
  requireCount("resamples", resamples, 99);
  const sums = sumsOf(questions);
  const estimate = components(sums, everyIndex(questions.length)).trialShare;
  const source = new RandomIndices(rng, questions.length);
  const drawn = new Uint32Array(questions.length);
  const shares = Float64Array.from({ length: resamples }, () => {
    source.fill(drawn);
    return drawn.some((i) => sums.sizes[i]! > 1) ? components(sums, drawn).trialShare : estimate;
  });
  return percentileInterval(shares, level);
}

/**
 * Standard error of the mean over questions when each of `questions` is asked `trials` times.
 * @param trials may be Infinity: the part that no number of trials removes
 */
export function standardErrorWith(
  { betweenQuestions, betweenTrials }: Pick<VarianceComponents, "betweenQuestions" | "betweenTrials">,
  questions: number,
  trials: number,
): number {
  return Math.sqrt((betweenQuestions + betweenTrials / trials) / questions);
}

function sumsOf(questions: readonly ArrayLike<number>[]): Sums {
  requireCount("questions", questions.length, 2);
  if (!questions.some(({ length }) => length > 1)) throw new BadArgument("no question has two trials");
  for (const values of questions) {
    if (values.length === 0) throw new BadArgument("a question needs a value");
    requireFinite("values", values);
  }
  const sizes = Float64Array.from(questions, ({ length }) => length);
  const means = Float64Array.from(questions, (values) => sum(values) / values.length);
  // A large common offset costs no digits: everything is taken from the grand mean.
  const grand = sum(means.map((mean, i) => mean * sizes[i]!)) / sum(sizes);
  return {
    sizes,
    totals: means.map((mean, i) => sizes[i]! * (mean - grand)),
    within: Float64Array.from(questions, (values, i) => sum(Array.from(values, (x) => (x - means[i]!) ** 2))),
  };
}

function everyIndex(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, i) => i);
}

function components({ sizes, totals, within }: Sums, drawn: Uint32Array): VarianceComponents {
  const k = drawn.length;
  let n = 0;
  let squares = 0;
  let total = 0;
  let between = 0;
  let inside = 0;
  for (let d = 0; d < k; d += 1) {
    const i = drawn[d]!;
    const size = sizes[i]!;
    const own = totals[i]!;
    n += size;
    squares += size * size;
    total += own;
    between += (own * own) / size;
    inside += within[i]!;
  }
  const trials = (n - squares / n) / (k - 1);
  const meanBetween = Math.max(0, between - total ** 2 / n) / (k - 1);
  const betweenTrials = inside / (n - k);
  const betweenQuestions = Math.max(0, (meanBetween - betweenTrials) / trials);
  const ofTrials = betweenTrials / trials;
  const all = betweenQuestions + ofTrials;
  return { questions: k, trials, betweenQuestions, betweenTrials, trialShare: all === 0 ? 0 : ofTrials / all };
}
