import { BadArgument } from "../core/errors.ts";

/** Density of the standard normal distribution. */
function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/**
 * Distribution function of the standard normal, with full relative precision in the lower tail.
 * Source: Marsaglia, J. Stat. Software 11(4), 2004 (series); Laplace's continued fraction of Mills' ratio in the tails.
 *
 * @example normalCdf(1.96) // 0.975002
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) throw new BadArgument("normalCdf of NaN");
  if (x > 2.5) return 1 - lowerTail(-x);
  if (x < -2.5) return lowerTail(x);
  let term = x;
  let total = x;
  for (let i = 3; Math.abs(term) > Math.abs(total) * 1e-17; i += 2) {
    term *= (x * x) / i;
    total += term;
  }
  return 0.5 + total * density(x);
}

/** x <= -2.5; there 120 levels of the fraction are exact to the last digits. */
function lowerTail(x: number): number {
  const y = -x;
  let fraction = y;
  for (let k = 120; k >= 1; k--) fraction = y + k / fraction;
  return density(y) / fraction;
}

/**
 * Quantile function (inverse distribution function) of the standard normal: a rational first guess (Abramowitz and
 * Stegun 26.2.23, error below 4.5e-4) and Halley steps on `normalCdf`, which triple its digits each.
 *
 * @param p in [0, 1]; 0 and 1 give minus and plus infinity
 * @throws BadArgument when p is outside [0, 1]
 * @example normalQuantile(0.975) // 1.959964
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new BadArgument(`p must lie in [0, 1], got ${p}`);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(p));
  let x = -t + (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 3; step++) {
    const error = (normalCdf(x) - p) / density(x);
    x -= error / (1 + 0.5 * x * error);
  }
  return x;
}
