import type { JudgeThresholds } from "../../config/judge-schema.ts";
import type { Rng } from "../../core/rng.ts";
import type {
  CalibratedCriterion,
  CalibratedPart,
  Calibration,
  Figure,
} from "../../runlog/calibration/calibration-schema.ts";
import { confusionMatrix, tallyGrades } from "../../stats/index.ts";
import { type GradedItem, type GradesByName, questionNumbers } from "../labels/graded-set.ts";
import { medianLabels } from "../labels/median-labels.ts";
import { raterSlots } from "../labels/rater-slots.ts";
import { ALL_FIGURES, agreementFigures, type FigureOptions } from "./figures.ts";
import { systemOrder } from "./system-order.ts";

type Grades = readonly (number | undefined)[];

/** One criterion: what people and the judge say of the items, in their order. */
export interface CalibratedGrades {
  readonly id: string;
  /** Ascending. */
  readonly scale: readonly number[];
  readonly people: GradesByName;
  /** One column for each repeat. */
  readonly judge: readonly Grades[];
}

export interface CalibratedItem extends GradedItem {
  readonly tags?: readonly string[];
}

export interface CalibrateOptions {
  /** Confidence level in (0, 1). */
  readonly level: number;
  /** Bootstrap resamples. @default that of `coefficientIntervals` */
  readonly resamples?: number;
  readonly rng: Rng;
}

/**
 * Compares a judge's grades with people's labels, criterion by criterion.
 *
 * An item with several labels counts with their median, the lower of two in the middle; how far people agree among themselves is
 * the ceiling beside the judge's figures. The judge's first repeat is compared, all repeats with each other. All intervals are
 * clustered by question.
 */
export function calibrate(
  items: readonly CalibratedItem[],
  criteria: readonly CalibratedGrades[],
  options: CalibrateOptions,
): Pick<Calibration, "criteria" | "systems"> {
  const clusters = questionNumbers(items);
  const graded = criteria.map((criterion) => ({
    ...criterion,
    reference: medianLabels(criterion.people, items.length),
  }));
  const systems = graded[0] && systemOrder(items, graded[0].reference, graded[0].judge[0] ?? [], clusters, options);
  return {
    criteria: graded.map((criterion) => calibrateCriterion(items, criterion, clusters, options)),
    ...(systems && { systems }),
  };
}

/** What thresholds a calibration meets: each criterion has to reach each of them. A figure that cannot be estimated does not. */
export function checkThresholds(
  criteria: readonly CalibratedCriterion[],
  thresholds: JudgeThresholds,
): Calibration["thresholds"] {
  return criteria.flatMap(({ id, figures }) =>
    Object.entries(thresholds).map(([figure, atLeast]) => {
      const got = figures[figure] ?? { reason: "not computed", n: 0 };
      return { criterion: id, figure, atLeast, got, met: "value" in got && got.value >= atLeast };
    }),
  );
}

function calibrateCriterion(
  items: readonly CalibratedItem[],
  { id, scale, people, judge, reference }: CalibratedGrades & { readonly reference: Grades },
  clusters: Uint32Array,
  { level, resamples, rng }: CalibrateOptions,
): CalibratedCriterion {
  const first = judge[0] ?? items.map(() => undefined);
  const both = indices(items, (i) => reference[i] !== undefined && first[i] !== undefined);
  const figures = (label: string, chosen: readonly number[], columns: readonly Grades[], names = ALL_FIGURES) => {
    const tally = tallyGrades(
      columns.map((column) => chosen.map((i) => column[i])),
      scale,
    );
    const own: FigureOptions = {
      level,
      ...(resamples !== undefined && { resamples }),
      clusters: chosen.map((i) => clusters[i]!),
      rng: rng.fork(`${id}/${label}`),
    };
    return agreementFigures(tally, names, own);
  };
  const part = (name: string, chosen: readonly number[]): CalibratedPart => {
    const found = figures(`part/${name}`, chosen, [reference, first], ["exact", "bias"]);
    return {
      name,
      n: chosen.length,
      exact: known(found.get("exact"), chosen.length),
      bias: known(found.get("bias"), chosen.length),
    };
  };
  const parts = (namesOf: (item: CalibratedItem) => readonly string[]): CalibratedPart[] => {
    const members = new Map<string, number[]>();
    for (const i of both) for (const name of namesOf(items[i]!)) members.set(name, [...(members.get(name) ?? []), i]);
    return Array.from(members, ([name, chosen]) => part(name, chosen)).sort((a, b) => (a.name < b.name ? -1 : 1));
  };
  const slots = raterSlots(people);
  const twice = indices(items, (i) => slots.filter((slot) => slot[i] !== undefined).length >= 2);
  const repeated = indices(items, (i) => judge.length > 1 && judge.every((column) => column[i] !== undefined));
  const self = repeated.length > 0 ? figures("repeats", repeated, judge, ["alpha"]) : undefined;
  return {
    id,
    scale: [...scale],
    n: both.length,
    questions: new Set(both.map((i) => clusters[i])).size,
    judgeFailed: indices(items, (i) => reference[i] !== undefined && first[i] === undefined).length,
    figures: Object.fromEntries(both.length > 0 ? figures("agreement", both, [reference, first]) : []),
    confusion: confusionMatrix(
      tallyGrades([both.map((i) => reference[i]), both.map((i) => first[i])], scale),
    ).counts.map((row) => [...row]),
    ...(twice.length > 0 && { ceiling: ceilingOf(twice, slots, figures) }),
    ...(self && {
      repeats: {
        repeats: judge.length,
        n: repeated.length,
        exact: known(figures("repeats/exact", repeated, judge.slice(0, 2), ["exact"]).get("exact"), repeated.length),
        alpha: known(self.get("alpha"), repeated.length),
      },
    }),
    bySystem: parts(({ systems = [] }) => systems),
    byTag: parts(({ tags = [] }) => tags),
  };
}

/** Agreement of people with people: of the first two labels of each item, and α of all of them. */
function ceilingOf(
  twice: readonly number[],
  slots: readonly Grades[],
  figures: (
    label: string,
    chosen: readonly number[],
    columns: readonly Grades[],
    names?: typeof ALL_FIGURES,
  ) => Map<string, Figure>,
): NonNullable<CalibratedCriterion["ceiling"]> {
  const pair = figures("ceiling", twice, slots.slice(0, 2), [
    "exact",
    "within_one",
    "kappa",
    "linear_kappa",
    "quadratic_kappa",
  ]);
  const all = figures("ceiling/all", twice, slots, ["alpha_nominal", "alpha"]);
  return { raters: slots.length, n: twice.length, figures: Object.fromEntries([...pair, ...all]) };
}

function indices(items: readonly unknown[], keep: (i: number) => boolean): number[] {
  return items.flatMap((_, i) => (keep(i) ? [i] : []));
}

function known(figure: Figure | undefined, n: number): Figure {
  return figure ?? { reason: "too few items", n };
}
