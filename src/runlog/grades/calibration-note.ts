import type { CalibratedCriterion, Calibration, Figure } from "../calibration/calibration-schema.ts";
import type { JudgedColumn } from "./grade-columns.ts";

/** What was found when judges were compared with people, by the judge's id. */
export type Calibrations = ReadonlyMap<string, Calibration>;

/** How far the column of a judge was measured against people. */
export type CalibrationNote =
  /** Nobody has compared this judge with people, or not on this criterion. */
  | { readonly state: "uncalibrated" }
  /** People gave the grades: there is nothing to compare them with but each other. */
  | {
      readonly state: "people";
      readonly raters: number;
      /** Ordinal Krippendorff's α among them, the least of the runs; absent where no answer was labelled by two. */
      readonly alpha?: number;
    }
  /** The judge that graded is another than the one that was compared: prompt, examples, model or rubric changed. */
  | { readonly state: "stale"; readonly at: string }
  | {
      readonly state: "calibrated";
      /** The criterion the figures are of: the column's own, or of a composite the one on which κ is lowest. */
      readonly criterion: string;
      /** Share of equal grades, in [0, 1]. */
      readonly exact?: number;
      /** Cohen's κ: plain on two steps, with quadratic weights on more. */
      readonly kappa?: number;
      readonly weights: "none" | "quadratic";
      /** Answers with a grade and a label. */
      readonly n: number;
      /** Thresholds of the judge's file that it misses. */
      readonly missed: number;
      /** ISO 8601, UTC. */
      readonly at: string;
    };

/** What a column says of its judge. */
type JudgedBy = Pick<JudgedColumn, "criterion" | "people"> & {
  readonly judge: Pick<JudgedColumn["judge"], "id" | "sha256">;
};

/** @param columns one column of tables as each of their runs has it: versions of the judge may differ */
export function calibrationNote(columns: readonly JudgedBy[], calibrations: Calibrations): CalibrationNote {
  const [column] = columns;
  const people = columns.flatMap((one) => one.people ?? []);
  if (column && people.length === columns.length) {
    const alphas = people.flatMap(({ alpha }) => alpha ?? []);
    const raters = Math.max(...people.map((one) => one.raters));
    return { state: "people", raters, ...(alphas.length > 0 && { alpha: Math.min(...alphas) }) };
  }
  const calibration = column && calibrations.get(column.judge.id);
  if (!calibration) return { state: "uncalibrated" };
  const { at, judge } = calibration;
  if (columns.some((one) => one.judge.sha256 !== judge.sha256)) return { state: "stale", at };
  const compared = calibration.criteria.filter(({ n }) => n > 0);
  const found =
    column.criterion === "composite" ? weakest(compared) : compared.find(({ id }) => id === column.criterion);
  // Of a composite every part must have been compared.
  const whole = column.criterion !== "composite" || compared.length === calibration.criteria.length;
  if (found === undefined || !whole) return { state: "uncalibrated" };
  const exact = numberOf(found.figures.exact);
  const kappa = kappaOf(found);
  const mine = ({ criterion }: { criterion: string }) =>
    column.criterion === "composite" || criterion === column.criterion;
  return {
    state: "calibrated",
    criterion: found.id,
    ...(exact !== undefined && { exact }),
    ...(kappa !== undefined && { kappa }),
    weights: found.scale.length === 2 ? "none" : "quadratic",
    n: found.n,
    missed: calibration.thresholds.filter((threshold) => mine(threshold) && !threshold.met).length,
    at,
  };
}

function weakest(criteria: readonly CalibratedCriterion[]): CalibratedCriterion | undefined {
  const order = (criterion: CalibratedCriterion): number => kappaOf(criterion) ?? Number.NEGATIVE_INFINITY;
  return criteria.toSorted((a, b) => order(a) - order(b))[0];
}

function kappaOf({ scale, figures }: CalibratedCriterion): number | undefined {
  return numberOf(scale.length === 2 ? figures.kappa : figures.quadratic_kappa);
}

function numberOf(figure: Figure | undefined): number | undefined {
  return figure && "value" in figure ? figure.value : undefined;
}
