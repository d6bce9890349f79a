import { BadArgument } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { requireCount, requireFinite, requireFraction } from "../argument.ts";
import { percentileInterval } from "../bootstrap-interval.ts";
import { RandomIndices } from "../random-indices.ts";
import { type Coefficient, estimated, notEstimable } from "./coefficient.ts";
import { type CoefficientInterval, type CoefficientWithInterval, deviation } from "./coefficient-interval.ts";

/** Answers graded by both sides, one entry of each array per answer. */
export interface GradedAnswers {
  /** The number of the system, 0 … systems - 1. */
  readonly system: ArrayLike<number>;
  /** A number that names the question. */
  readonly question: ArrayLike<number>;
  readonly judge: ArrayLike<number>;
  readonly people: ArrayLike<number>;
}

export interface SystemRankingOptions {
  /** Confidence level in (0, 1). Default .95. */
  readonly level?: number;
  /** Bootstrap resamples of the questions, >= 99. Default 2000. */
  readonly resamples?: number;
  readonly rng: Rng;
}

/** Two systems whose order by people the judge may not find. */
export interface SystemPair {
  readonly systems: readonly [better: number, worse: number];
  /** Difference of their means by people (not negative) and by the judge (negative when swapped). */
  readonly people: number;
  readonly judge: number;
  /** Share of resamples of the questions in which judge and people order them differently, in [0, 1]. */
  readonly swapped: number;
}

export interface SystemRanking {
  /** Mean by judge and by people of each system. */
  readonly means: readonly { readonly judge: number; readonly people: number; readonly answers: number }[];
  /** Kendall's τ-b of the two rankings. */
  readonly tau: CoefficientWithInterval;
  /**
   * Probability that a pair of systems that people tell apart is put the other way round by the judge, in [0, 1]; a pair
   * that the judge leaves tied counts half. ½ is a coin.
   */
  readonly swapped: CoefficientWithInterval;
  /** Every pair of systems, the likeliest to be swapped first. */
  readonly pairs: readonly SystemPair[];
}

/**
 * Whether a judge ranks systems as people do, which is what a leaderboard needs: systems are ranked by their mean over
 * the answers that both sides graded. Intervals are the percentile bootstrap's over questions (all answers to a question
 * together). They are wide rather than narrow where systems are close: resampling adds its noise to that of the sample
 * (eight systems 0.8 standard errors apart, level .95: both hold the truth on all of 150 repetitions; BCa on 83%).
 *
 * @param systems how many there are, at least two, each with an answer
 * @throws BadArgument when arrays differ in length, a grade is not finite or a system has no answer
 */
export function systemRanking(answers: GradedAnswers, systems: number, options: SystemRankingOptions): SystemRanking {
  const { level = 0.95, resamples = 2000, rng } = options;
  requireCount("systems", systems, 2);
  requireFraction("level", level);
  requireCount("resamples", resamples, 99);
  const sums = questionSums(answers, systems);
  const whole = total(sums);
  const all = meansOf(whole);
  if (all === undefined) throw new BadArgument("every system needs an answer that both sides graded");
  const pairs = orderedPairs(all);
  const swaps = pairs.map(() => 0);
  const replicates: Means[] = [];
  const source = new RandomIndices(rng, sums.length);
  const drawn = new Uint32Array(sums.length);
  for (let r = 0; r < resamples; r++) {
    source.fill(drawn);
    const means = meansOf(total(Array.from(drawn, (q) => sums[q]!)));
    // A system none of whose questions was drawn has no place in that ranking.
    if (means === undefined) continue;
    replicates.push(means);
    pairs.forEach(([i, j], p) => {
      swaps[p]! += disorder(means, i, j);
    });
  }
  const withInterval = (statistic: (means: Means) => Coefficient): CoefficientWithInterval => {
    const coefficient = statistic(all);
    return { coefficient, interval: intervalOf(coefficient, statistic, replicates, sums.length, level, resamples) };
  };
  return {
    means: Array.from(all.judge, (judge, s) => ({ judge, people: all.people[s]!, answers: whole[3 * s + 2]! })),
    tau: withInterval(tauOf),
    swapped: withInterval(swappedShare),
    pairs: pairs
      .map(([i, j], p) => ({
        systems: [i, j] as const,
        people: all.people[i]! - all.people[j]!,
        judge: all.judge[i]! - all.judge[j]!,
        swapped: replicates.length === 0 ? disorder(all, i, j) : swaps[p]! / replicates.length,
      }))
      .sort((a, b) => b.swapped - a.swapped),
  };
}

interface Means {
  readonly judge: Float64Array;
  readonly people: Float64Array;
}

/** Per question: sum by judge, sum by people and number of answers of each system. */
function questionSums({ system, question, judge, people }: GradedAnswers, systems: number): Float64Array[] {
  const n = system.length;
  if (question.length !== n || judge.length !== n || people.length !== n) {
    throw new BadArgument("system, question, judge and people must be of one length");
  }
  requireFinite("judge", judge);
  requireFinite("people", people);
  const sums = new Map<number, Float64Array>();
  for (let i = 0; i < n; i++) {
    const s = system[i]!;
    if (!Number.isInteger(s) || s < 0 || s >= systems)
      throw new BadArgument(`system[${i}] must be in 0 … ${systems - 1}, got ${s}`);
    const sum = sums.get(question[i]!) ?? new Float64Array(3 * systems);
    sums.set(question[i]!, sum);
    sum[3 * s]! += judge[i]!;
    sum[3 * s + 1]! += people[i]!;
    sum[3 * s + 2]! += 1;
  }
  return [...sums.values()];
}

function total(questions: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(questions[0]?.length ?? 0);
  for (const question of questions) for (let at = 0; at < sum.length; at++) sum[at]! += question[at]!;
  return sum;
}

function meansOf(sums: Float64Array): Means | undefined {
  const systems = sums.length / 3;
  const judge = new Float64Array(systems);
  const people = new Float64Array(systems);
  if (systems === 0) return undefined;
  for (let s = 0; s < systems; s++) {
    const answers = sums[3 * s + 2]!;
    if (answers === 0) return undefined;
    judge[s] = rounded(sums[3 * s]! / answers);
    people[s] = rounded(sums[3 * s + 1]! / answers);
  }
  return { judge, people };
}

/** Means that differ by rounding only are tied. */
function rounded(mean: number): number {
  return Number(mean.toPrecision(12));
}

function orderedPairs({ people }: Means): (readonly [number, number])[] {
  const order = [...people.keys()].sort((a, b) => people[b]! - people[a]! || a - b);
  return order.flatMap((i, at) => order.slice(at + 1).map((j) => [i, j] as const));
}

/** 1 where the two sides order a pair differently, ½ where just one leaves it tied. */
function disorder({ judge, people }: Means, i: number, j: number): number {
  const a = Math.sign(judge[i]! - judge[j]!);
  const b = Math.sign(people[i]! - people[j]!);
  return Math.abs(a - b) / 2;
}

/** Kendall's τ-b of the two rankings: as `kendallTau`, over the few pairs of systems directly. */
function tauOf({ judge, people }: Means): Coefficient {
  const systems = people.length;
  let [balance, byPeople, byJudge] = [0, 0, 0];
  for (let i = 0; i < systems; i++) {
    for (let j = 0; j < i; j++) {
      const a = Math.sign(judge[i]! - judge[j]!);
      const b = Math.sign(people[i]! - people[j]!);
      balance += a * b;
      byJudge += Math.abs(a);
      byPeople += Math.abs(b);
    }
  }
  if (byJudge === 0 || byPeople === 0) return notEstimable("a side tells no two systems apart", systems);
  return estimated(balance / Math.sqrt(byPeople * byJudge), systems);
}

function swappedShare(means: Means): Coefficient {
  const systems = means.people.length;
  let apart = 0;
  let swapped = 0;
  for (let i = 0; i < systems; i++) {
    for (let j = 0; j < i; j++) {
      if (means.people[i] === means.people[j]) continue;
      apart += 1;
      swapped += disorder(means, i, j);
    }
  }
  return apart === 0 ? notEstimable("people tell no two systems apart", 0) : estimated(swapped / apart, apart);
}

function intervalOf(
  coefficient: Coefficient,
  statistic: (means: Means) => Coefficient,
  replicates: readonly Means[],
  questions: number,
  level: number,
  resamples: number,
): CoefficientInterval {
  const none = (reason: string): CoefficientInterval => ({ state: "not-estimable", reason });
  if (coefficient.state === "not-estimable") return none(coefficient.reason);
  if (questions < 2) return none("a single question");
  const resampled = valuesOf(replicates.map(statistic));
  if (resampled.length < 0.95 * resamples) return none("too few questions: systems drop out of the resamples");
  if (resampled.every((x) => x === resampled[0])) return none("every resample of the questions gives the same value");
  const { low, high } = percentileInterval(resampled, level);
  const standardError = deviation(resampled);
  return {
    state: "estimated",
    low,
    high,
    standardError,
    level,
    method: "bootstrap-percentile-clustered",
    units: questions,
  };
}

function valuesOf(coefficients: readonly Coefficient[]): number[] {
  return coefficients.flatMap((c) => (c.state === "estimated" ? [c.value] : []));
}
