import type { Estimated } from "../../core/estimate.ts";
import type { AgreementFigure, CalibratedCriterion, CalibratedPart, Calibration, Figure } from "../../runlog/index.ts";
import { forestView } from "../cells/forest-view.ts";
import { intervalBar } from "../cells/interval-bar.ts";
import { type HeatChart, heatChart } from "../chart/heat-chart.ts";
import { formatCount, formatLevel, formatValue, MISSING } from "../text/format-number.ts";
import { FIGURE_NAMES, favour, figuresShown, formatFigure, repeatFigures, sameGradeText } from "./calibration-text.ts";
import { plainWords } from "./plain-words.ts";

/** Rows of one picture; the table of a longer list stands in `bench calibrate`. */
const MOST_PLOTTED = 40;

/** What the data sheet of a judge says of its calibration. */
export function calibrationView(calibration: Calibration) {
  const { judge, labels, at, level, criteria, systems, thresholds } = calibration;
  const grades = criteria.flatMap(({ scale }) => scale);
  const range = [Math.min(...grades), Math.max(...grades)] as const;
  return {
    at: at.slice(0, 10),
    level: formatLevel(level),
    facts: [
      { value: formatCount(labels.labels), label: "labels" },
      { value: formatCount(labels.items), label: "answers" },
      { value: formatCount(labels.raters), label: labels.raters === 1 ? "person" : "people" },
      { value: at.slice(0, 10), label: "" },
    ],
    thresholds: thresholds.map(({ criterion, figure, atLeast, got, met }) => ({
      criterion,
      figure: FIGURE_NAMES[figure]?.name ?? figure,
      atLeast: share(atLeast),
      got: formatFigure(got),
      met,
    })),
    missed: thresholds.filter(({ met }) => !met).length,
    criteria: criteria.map(criterionView),
    systems: systems && {
      tau: formatFigure(systems.tau),
      swapped: formatFigure(systems.swapped),
      rows: systems.means.map(({ system, judge: byJudge, people, answers }, place) => ({
        system,
        people: formatValue(people, range),
        judge: formatValue(byJudge, range),
        answers: formatCount(answers),
        place: place + 1,
        judgePlace: 1 + systems.means.filter((other) => other.judge > byJudge).length,
      })),
    },
    versions: [
      { label: "Judge", value: `sha256 ${judge.sha256}` },
      { label: "Rubric", value: `sha256 ${judge.rubric}` },
      ...labels.files.map(({ name, sha256 }) => ({ label: "Labels", value: `${name}, sha256 ${sha256}` })),
      { label: "Compared", value: at },
    ],
  };
}

function criterionView(criterion: CalibratedCriterion) {
  const { id, scale, n, questions, judgeFailed, figures, ceiling, repeats, bySystem, byTag } = criterion;
  const again = repeatFigures(criterion);
  const names = figuresShown(criterion);
  const span = (scale.at(-1) ?? 1) - (scale[0] ?? 0);
  return {
    id,
    n: formatCount(n),
    questions: formatCount(questions),
    sameGrade: sameGradeText(criterion),
    judgeFailed: judgeFailed > 0 && formatCount(judgeFailed),
    ceiling: ceiling && { raters: formatCount(ceiling.raters), n: formatCount(ceiling.n) },
    repeats: repeats && { repeats: formatCount(repeats.repeats), n: formatCount(repeats.n) },
    figures: names.map((name) => ({
      name: FIGURE_NAMES[name]!.name,
      says: FIGURE_NAMES[name]!.says,
      ...numberView(figures[name], TRACKS[name as AgreementFigure]),
      people: ceiling && formatFigure(ceiling.figures[name]),
      self: repeats && formatFigure(again[name]),
      plain: plainWords(name, figures[name]),
    })),
    confusion: confusionChart(criterion),
    bySystem: biasPlot("Bias by system", bySystem, span),
    byTag: biasPlot("Bias by tag", byTag, span),
    named: bySystem.flatMap(({ name, bias }) => {
      const said = favour(bias);
      return said === undefined ? [] : [{ name, said }];
    }),
  };
}

/** What a figure is drawn on: shares from 0 to 1, distances not at all, all others from -1 to 1. */
const TRACKS: Partial<Record<AgreementFigure, readonly [number, number] | "none">> = {
  exact: [0, 1],
  within_one: [0, 1],
  mae: "none",
  bias: "none",
};

function numberView(figure: Figure | undefined, track: readonly [number, number] | "none" = [-1, 1]) {
  if (figure === undefined || !("value" in figure)) return { reason: MISSING };
  const { value, low, high } = figure;
  if (low === undefined || high === undefined) return { number: share(value) };
  return {
    number: share(value),
    interval: `[${share(low)}, ${share(high)}]`,
    ...(track !== "none" && { bar: intervalBar(estimated(figure, low, high), track) }),
  };
}

/** Answers by what people gave and what the judge gave. */
function confusionChart({ scale, confusion }: CalibratedCriterion): HeatChart {
  return heatChart({
    title: "Grade by grade",
    subtitle: "answers by what people gave and what the judge gave, with the share of the row; framed: the same grade",
    ...{ x: "judge", y: "people", scale: scale.map(String), counts: confusion },
  });
}

/** @returns undefined where there is no more than one part, or none has an interval */
function biasPlot(title: string, parts: readonly CalibratedPart[], span: number) {
  const drawn = parts.flatMap(({ name, n, bias }) =>
    "value" in bias && bias.low !== undefined && bias.high !== undefined
      ? [
          {
            who: `${name} (n ${formatCount(n)})`,
            estimate: estimated(bias, bias.low, bias.high),
            kind: "unranked" as const,
          },
        ]
      : [],
  );
  if (parts.length < 2 || drawn.length === 0) return undefined;
  const rows = drawn.slice(0, MOST_PLOTTED);
  const note = drawn.length > rows.length ? `${rows.length} of ${drawn.length} are drawn` : undefined;
  return forestView({ name: title, unit: "judge − people", range: [-span, span] }, [{ rows }], {
    note,
    holds: 0,
    alone: true,
  });
}

function estimated(figure: Figure & { readonly value: number }, low: number, high: number): Estimated {
  const { value: mean, n } = figure;
  return { state: "estimated", mean, low, high, level: 0.95, method: "", n, unscored: 0, failed: 0 };
}

function share(value: number): string {
  return formatValue(value, [-1, 1]);
}
