import type { RankingFigure } from "../../config/ranking-figures.ts";
import type { Rng } from "../../core/rng.ts";
import type { AgreementFigure, Figure } from "../../runlog/calibration/calibration-schema.ts";
import {
  type Coefficient,
  type CoefficientWithInterval,
  coefficientIntervals,
  exactAgreement,
  gwetAc,
  kappaOf,
  kendallTau,
  krippendorffAlpha,
  meanAbsoluteError,
  signedBias,
  spearman,
  type Tally,
  withinOne,
} from "../../stats/index.ts";

type Statistic = (tally: Tally) => Coefficient;

/** Bounded by the scale. */
const DISTANCES: Partial<Record<AgreementFigure, Statistic>> = { mae: meanAbsoluteError, bias: signedBias };

const SHARES: Partial<Record<AgreementFigure, Statistic>> = { exact: exactAgreement, within_one: withinOne };

const COEFFICIENTS: Partial<Record<AgreementFigure, Statistic>> = {
  kappa: (tally) => kappaOf(tally),
  linear_kappa: (tally) => kappaOf(tally, "linear"),
  quadratic_kappa: (tally) => kappaOf(tally, "quadratic"),
  alpha_nominal: (tally) => krippendorffAlpha(tally, "nominal"),
  alpha: (tally) => krippendorffAlpha(tally, "ordinal"),
  ac1: (tally) => gwetAc(tally),
  ac2: (tally) => gwetAc(tally, "quadratic"),
  spearman,
  kendall: kendallTau,
};

/** Of two raters, or with `alpha` alone of any number. */
export const ALL_FIGURES: readonly AgreementFigure[] = [
  ...(Object.keys(SHARES) as AgreementFigure[]),
  ...(Object.keys(COEFFICIENTS) as AgreementFigure[]),
  ...(Object.keys(DISTANCES) as AgreementFigure[]),
];

/** How a figure is computed, and the least and greatest value it has. */
export function rankingStatistic(name: RankingFigure): {
  readonly of: Statistic;
  readonly range: readonly [number, number];
} {
  const share = SHARES[name];
  return share ? { of: share, range: [0, 1] } : { of: COEFFICIENTS[name]!, range: [-1, 1] };
}

export interface FigureOptions {
  readonly level: number;
  readonly resamples?: number;
  /** A number per item that names its question. */
  readonly clusters: ArrayLike<number>;
  readonly rng: Rng;
}

/** Figures of agreement with intervals clustered by question, all on the same resamples. */
export function agreementFigures(
  tally: Tally,
  names: readonly AgreementFigure[],
  options: FigureOptions,
): Map<AgreementFigure, Figure> {
  const span = (tally.scale.at(-1) ?? 0) - (tally.scale[0] ?? 0);
  const found = new Map<AgreementFigure, Figure>();
  for (const [statistics, range] of [
    [SHARES, [0, 1]],
    [COEFFICIENTS, [-1, 1]],
    [DISTANCES, [-span, span]],
  ] as const) {
    const wanted = names.filter((name) => name in statistics);
    if (wanted.length === 0 || !(range[0] < range[1])) continue;
    const results = coefficientIntervals(
      tally,
      wanted.map((name) => statistics[name]!),
      { ...options, range },
    );
    for (const [at, name] of wanted.entries()) found.set(name, figureOf(results[at]!));
  }
  return new Map(names.flatMap((name) => (found.has(name) ? [[name, found.get(name)!]] : [])));
}

export function figureOf({ coefficient, interval }: CoefficientWithInterval): Figure {
  const { n } = coefficient;
  if (coefficient.state === "not-estimable") return { reason: coefficient.reason, n };
  const { value } = coefficient;
  if (interval.state === "not-estimable") return { value, n };
  return { value, n, low: interval.low, high: interval.high, method: interval.method };
}
