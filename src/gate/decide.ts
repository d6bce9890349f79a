import { holm, type Interval, tailError } from "../stats/index.ts";
import type { GateWord } from "./verdict.ts";

/** The claim that a mean is at least `limit`. What should be low is negated first, so that more is always better. */
export interface Claim {
  readonly limit: number;
  /** It fails where the mean is shown to lie below this; the limit itself where left out. At most the limit. */
  readonly floor?: number;
  /**
   * The central confidence interval of the mean at a level in (0, 1). Intervals of higher levels must contain those of lower ones.
   * Undefined when the data allow none: then nothing can be told.
   */
  readonly interval: ((level: number) => Interval) | undefined;
}

export interface Decision {
  readonly verdict: GateWord;
  /** Two-sided p-value against limit and floor, adjusted by Holm: the verdict is `cannot tell` exactly when p > alpha. */
  readonly p: number;
  /** The bounds the verdict was read from: `pass` exactly when low >= limit, `fail` exactly when high < floor. */
  readonly interval: Interval | undefined;
  /** 1 - the errors of both tails. The tails differ when Holm stopped at different steps. */
  readonly level: number;
  /** Error of the lower tail, doubled: the two-sided alpha this comparison was held to. */
  readonly alpha: number;
}

/**
 * Decides m claims together. For each there are two one-sided hypotheses: "the mean is below the limit", whose rejection
 * is a pass, and "the mean is not below the floor", whose rejection is a fail. Holm's procedure runs over the m first ones
 * and over the m second ones, each at alpha / 2, so that the probability that any of the passes is wrong is at most
 * alpha / 2, that any of the fails is wrong likewise, and that any verdict is wrong at most alpha, whatever the dependence
 * of the metrics. (One Holm over two-sided p-values would need independence to bound errors of direction: Shaffer, Ann.
 * Statistics 8, 1980.)
 *
 * Verdicts and intervals cannot disagree, because they are one thing. The p-value of a claim is read off its interval: the
 * smallest tail error at which the bound still excludes the limit. Holm stops after r rejections exactly when the other
 * m - r p-values exceed (alpha / 2) / (m - r), and then the r rejected ones are all below that; so bounds with the tail
 * error (alpha / 2) / (m - r) exclude the limit for the rejected claims and for no other. With one claim that is the usual
 * interval of level 1 - alpha, and when all m pass the lower bounds are those of level 1 - alpha too.
 */
export function decide(claims: readonly Claim[], alpha: number): Decision[] {
  const passes = family(claims, alpha / 2, (interval, { limit }) => interval.low >= limit);
  const fails = family(claims, alpha / 2, (interval, { limit, floor = limit }) => interval.high < floor);
  return claims.map(({ interval }, i) => {
    const [pass, fail] = [passes.adjusted[i]!, fails.adjusted[i]!];
    const verdict = pass <= alpha / 2 ? "pass" : fail <= alpha / 2 ? "fail" : "cannot tell";
    return {
      verdict,
      p: Math.min(1, 2 * Math.min(pass, fail)),
      interval: interval && { low: interval(1 - 2 * passes.tail).low, high: interval(1 - 2 * fails.tail).high },
      level: 1 - passes.tail - fails.tail,
      alpha: 2 * passes.tail,
    };
  });
}

/** Holm over the one-sided hypotheses of one direction: adjusted p-values, and the tail error of the step where it stopped. */
function family(
  claims: readonly Claim[],
  alpha: number,
  excludes: (interval: Interval, claim: Claim) => boolean,
): { readonly adjusted: readonly number[]; readonly tail: number } {
  const adjusted = holm(
    claims.map((claim) => {
      const { interval } = claim;
      return interval ? tailError((tail) => excludes(interval(1 - 2 * tail), claim)) : 1;
    }),
  );
  const rejected = adjusted.filter((p) => p <= alpha).length;
  return { adjusted, tail: alpha / Math.max(1, claims.length - rejected) };
}
