import { BadArgument } from "../core/errors.ts";
import { normalQuantile } from "./normal.ts";
import { studentTQuantile } from "./student-t.ts";
import { standardError, toUnits } from "./units.ts";

/** Few enough that a block outlasts most queues, many enough that their spread can be told: see the coverage in the tests. */
const BLOCKS = 10;
/** Of a shorter series nothing can be seen. */
const SHORTEST = 2 * BLOCKS;
/** What the intervals are mostly asked for; how much wider t is than the normal changes little with the level. */
const TAIL = 0.975;

/**
 * How many independent values a series is worth whose neighbours resemble each other, for its mean: n divided by the design
 * effect, the variance of the mean among ten blocks of neighbours over that of independent values, times (t / z)² for the nine
 * degrees of freedom that this variance is known with. Method of batch means: Conway, Management Science 10, 1963.
 *
 * A series that is 0 or 1 throughout shows no dependence and is worth n, as is one of fewer than 20.
 *
 * @param values each 0 or 1, in their order, at least one
 * @returns in [1, n]
 * @throws BadArgument without values
 * @example effectiveSize(Array.from({ length: 100 }, (_, i) => (i < 50 ? 1 : 0))) // 6.8: two halves, nothing more
 */
export function effectiveSize(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) throw new BadArgument("a series needs at least one value");
  if (n < SHORTEST) return n;
  const units = toUnits(
    values,
    Int32Array.from({ length: n }, (_, i) => Math.floor((i * BLOCKS) / n)),
  );
  const independent = (units.mean * (1 - units.mean)) / (n - 1);
  if (independent <= 0) return n;
  const wider = studentTQuantile(TAIL, BLOCKS - 1) / normalQuantile(TAIL);
  const effect = (wider * standardError(units)) ** 2 / independent;
  return Math.max(1, n / Math.max(1, effect));
}
