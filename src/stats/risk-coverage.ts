import { BadArgument } from "../core/errors.ts";
import type { Estimate } from "../core/estimate.ts";
import type { Rng } from "../core/rng.ts";
import { requireCount, requireFinite, requireFraction } from "./argument.ts";
import { percentileInterval } from "./bootstrap-interval.ts";
import { RandomIndices } from "./random-indices.ts";

/** One point of the curve: answering the surest answers only, down to a confidence. */
export interface RiskCoverage {
  /** The least confidence that is answered. */
  readonly threshold: number;
  /** Share of the answers given, in (0, 1]. */
  readonly coverage: number;
  /** Mean loss of those. */
  readonly risk: number;
}

/** Answers by confidence, surest first; those of equal confidence stand together. */
interface Sorted {
  /** Positions of the samples. */
  readonly order: Uint32Array;
  /** First place of every group of equal confidence, and the end. */
  readonly starts: readonly number[];
}

/**
 * The risk–coverage curve of selective answering: for every confidence that occurs, the share answered and the mean
 * loss when only answers at least that sure are given. Source: El-Yaniv and Wiener, JMLR 11, 2010.
 *
 * @param confidences finite, any scale, higher is surer @param losses one each, in [0, 1]
 * @returns falling thresholds, rising coverage; empty for no samples
 * @throws BadArgument when lengths differ or a value is outside its domain
 * @example riskCoverage([0.9, 0.2], [0, 1]) // [{ .9, ½, 0 }, { .2, 1, ½ }]
 */
export function riskCoverage(confidences: ArrayLike<number>, losses: ArrayLike<number>): RiskCoverage[] {
  requireSamples(confidences, losses);
  const { order, starts } = sortedBy(confidences);
  const points: RiskCoverage[] = [];
  let total = 0;
  for (let group = 0; group + 1 < starts.length; group += 1) {
    const end = starts[group + 1]!;
    for (let i = starts[group]!; i < end; i += 1) total += losses[order[i]!]!;
    points.push({ threshold: confidences[order[end - 1]!]!, coverage: end / order.length, risk: total / end });
  }
  return points;
}

/**
 * Area under the risk–coverage curve, (1 / n) Σᵢ (mean loss of the i surest): the risk on average over all coverages, 0 for a
 * perfect order without errors, the plain risk for confidences that say nothing. Answers of equal confidence are taken
 * in every order, on average, so that their order in the data is worth nothing.
 * Source: Geifman, Uziel and El-Yaniv, ICLR 2019 (AURC).
 *
 * @throws BadArgument without samples, or as {@link riskCoverage}
 */
export function areaUnderRiskCoverage(confidences: ArrayLike<number>, losses: ArrayLike<number>): number {
  requireSamples(confidences, losses);
  requireCount("samples", confidences.length, 1);
  return area(sortedBy(confidences), losses);
}

export interface AurcOptions {
  /** In (0, 1). Default .95. */
  readonly level?: number;
  /** >= 99. Default 1999. */
  readonly resamples?: number;
  readonly rng: Rng;
  /** A number per sample that names its cluster; whole clusters are drawn. */
  readonly clusters?: ArrayLike<number>;
}

/**
 * {@link areaUnderRiskCoverage} with its percentile bootstrap interval.
 * @returns not estimable with fewer than two samples (or clusters), or where no loss differs from another
 * @throws BadArgument when a value or an option is outside its domain
 */
export function estimateAurc(
  confidences: ArrayLike<number>,
  losses: ArrayLike<number>,
  options: AurcOptions,
): Estimate {
  const { level = 0.95, resamples = 1999, rng, clusters } = options;
  requireFraction("level", level);
  requireCount("resamples", resamples, 99);
  requireSamples(confidences, losses);
  const counts = { n: confidences.length, unscored: 0, failed: 0 };
  const members = membersOf(confidences.length, clusters);
  if (members.length < 2) return { state: "not-estimable", reason: "fewer than two samples", ...counts };
  if (Array.from(losses).every((loss) => loss === losses[0])) {
    return { state: "not-estimable", reason: "all losses are equal: no confidence can order them", ...counts };
  }
  const sorted = sortedBy(confidences);
  const source = new RandomIndices(rng, members.length);
  const drawn = new Uint32Array(members.length);
  const times = new Uint32Array(confidences.length);
  const areas = Float64Array.from({ length: resamples }, () => {
    source.fill(drawn);
    times.fill(0);
    for (const cluster of drawn) for (const sample of members[cluster]!) times[sample]! += 1;
    return area(sorted, losses, times);
  });
  const { low, high } = percentileInterval(areas, level);
  return {
    state: "estimated",
    mean: area(sorted, losses),
    ...{ low, high, level, method: `bootstrap-percentile${clusters ? "-clustered" : ""}`, ...counts },
  };
}

/** @param times how often each sample was drawn; once when left out */
function area({ order, starts }: Sorted, losses: ArrayLike<number>, times?: Uint32Array): number {
  let [total, before, sum] = [0, 0, 0];
  for (let group = 0; group + 1 < starts.length; group += 1) {
    let [size, loss] = [0, 0];
    for (let i = starts[group]!; i < starts[group + 1]!; i += 1) {
      const count = times === undefined ? 1 : times[order[i]!]!;
      size += count;
      loss += count * losses[order[i]!]!;
    }
    // Over all orders of the group the mean loss up to its t-th member is (total + t × loss ÷ size) ÷ (before + t).
    for (let t = 1; t <= size; t += 1) sum += (total + (t * loss) / size) / (before + t);
    total += loss;
    before += size;
  }
  return sum / before;
}

function sortedBy(confidences: ArrayLike<number>): Sorted {
  const order = Uint32Array.from(confidences, (_, i) => i).sort((a, b) => confidences[b]! - confidences[a]!);
  const starts: number[] = [];
  order.forEach((sample, i) => {
    if (i === 0 || confidences[sample] !== confidences[order[i - 1]!]) starts.push(i);
  });
  return { order, starts: [...starts, order.length] };
}

function membersOf(n: number, clusters: ArrayLike<number> | undefined): number[][] {
  if (clusters !== undefined && clusters.length !== n) {
    throw new BadArgument(`${n} samples need ${n} cluster numbers, got ${clusters.length}`);
  }
  const members = new Map<number, number[]>();
  for (let i = 0; i < n; i += 1) {
    const cluster = clusters === undefined ? i : clusters[i]!;
    const own = members.get(cluster);
    if (own === undefined) members.set(cluster, [i]);
    else own.push(i);
  }
  return [...members.values()];
}

function requireSamples(confidences: ArrayLike<number>, losses: ArrayLike<number>): void {
  if (confidences.length !== losses.length) {
    throw new BadArgument(`a sample needs confidence and loss, got ${confidences.length} and ${losses.length}`);
  }
  requireFinite("confidences", confidences);
  for (let i = 0; i < losses.length; i += 1) {
    if (!(losses[i]! >= 0 && losses[i]! <= 1)) throw new BadArgument(`a loss must lie in [0, 1], got ${losses[i]}`);
  }
}
