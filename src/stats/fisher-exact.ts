import { BadArgument } from "../core/errors.ts";

/** Probabilities within this factor of the observed table's count as equal to it, as in R's fisher.test. */
const TIE = 1 + 1e-7;

/**
 * Fisher's exact test of two independent proportions: the two-sided p-value of no difference, the sum of the probabilities of all
 * tables with the same margins that are no more likely than the one observed. Never too small, at the price of being cautious.
 * Source: Fisher, Statistical Methods for Research Workers, 1934; two-sided as R's `fisher.test` and SciPy's `fisher_exact`.
 *
 * @param a successes of the first, in [0, n] @param n its trials, whole and above 0 @param b, m the same of the second
 * @throws BadArgument outside that domain
 * @example fisherExact(54, 71, 53, 71) // 1
 */
export function fisherExact(a: number, n: number, b: number, m: number): number {
  for (const [successes, trials] of [
    [a, n],
    [b, m],
  ] as const) {
    const whole = Number.isInteger(successes) && Number.isInteger(trials);
    if (!(whole && trials > 0 && successes >= 0 && successes <= trials)) {
      throw new BadArgument(`counts need 0 <= successes <= n and n > 0, whole, got ${successes} of ${trials}`);
    }
  }
  const right = a + b;
  const [least, most] = [Math.max(0, right - m), Math.min(n, right)];
  // log of the ratio of neighbours, so that no factorial is needed; the sum of all is the unit.
  const logs = [0];
  for (let x = least; x < most; x += 1) {
    logs.push(logs.at(-1)! + Math.log(((n - x) * (right - x)) / ((x + 1) * (m - right + x + 1))));
  }
  const largest = logs.reduce((max, log) => Math.max(max, log), Number.NEGATIVE_INFINITY);
  const weights = logs.map((log) => Math.exp(log - largest));
  const observed = weights[a - least]! * TIE;
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return Math.min(1, weights.filter((weight) => weight <= observed).reduce((sum, weight) => sum + weight, 0) / all);
}
