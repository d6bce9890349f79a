import { holm, studentTCdf } from "../stats/index.ts";
import type { Contender, StandingOptions } from "./standings.ts";
import type { RankInterval, Standing } from "./summary-types.ts";

/** Pairs grow with the square of the rows; ranks of more rows than these are not estimated. */
export const MOST_RANKED = 100;

/**
 * Between which places each row of a column may stand: from 1 + the rows that are better than it to the rows less those that are
 * worse, where better and worse are what a paired test says and never the means alone. Rows of which nothing can be told therefore
 * share places.
 *
 * Comparisons with the best row are those of {@link standings}, so that `≈ best` and a rank from 1 always go together. The pairs
 * among all other rows are tested by Student's t of the paired differences (of cluster sums, where questions have clusters; of two
 * means that are not over the same questions, by what each question adds to either), with Holm over these pairs. The chance that
 * any row is put below one it is not below is at most 1 - level in each of the two families.
 * Source: Mogstad, Romano, Shaikh and Wilhelm, Inference for Ranks, Review of Economic Studies 91, 2024 (confidence sets for ranks
 * from pairwise tests).
 *
 * @returns undefined for rows that are not ranked, and for all where more than {@link MOST_RANKED} are
 */
export function rankIntervals(
  rows: readonly (Contender | undefined)[],
  standings: readonly Standing[],
  { metric, level }: Pick<StandingOptions, "metric" | "level">,
): (RankInterval | undefined)[] {
  const ranked = rows.flatMap((row, at) => (row && standings[at]!.kind !== "unranked" ? [{ row, at }] : []));
  if (ranked.length < 2 || ranked.length > MOST_RANKED) return rows.map(() => undefined);
  const sides = sidesOf(ranked.map(({ row }) => row));
  const best = ranked.findIndex(({ at }) => standings[at]!.kind === "best");
  const apart = ranked.map(({ at }, i) =>
    ranked.map((_, j) => (i === best || j === best) && standings[i === best ? ranked[j]!.at : at]!.kind === "behind"),
  );
  const pairs = ranked.flatMap((_, i) =>
    i === best ? [] : ranked.flatMap((_, j) => (j > i && j !== best ? [[i, j] as const] : [])),
  );
  const p = holm(pairs.map(([i, j]) => differenceP(sides[i]!, sides[j]!)));
  for (const [at, [i, j]] of pairs.entries()) apart[i]![j] = apart[j]![i] = p[at]! <= 1 - level;
  const sign = metric.better === "higher" ? 1 : -1;
  const places = placesOf(
    sides.map(({ mean }) => sign * mean),
    apart,
  );
  const ranks = new Map(
    ranked.map(({ at }, i): [number, RankInterval] => {
      const { same, ...place } = places[i]!;
      return [at, { ...place, same: same.map((j) => ranked[j]!.at) }];
    }),
  );
  return rows.map((_, at) => ranks.get(at));
}

/**
 * The places that rows may have, from what is known of pairs.
 * @param goodness a number per row, the larger the better @param apart whether a test tells two rows apart, symmetric
 */
export function placesOf(goodness: readonly number[], apart: readonly (readonly boolean[])[]): RankInterval[] {
  return goodness.map((mine, i) => {
    const others = goodness.flatMap((theirs, j) =>
      i === j ? [] : [{ j, better: theirs > mine, apart: apart[i]![j]! }],
    );
    const known = others.filter((other) => other.apart);
    return {
      low: 1 + known.filter(({ better }) => better).length,
      high: goodness.length - known.filter(({ better }) => !better).length,
      of: goodness.length,
      same: others.filter((other) => !other.apart).map(({ j }) => j),
    };
  });
}

/** One row by units: questions, or clusters of them. */
interface Side {
  readonly mean: number;
  /** What each unit adds to the sum of the values. */
  readonly sums: Float64Array;
  /** By how much each unit pulls the mean from where it is. */
  readonly pulls: Float64Array;
}

function sidesOf(rows: readonly Contender[]): Side[] {
  const questions = Math.max(...rows.map(({ values }) => values.length));
  const clustered = rows.every(({ clusters }) => clusters !== undefined);
  const units = new Int32Array(questions);
  const index = new Map<number, number>();
  for (let i = 0; i < questions; i += 1) {
    const row = rows.find(({ values }) => !Number.isNaN(values[i] ?? Number.NaN));
    const key = clustered && row ? row.clusters![i]! : i;
    units[i] = index.get(key) ?? index.size;
    index.set(key, units[i]!);
  }
  return rows.map(({ values }) => {
    const valued = Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!));
    const mean = valued.reduce((sum, i) => sum + values[i]!, 0) / Math.max(1, valued.length);
    const sums = new Float64Array(index.size);
    const pulls = new Float64Array(index.size);
    for (const i of valued) {
      sums[units[i]!]! += values[i]!;
      pulls[units[i]!]! += (values[i]! - mean) / valued.length;
    }
    return { mean, sums, pulls };
  });
}

/** Two-sided p-value of no difference between two means over questions that both or either has. */
function differenceP(a: Side, b: Side): number {
  const units = a.sums.length;
  let [square, differing] = [0, 0];
  for (let i = 0; i < units; i += 1) {
    const pull = a.pulls[i]! - b.pulls[i]!;
    square += pull * pull;
    if (a.sums[i] !== b.sums[i]) differing += 1;
  }
  // No assignment of signs is rarer than this; t alone would be surer of a few questions than they allow.
  const least = Math.min(1, 2 ** (1 - differing));
  const variance = (square * units) / (units - 1);
  if (!(variance > 1e-30)) return least;
  const t = Math.abs(a.mean - b.mean) / Math.sqrt(variance);
  return Math.max(least, Math.min(1, 2 * studentTCdf(-t, units - 1)));
}
