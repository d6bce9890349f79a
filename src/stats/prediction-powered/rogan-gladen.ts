import { BadArgument } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import type { Rng } from "../../core/rng.ts";
import { unitCounts, unitResampler } from "../agreement/unit-counts.ts";
import { requireCount, requireFraction } from "../argument.ts";
import { percentileInterval } from "../bootstrap-interval.ts";
import { checkGradedSample, type GradedSample } from "./graded-sample.ts";

export interface RoganGladenOptions {
  /** Confidence level in (0, 1). Default .95. */
  readonly level?: number;
  /** Bootstrap resamples, >= 99. Default 2000. */
  readonly resamples?: number;
  readonly rng: Rng;
}

export interface RoganGladen {
  /** The share of answers that people would call right, in [0, 1]. */
  readonly corrected: Estimate;
  /** Share of right answers (by people) that the judge calls right; undefined where people called none right. */
  readonly sensitivity: number | undefined;
  /** Share of wrong answers that the judge calls wrong; undefined where people called none wrong. */
  readonly specificity: number | undefined;
  /** Share that the judge calls right among the unlabelled answers. */
  readonly judgeRate: number | undefined;
  /** Standard error by the delta method, independent answers. */
  readonly standardError: number | undefined;
}

/** Rows of the counts: labelled by people × judge, then unlabelled by judge. */
const CELLS = { wrongWrong: 0, wrongRight: 1, rightWrong: 2, rightRight: 3, restWrong: 4, restRight: 5 } as const;
const MOST_LOST = 0.05;

/**
 * Rogan and Gladen's corrected proportion for a judge of yes and no: (q + specificity - 1) ÷ (sensitivity + specificity -
 * 1), kept within [0, 1]; q is the judge's rate on the unlabelled answers, the other two come from the labelled. The
 * interval is the percentile bootstrap's over both parts (resampling the labelled part alone is too narrow); with clusters
 * questions are drawn with all their answers of either part.
 *
 * Against `predictionPoweredMean` it assumes more (that the judge errs alike on both parts) and is never better than the
 * judge is; it is unstable where the judge is near chance. Not estimable: no unlabelled answer, people found none right or
 * none wrong, the judge is no better than chance, or that happens on more than one resample in twenty.
 * Source: Rogan and Gladen, American J. Epidemiology 107, 1978.
 *
 * @throws BadArgument when a label or grade is neither 0 nor 1, lengths differ, or an option is outside its domain
 */
export function roganGladen(sample: GradedSample, options: RoganGladenOptions): RoganGladen {
  const { level = 0.95, resamples = 2000, rng } = options;
  requireFraction("level", level);
  requireCount("resamples", resamples, 99);
  checkGradedSample(sample);
  const { labelled, unlabelled } = sample;
  const cells = cellsOf(sample);
  const counts = new Float64Array(6);
  for (const cell of cells) counts[cell]!++;
  const figures = figuresOf(counts);
  const n = labelled.people.length;
  const result = (corrected: Estimate): RoganGladen => ({ ...figures, corrected });
  const none = (reason: string) => result({ state: "not-estimable", reason, n, unscored: 0, failed: 0 });
  if (figures.judgeRate === undefined) return none("no unlabelled answer");
  if (figures.sensitivity === undefined) return none("people called no labelled answer right");
  if (figures.specificity === undefined) return none("people called no labelled answer wrong");
  const point = correctedOf(counts);
  if (point === undefined) return none("the judge is no better than chance");

  const draw = drawnCounts(cells, n, labelled.clusters, unlabelled.clusters, rng);
  const values: number[] = [];
  for (let r = 0; r < resamples; r++) {
    const value = correctedOf(draw());
    if (value !== undefined) values.push(value);
  }
  if (values.length < (1 - MOST_LOST) * resamples) return none("too few labels: resamples have no value");
  const { low, high } = percentileInterval(values, level);
  if (!(low < high)) return none("all resamples give the same value: the labels show no spread");
  const method = labelled.clusters === undefined ? "rogan-gladen" : "rogan-gladen-clustered";
  return result({ state: "estimated", mean: point, low, high, level, method, n, unscored: 0, failed: 0 });
}

function cellsOf({ labelled, unlabelled }: GradedSample): Int32Array {
  const n = labelled.people.length;
  const binary = (x: number): number => {
    if (x !== 0 && x !== 1) throw new BadArgument(`Rogan and Gladen's correction needs values 0 and 1, got ${x}`);
    return x;
  };
  const cells = new Int32Array(n + unlabelled.judge.length);
  for (let i = 0; i < n; i++) cells[i] = 2 * binary(labelled.people[i]!) + binary(labelled.judge[i]!);
  for (let i = n; i < cells.length; i++) cells[i] = CELLS.restWrong + binary(unlabelled.judge[i - n]!);
  return cells;
}

/** Without clusters each part is drawn by itself, because their sizes were chosen; with them, whole questions. */
function drawnCounts(
  cells: Int32Array,
  n: number,
  labelled: ArrayLike<number> | undefined,
  unlabelled: ArrayLike<number> | undefined,
  rng: Rng,
): () => Float64Array {
  const counts = new Float64Array(6);
  if (labelled !== undefined) {
    const clusters = [...Array.from(labelled), ...Array.from(unlabelled ?? [])];
    const resample = unitResampler(unitCounts(cells, 6, clusters), rng);
    return () => {
      resample(counts);
      return counts;
    };
  }
  const first = unitResampler(unitCounts(cells.subarray(0, n), 6), rng.fork("labelled"));
  const second = unitResampler(unitCounts(cells.subarray(n), 6), rng.fork("unlabelled"));
  const rest = new Float64Array(6);
  return () => {
    first(counts);
    second(rest);
    for (let c = 0; c < 6; c++) counts[c]! += rest[c]!;
    return counts;
  };
}

function figuresOf(counts: Float64Array): Omit<RoganGladen, "corrected"> {
  const right = counts[CELLS.rightRight]! + counts[CELLS.rightWrong]!;
  const wrong = counts[CELLS.wrongRight]! + counts[CELLS.wrongWrong]!;
  const rest = counts[CELLS.restRight]! + counts[CELLS.restWrong]!;
  const sensitivity = right === 0 ? undefined : counts[CELLS.rightRight]! / right;
  const specificity = wrong === 0 ? undefined : counts[CELLS.wrongWrong]! / wrong;
  const judgeRate = rest === 0 ? undefined : counts[CELLS.restRight]! / rest;
  const p = correctedOf(counts);
  let standardError: number | undefined;
  if (p !== undefined && sensitivity !== undefined && specificity !== undefined && judgeRate !== undefined) {
    const variance =
      (judgeRate * (1 - judgeRate)) / rest +
      (p * p * sensitivity * (1 - sensitivity)) / right +
      ((1 - p) * (1 - p) * specificity * (1 - specificity)) / wrong;
    standardError = Math.sqrt(variance) / (sensitivity + specificity - 1);
  }
  return { sensitivity, specificity, judgeRate, standardError };
}

/** Undefined where a part is empty or the judge is no better than chance. */
function correctedOf(counts: Float64Array): number | undefined {
  const sensitivity = counts[CELLS.rightRight]! / (counts[CELLS.rightRight]! + counts[CELLS.rightWrong]!);
  const specificity = counts[CELLS.wrongWrong]! / (counts[CELLS.wrongRight]! + counts[CELLS.wrongWrong]!);
  const rate = counts[CELLS.restRight]! / (counts[CELLS.restRight]! + counts[CELLS.restWrong]!);
  const gain = sensitivity + specificity - 1;
  // Also false where a part is empty and its share is no number.
  if (!(gain > 0 && rate >= 0)) return undefined;
  return Math.min(1, Math.max(0, (rate + specificity - 1) / gain));
}
