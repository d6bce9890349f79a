import { BadArgument } from "../core/errors.ts";
import { studentTCdf } from "./student-t.ts";

/** A mean with the spread of the values it is over. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation of the values, with the divisor n - 1; >= 0. */
  readonly sd: number;
  /** Values; at least 2. */
  readonly n: number;
}

/**
 * Welch's t test of two independent means with spreads of their own: the two-sided p-value of no difference. Where neither has any
 * spread it is 1 for equal means and 0 for others. Source: Welch, Biometrika 34, 1947, with Satterthwaite's degrees of freedom.
 * @throws BadArgument below two values or for a negative spread
 */
export function welch(a: Spread, b: Spread): number {
  for (const { mean, sd, n } of [a, b]) {
    if (!(n >= 2 && sd >= 0 && Number.isFinite(mean))) {
      throw new BadArgument(`a spread needs n >= 2 and sd >= 0, got mean ${mean}, sd ${sd}, n ${n}`);
    }
  }
  const [u, v] = [a, b].map(({ sd, n }) => (sd * sd) / n) as [number, number];
  if (u + v === 0) return a.mean === b.mean ? 1 : 0;
  const t = Math.abs(a.mean - b.mean) / Math.sqrt(u + v);
  const df = (u + v) ** 2 / (u ** 2 / (a.n - 1) + v ** 2 / (b.n - 1));
  return Math.min(1, 2 * studentTCdf(-t, df));
}
