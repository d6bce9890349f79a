import { BadArgument } from "../core/errors.ts";
import { requireCount } from "./argument.ts";
import { detectableDifference } from "./detectable-difference.ts";
import { standardError, toUnits } from "./units.ts";

export interface QueriesNeededOptions {
  /** Paired differences seen so far, one per query. */
  readonly differences: ArrayLike<number>;
  /** A number per query that names its cluster; then whole clusters are counted. */
  readonly clusters?: ArrayLike<number>;
  /** The true mean difference that should be told, > 0, in the unit of the metric. */
  readonly effect: number;
  /** Two-sided significance level. Default .05. */
  readonly alpha?: number;
  /** Wanted probability of telling it. Default .8. */
  readonly power?: number;
}

export type QueriesNeeded =
  | {
      readonly state: "known";
      /** Queries in total, those seen included. */
      readonly queries: number;
      /** With clusters: how many in total, of the mean size seen. */
      readonly clusters?: number;
    }
  /** The differences seen do not say how much differences vary. */
  | { readonly state: "unknown"; readonly reason: string };

/**
 * How many queries in total would tell a true mean difference of `effect`, when differences go on varying as those
 * seen: the smallest n whose `detectableDifference` is at most `effect`. It is what a "cannot tell" should advise.
 *
 * @throws BadArgument when the effect is not positive, or as `detectableDifference`
 * @example queriesNeeded({ differences: [-1, 1, -1, 1], effect: 0.5 }) // { state: "known", queries: 44 }
 */
export function queriesNeeded(options: QueriesNeededOptions): QueriesNeeded {
  const { effect, alpha, power } = options;
  if (!(effect > 0)) throw new BadArgument(`effect must be positive, got ${effect}`);
  const spread = spreadOf(options);
  if (spread.state === "unknown") return spread;
  const { standardDeviation, perUnit } = spread;
  const tells = (n: number) => detectableDifference({ standardDeviation, n, alpha, power }) <= effect;
  let enough = 2;
  while (!tells(enough)) enough *= 2;
  let tooFew = enough === 2 ? 1 : enough / 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (tells(middle)) enough = middle;
    else tooFew = middle;
  }
  if (perUnit === undefined) return { state: "known", queries: enough };
  return { state: "known", queries: Math.ceil(enough * perUnit), clusters: enough };
}

/** What so many queries would tell; unknown where the differences seen do not say how much differences vary. */
export type Detectable =
  | { readonly state: "known"; readonly difference: number }
  | { readonly state: "unknown"; readonly reason: string };

/**
 * The other way round: the smallest true mean difference that `queries` queries tell, when differences go on varying as those
 * seen. With clusters, of the mean size seen.
 *
 * @throws BadArgument when that is not a whole number from 1, or as `detectableDifference`
 * @example detectableWith({ differences: [-1, 1, -1, 1], queries: 44 }) // { state: "known", difference: 0.497 }
 */
export function detectableWith(
  options: Omit<QueriesNeededOptions, "effect"> & { readonly queries: number },
): Detectable {
  const { queries, alpha, power } = options;
  requireCount("queries", queries, 1);
  const spread = spreadOf(options);
  if (spread.state === "unknown") return spread;
  const { standardDeviation, perUnit = 1, unit } = spread;
  const n = Math.floor(queries / perUnit);
  if (n < 2) return { state: "unknown", reason: `fewer than two ${unit}` };
  return { state: "known", difference: detectableDifference({ standardDeviation, n, alpha, power }) };
}

/** The standard deviation of what is drawn independently, in the unit of the metric, and the queries in one of that. */
function spreadOf({ differences, clusters }: Pick<QueriesNeededOptions, "differences" | "clusters">) {
  const units = toUnits(differences, clusters);
  const unit = units.sizes === undefined ? "queries" : "clusters";
  if (units.count < 2) return { state: "unknown", reason: `fewer than two ${unit}` } as const;
  if (units.constant) return { state: "unknown", reason: "all differences are equal: they show no spread" } as const;
  const standardDeviation = standardError(units) * Math.sqrt(units.count);
  const perUnit = units.sizes === undefined ? undefined : units.n / units.count;
  return { state: "known", standardDeviation, perUnit, unit } as const;
}
