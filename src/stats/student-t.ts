import { BadArgument } from "../core/errors.ts";
import { requireFraction } from "./argument.ts";
import { incompleteBeta } from "./incomplete-beta.ts";

/**
 * Distribution function of Student's t.
 *
 * @param df degrees of freedom, > 0, not necessarily whole
 * @throws BadArgument when df is not positive
 * @example studentTCdf(2.262157, 9) // 0.975
 */
export function studentTCdf(t: number, df: number): number {
  if (!(df > 0)) throw new BadArgument(`df must be positive, got ${df}`);
  const square = t * t;
  // Half of the mass beyond ±t; each form keeps its digits on its own side.
  const tail =
    square < df
      ? 0.5 * (1 - incompleteBeta(square / (df + square), 0.5, df / 2))
      : 0.5 * incompleteBeta(df / (df + square), df / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}

/**
 * Quantile of Student's t, by bisection of `studentTCdf` until neighbouring doubles are reached.
 *
 * @param p in (0, 1) @param df degrees of freedom, > 0
 * @throws BadArgument outside that domain
 * @example studentTQuantile(0.975, 9) // 2.262157
 */
export function studentTQuantile(p: number, df: number): number {
  requireFraction("p", p);
  // The lower tail holds the digits of a small p.
  if (p > 0.5) return -studentTQuantile(1 - p, df);
  if (p === 0.5) return 0;
  let low = -1;
  while (studentTCdf(low, df) > p) low *= 2;
  let high = low === -1 ? 0 : low / 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (studentTCdf(middle, df) < p) low = middle;
    else high = middle;
    if (high - low < -1e-15 * low) return (low + high) / 2;
  }
}
