import type { Estimate } from "../../core/estimate.ts";
import { fisherExact, holm, studentTQuantile, welch, wilson } from "../../stats/index.ts";
import { placesOf } from "../rank-intervals.ts";
import type { RankInterval } from "../summary-types.ts";

/** Results that others reported, as their file says them. */
export interface ReportedResults {
  readonly title: string;
  /** The suite whose tables they stand below. */
  readonly suite?: string;
  readonly source: { readonly name: string; readonly url: string; readonly date: string; readonly note?: string };
  readonly protocol?: Readonly<Record<string, string | number | boolean>>;
  readonly metrics: Readonly<Record<string, ReportedMetric>>;
  readonly results: readonly ReportedResult[];
}

export interface ReportedMetric {
  readonly title?: string;
  readonly meaning?: string;
  readonly better?: "higher" | "lower";
  readonly range?: readonly [low: number, high: number];
}

/** `right` of `n`, or a mean with or without its spread. */
export interface ReportedResult {
  readonly system: string;
  readonly condition?: string;
  readonly metric: string;
  readonly right?: number;
  readonly n?: number;
  readonly mean?: number;
  readonly sd?: number;
}

/** One number of a table of reported results. */
export interface ReportedCell {
  readonly result: ReportedResult;
  readonly mean: number;
  /** Wilson's of counts, Student's t of a mean with its spread; else the reason why there is none. */
  readonly estimate: Estimate;
  /** Among the rows of its column that can be compared; absent where it is alone or has no spread. */
  readonly rank?: RankInterval;
}

/** Two-sided error rate of all comparisons of one column together, and 1 less the level of intervals. */
const ALPHA = 0.05;

/** The estimate of a reported number by itself. */
export function reportedEstimate({ right, n, mean, sd }: ReportedResult, range?: readonly [number, number]): Estimate {
  const counts = { n: n ?? 0, unscored: 0, failed: 0 };
  const level = 1 - ALPHA;
  if (right !== undefined && n !== undefined) {
    return { state: "estimated", mean: right / n, ...wilson(right, n, level), level, method: "wilson", ...counts };
  }
  if (mean === undefined || sd === undefined || n === undefined || sd === 0) {
    const reason = sd === 0 ? "no spread was seen" : "neither counts nor a spread were reported";
    return { state: "not-estimable", reason, ...counts };
  }
  const half = (studentTQuantile((1 + level) / 2, n - 1) * sd) / Math.sqrt(n);
  const [least, most] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const ends = { low: Math.max(least, mean - half), high: Math.min(most, mean + half) };
  return { state: "estimated", mean, ...ends, level, method: "t", ...counts };
}

/**
 * One column of reported results. Nothing is known of single questions, so that rows are compared as if they had been asked
 * different ones: counts by Fisher's exact test, means with a spread by Welch's, with Holm over the column. Where all answered the
 * same questions a paired test could see more. A bare mean is compared with nothing.
 * @param results of one metric, undefined where a row has none
 */
export function reportedColumn(
  results: readonly (ReportedResult | undefined)[],
  { better = "higher", range }: ReportedMetric,
): (ReportedCell | undefined)[] {
  const cells = results.map((result): Omit<ReportedCell, "rank"> | undefined => {
    if (result === undefined) return undefined;
    const estimate = reportedEstimate(result, rangeOf(results, range));
    return { result, estimate, mean: result.right === undefined ? result.mean! : result.right / result.n! };
  });
  const compared = cells.flatMap((cell, at) => (cell?.estimate.state === "estimated" ? [{ cell, at }] : []));
  const pairs = compared.flatMap((_, i) => compared.slice(i + 1).map((_, k) => [i, i + 1 + k] as const));
  const adjusted = holm(pairs.map(([i, j]) => reportedP(compared[i]!.cell.result, compared[j]!.cell.result)));
  const apart = compared.map(() => compared.map(() => false));
  for (const [k, [i, j]] of pairs.entries()) apart[i]![j] = apart[j]![i] = adjusted[k]! <= ALPHA;
  const sign = better === "higher" ? 1 : -1;
  const places = placesOf(
    compared.map(({ cell }) => sign * cell.mean),
    apart,
  );
  return cells.map((cell, at) => {
    const place = places[compared.findIndex((one) => one.at === at)];
    if (cell === undefined || place === undefined || compared.length < 2) return cell;
    return { ...cell, rank: { ...place, same: place.same.map((j) => compared[j]!.at) } };
  });
}

/** Shares of counts lie in [0, 1] without being told so. */
export function rangeOf(
  results: readonly (ReportedResult | undefined)[],
  range?: readonly [number, number],
): readonly [number, number] | undefined {
  return range ?? (results.every((result) => result?.mean === undefined) ? [0, 1] : undefined);
}

/** Two-sided p-value of no difference between two reported numbers that have counts or a spread. */
export function reportedP(a: ReportedResult, b: ReportedResult): number {
  if (a.right !== undefined && b.right !== undefined) return fisherExact(a.right, a.n!, b.right, b.n!);
  return welch(spreadOf(a), spreadOf(b));
}

function spreadOf({ right, n, mean, sd }: ReportedResult) {
  if (right === undefined) return { mean: mean!, sd: sd!, n: n! };
  // Of counts beside means: the same question by question, 0 or 1; one question has no spread to speak of.
  const share = right / n!;
  return { mean: share, sd: Math.sqrt((share * (1 - share) * n!) / Math.max(1, n! - 1)), n: Math.max(2, n!) };
}
