import { CELL, type Scores } from "../../runlog/index.ts";
import { describe } from "../../stats/index.ts";

/** Bins of a composite, whose values are no steps. */
const COMPOSITE_BINS = 10;

/** How the grades of one judge's column are spread over the answers of one condition. */
export interface GradeDistribution {
  /** Answers with a grade. */
  readonly graded: number;
  /** Answers that the system failed on: they hold the floor in mean, variance and p90 and are in no bin. */
  readonly failed: number;
  /** Answers that should have a grade and have none. */
  readonly unscored: number;
  /** Over graded and failed answers; absent where there are none. */
  readonly mean?: number;
  /** With the divisor n - 1; absent below two answers. */
  readonly variance?: number;
  /** The 90th percentile, linear between order statistics. */
  readonly p90?: number;
  /**
   * Graded answers by grade. Of a criterion a bin is a step of its scale, `from` equal to `to`; a mean over repeats between two
   * steps counts for the nearer one. Of a composite it is a tenth of its range, the upper end of the last included.
   */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

/** @returns undefined where the run has no such judge's column */
export function gradeDistribution(scores: Scores, group: string, name: string): GradeDistribution | undefined {
  const column = scores.groups.get(group)?.metrics.get(name);
  const judged = scores.judged.get(name);
  if (column === undefined || judged === undefined) return undefined;
  const { range, values: steps } = judged;
  const graded = column.values.filter((_, cell) => column.states[cell] === CELL.scored);
  const held = column.values.filter((_, cell) => [CELL.scored, CELL.failed].includes(column.states[cell] as 1 | 2));
  const all = describe(held);
  const edges = steps
    ? steps.map((step) => [step, step] as const)
    : Array.from({ length: COMPOSITE_BINS }, (_, i) => [edge(range, i), edge(range, i + 1)] as const);
  const counts = edges.map(() => 0);
  for (const value of graded) counts[steps ? nearestStep(steps, value) : tenth(range, value)]! += 1;
  return {
    graded: graded.length,
    failed: held.length - graded.length,
    unscored: column.states.reduce((n, state) => (state === CELL.unscored ? n + 1 : n), 0),
    ...(all && { mean: all.mean, p90: all.quantile(0.9) }),
    ...(all?.sd !== undefined && { variance: all.sd ** 2 }),
    bins: edges.map(([from, to], at) => ({ from, to, count: counts[at]! })),
  };
}

/** `0:3 1:5 2:10 3:82`, as a field of CSV. */
export function binsText({ bins }: GradeDistribution): string {
  return bins.map(({ from, to, count }) => `${from === to ? from : `${from}–${to}`}:${count}`).join(" ");
}

function edge([low, high]: readonly [number, number], i: number): number {
  return Number((low + ((high - low) * i) / COMPOSITE_BINS).toPrecision(12));
}

function tenth([low, high]: readonly [number, number], value: number): number {
  // Weights of 60, 20 and 20 per cent give values a rounding error below an edge.
  const place = Math.floor(((value - low) / (high - low)) * COMPOSITE_BINS + 1e-9);
  return Math.min(COMPOSITE_BINS - 1, Math.max(0, place));
}

/** The lower of two that are as near. */
function nearestStep(steps: readonly number[], value: number): number {
  let best = 0;
  for (const [at, step] of steps.entries()) if (Math.abs(step - value) < Math.abs(steps[best]! - value)) best = at;
  return best;
}
