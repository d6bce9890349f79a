import type { Estimate } from "../core/estimate.ts";
import { holm, studentTCdf, studentTQuantile } from "../stats/index.ts";
import type { Contender, StandingOptions } from "./standings.ts";
import type { MetricHead, PairDifference, RankInterval, Standing } from "./summary-types.ts";

/** Pairs grow with the square of the rows; ranks of more rows than these are not estimated. */
export const MOST_RANKED = 100;

/**
 * All pairs of ranked rows with their differences, by the tests that {@link rankIntervals} tells of; none where more than
 * {@link MOST_RANKED} rows are ranked. Intervals are of one difference by itself, so that one without zero may be of a pair that with
 * Holm over all of them cannot be told apart.
 */
export function columnPairs(
  rows: readonly (Contender | undefined)[],
  standings: readonly Standing[],
  { level }: Pick<StandingOptions, "level">,
): PairDifference[] {
  const ranked = rows.flatMap((row, at) => (row && standings[at]!.kind !== "unranked" ? [{ row, at }] : []));
  if (ranked.length < 2 || ranked.length > MOST_RANKED) return [];
  const sides = sidesOf(ranked.map(({ row }) => row));
  const best = ranked.findIndex(({ at }) => standings[at]!.kind === "best");
  const withBest = ranked.flatMap(({ at }): PairDifference[] => {
    const standing = standings[at]!;
    if (standing.kind !== "tied" && standing.kind !== "behind") return [];
    const { difference, pHolm } = standing;
    const known = difference.state === "estimated";
    return [
      {
        ...{ a: at, b: ranked[best]!.at, difference: known ? difference.mean : Number.NaN },
        ...(known && { interval: [difference.low, difference.high] as const }),
        ...{ pHolm, apart: standing.kind === "behind" },
      },
    ];
  });
  const others = ranked.flatMap((_, i) =>
    i === best ? [] : ranked.flatMap((_, j) => (j > i && j !== best ? [[i, j] as const] : [])),
  );
  const found = others.map(([i, j]) => differenceOf(sides[i]!, sides[j]!, level));
  const adjusted = holm(found.map(({ p }) => p));
  return [
    ...withBest,
    ...others.map(([i, j], at): PairDifference => {
      const { difference, interval } = found[at]!;
      const pHolm = adjusted[at]!;
      return {
        ...{ a: ranked[i]!.at, b: ranked[j]!.at, difference, ...(interval && { interval }) },
        ...{ pHolm, apart: pHolm <= 1 - level },
      };
    }),
  ];
}

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
  pairs: readonly PairDifference[],
  { better }: Pick<MetricHead, "better">,
): (RankInterval | undefined)[] {
  const ranked = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].sort((a, b) => a - b);
  const placeOf = new Map(ranked.map((at, i) => [at, i]));
  const apart = ranked.map(() => ranked.map(() => false));
  for (const { a, b, apart: told } of pairs) {
    const [i, j] = [placeOf.get(a)!, placeOf.get(b)!];
    apart[i]![j] = apart[j]![i] = told;
  }
  const sign = better === "higher" ? 1 : -1;
  const places = placesOf(
    ranked.map((at) => sign * meanOf(rows[at]!.estimate)),
    apart,
  );
  return rows.map((_, at) => {
    const i = placeOf.get(at);
    return i === undefined ? undefined : { ...places[i]!, same: places[i]!.same.map((j) => ranked[j]!) };
  });
}

function meanOf(estimate: Estimate): number {
  return estimate.state === "estimated" ? estimate.mean : Number.NaN;
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

/** The difference of two means over questions that both or either has, with its interval and the two-sided p-value of none. */
function differenceOf(a: Side, b: Side, level: number) {
  const units = a.sums.length;
  let [square, differing] = [0, 0];
  for (let i = 0; i < units; i += 1) {
    const pull = a.pulls[i]! - b.pulls[i]!;
    square += pull * pull;
    if (a.sums[i] !== b.sums[i]) differing += 1;
  }
  const difference = a.mean - b.mean;
  // No assignment of signs is rarer than this; t alone would be surer of a few questions than they allow.
  const least = Math.min(1, 2 ** (1 - differing));
  const variance = (square * units) / (units - 1);
  if (!(variance > 1e-30)) return { difference, p: least };
  const error = Math.sqrt(variance);
  const half = studentTQuantile((1 + level) / 2, units - 1) * error;
  return {
    difference,
    interval: [difference - half, difference + half] as const,
    p: Math.max(least, Math.min(1, 2 * studentTCdf(-Math.abs(difference) / error, units - 1))),
  };
}
