import { BadArgument } from "../core/errors.ts";
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
  const units = toUnits(options.differences, options.clusters);
  const unit = units.sizes === undefined ? "queries" : "clusters";
  if (units.count < 2) return { state: "unknown", reason: `fewer than two ${unit}` };
  if (units.constant) return { state: "unknown", reason: "all differences are equal: they show no spread" };
  const standardDeviation = standardError(units) * Math.sqrt(units.count);
  const tells = (n: number) => detectableDifference({ standardDeviation, n, alpha, power }) <= effect;
  let enough = 2;
  while (!tells(enough)) enough *= 2;
  let tooFew = enough === 2 ? 1 : enough / 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (tells(middle)) enough = middle;
    else tooFew = middle;
  }
  if (units.sizes === undefined) return { state: "known", queries: enough };
  return { state: "known", queries: Math.ceil((enough * units.n) / units.count), clusters: enough };
}
