import { printable } from "../../lib/text.ts";
import type { CalibratedCriterion, Calibration, Figure } from "../../runlog/index.ts";
import { escapeText } from "../summary/summary-markdown.ts";
import { formatCount, formatLevel, formatValue, MISSING } from "../text/format-number.ts";
import { type TextColumn, textTable } from "../text/text-table.ts";

/** What each figure says, in the order of tables. */
export const FIGURE_NAMES: Readonly<Record<string, { readonly name: string; readonly says: string }>> = {
  exact: { name: "exact", says: "share of equal grades" },
  within_one: { name: "within one", says: "share of grades at most one step apart" },
  kappa: { name: "Cohen's κ", says: "agreement beyond chance: 0 is chance, 1 is perfect" },
  linear_kappa: { name: "κ, linear", says: "the same, a miss by two steps counting twice" },
  quadratic_kappa: { name: "κ, quadratic", says: "the same, a miss by two steps counting four times" },
  alpha_nominal: { name: "α, nominal", says: "Krippendorff's: 1 minus disagreement seen ÷ expected" },
  alpha: { name: "α, ordinal", says: "the same, by rank: a near miss counts less" },
  ac1: { name: "AC1", says: "Gwet's: chance agreement that rare grades do not inflate" },
  ac2: { name: "AC2, quadratic", says: "the same, weighted" },
  spearman: { name: "Spearman's ρ", says: "whether answers are put in the same order" },
  kendall: { name: "Kendall's τ-b", says: "the same, by pairs of answers" },
  mae: { name: "mean distance", says: "steps of the scale that a grade is off" },
  bias: { name: "bias", says: "judge minus people: above 0 the judge is generous" },
};

/** On a scale of two grades these say what the others say: all misses are by one step, and all ranks tied. */
const MORE_THAN_TWO = new Set([
  "within_one",
  "linear_kappa",
  "quadratic_kappa",
  "alpha",
  "ac2",
  "spearman",
  "kendall",
  "mae",
]);

/** The figures that say something about a criterion, in the order of tables. */
export function figuresShown({
  scale,
  figures,
  ceiling,
}: Pick<CalibratedCriterion, "scale" | "figures" | "ceiling">): string[] {
  return Object.keys(FIGURE_NAMES).filter(
    (name) =>
      (name in figures || (ceiling !== undefined && name in ceiling.figures)) &&
      !(scale.length === 2 && MORE_THAN_TWO.has(name)),
  );
}

/** What has to be said of a judge that gave all answers one grade: shares of agreement look high where people mostly give that grade. */
export function sameGradeText({
  scale,
  confusion,
}: Pick<CalibratedCriterion, "scale" | "confusion">): string | undefined {
  const given = scale.filter((_, judge) => confusion.some((row) => row[judge]! > 0));
  if (given.length !== 1) return undefined;
  return `The judge gave every answer the grade ${given[0]}: it tells none from another, however high a share of equal grades is.`;
}

/** `.694 [.655, .730]`, `.694` where there is no interval, and a dash where there is no figure. @param range as `formatValue` has it */
export function formatFigure(figure: Figure | undefined, range: readonly [number, number] = [-1, 1]): string {
  if (figure === undefined || !("value" in figure)) return MISSING;
  const show = (value: number): string => formatValue(value, range);
  const { value, low, high } = figure;
  return low === undefined || high === undefined ? show(value) : `${show(value)} [${show(low)}, ${show(high)}]`;
}

/** A calibration for the terminal, for a page of Markdown, or as it is kept. */
export function formatCalibration(
  calibration: Calibration,
  format: "text" | "json" | "markdown",
  { columns }: { readonly columns: number },
): string {
  if (format === "json") return `${JSON.stringify(calibration, undefined, 1)}\n`;
  const table =
    format === "text"
      ? (parts: readonly TextColumn[]) => textTable(parts.slice(0, 1), parts.slice(1), columns)
      : markdownTable;
  const title = (text: string): string => (format === "text" ? text : `## ${text}`);
  const outside = format === "text" ? printable : escapeText;
  return `${[
    outside(headline(calibration)),
    ...calibration.criteria.flatMap((criterion) => [
      "",
      title(
        `${criterion.id}: ${formatCount(criterion.n)} answers to ${formatCount(criterion.questions)} questions${failed(criterion)}`,
      ),
      ...(format === "markdown" ? [""] : []),
      table(figureColumns(criterion)),
      ...(sameGradeText(criterion) === undefined ? [] : ["", sameGradeText(criterion)!]),
      "",
      "Labels (rows) and grades (columns):",
      ...(format === "markdown" ? [""] : []),
      table(confusionColumns(criterion)),
      ...parts("system", criterion.bySystem, table),
      ...parts("tag", criterion.byTag, table),
    ]),
    ...systemLines(calibration),
    ...thresholdLines(calibration),
    "",
    `[low, high]: ${formatLevel(calibration.level)} interval, clustered by question.`,
  ].join("\n")}\n`;
}

function headline({ judge, labels }: Calibration): string {
  const people = labels.raters === 1 ? "1 person" : `${labels.raters} people`;
  return `${judge.id} against ${people}: ${formatCount(labels.labels)} labels of ${formatCount(labels.items)} answers`;
}

function failed({ judgeFailed }: CalibratedCriterion): string {
  return judgeFailed === 0 ? "" : `; ${formatCount(judgeFailed)} labelled answers without a grade`;
}

function figureColumns(criterion: CalibratedCriterion): TextColumn[] {
  const { figures, ceiling, repeats } = criterion;
  const names = figuresShown(criterion);
  const cells = (found: Readonly<Record<string, Figure>>) => names.map((name) => formatFigure(found[name]));
  const again = repeatFigures(criterion);
  return [
    { head: "figure", align: "left", cells: names.map((name) => FIGURE_NAMES[name]!.name) },
    { head: "judge–people", align: "left", cells: cells(figures) },
    ...(ceiling ? [{ head: "people–people", align: "left", cells: cells(ceiling.figures) } as const] : []),
    ...(repeats ? [{ head: "judge–itself", align: "left", cells: cells(again) } as const] : []),
    { head: "", align: "left", cells: names.map((name) => FIGURE_NAMES[name]!.says) },
  ];
}

/** How the judge agrees with itself; α is nominal and ordinal at once on two grades. */
export function repeatFigures({ scale, repeats }: CalibratedCriterion): Readonly<Record<string, Figure>> {
  if (repeats === undefined) return {};
  const { exact, alpha } = repeats;
  return { exact, [scale.length === 2 ? "alpha_nominal" : "alpha"]: alpha };
}

function confusionColumns({ scale, confusion }: CalibratedCriterion): TextColumn[] {
  return [
    { head: "", align: "right", cells: scale.map(String) },
    ...scale.map(
      (grade, j): TextColumn => ({
        head: String(grade),
        align: "right",
        cells: confusion.map((row) => formatCount(row[j]!)),
      }),
    ),
  ];
}

function parts(
  what: string,
  all: CalibratedCriterion["bySystem"],
  table: (columns: readonly TextColumn[]) => string,
): string[] {
  if (all.length < 2) return [];
  const columns: TextColumn[] = [
    { head: what, align: "left", cells: all.map(({ name }) => printable(name)) },
    { head: "n", align: "right", cells: all.map(({ n }) => formatCount(n)) },
    { head: "exact", align: "left", cells: all.map(({ exact }) => formatFigure(exact)) },
    { head: "bias", align: "left", cells: all.map(({ bias }) => formatFigure(bias)) },
    { head: "", align: "left", cells: all.map(({ bias }) => favour(bias) ?? "") },
  ];
  return ["", table(columns)];
}

/** Whether the interval of a bias lies wholly on one side. */
export function favour(bias: Figure): string | undefined {
  if (!("value" in bias) || bias.low === undefined || bias.high === undefined) return undefined;
  return bias.low > 0 ? "graded too well" : bias.high < 0 ? "graded too badly" : undefined;
}

function systemLines({ systems }: Calibration): string[] {
  if (!systems) return [];
  const { tau, swapped } = systems;
  return [
    "",
    `Order of ${systems.means.length} systems by the judge and by people: Kendall's τ-b ${formatFigure(tau)}; a pair is swapped with probability ${formatFigure(swapped)}.`,
  ];
}

function thresholdLines({ thresholds }: Calibration): string[] {
  if (thresholds.length === 0) return [];
  return [
    "",
    ...thresholds.map(({ criterion, figure, atLeast, got, met }) => {
      const name = FIGURE_NAMES[figure]?.name ?? figure;
      return `${met ? "ok" : "MISSED"}: ${criterion}, ${name} ${formatFigure(got)}, at least ${formatValue(atLeast, [-1, 1])} is asked for`;
    }),
  ];
}

function markdownTable(columns: readonly TextColumn[]): string {
  const rows = columns[0]?.cells.map((_, row) => columns.map(({ cells }) => escapeText(cells[row]!))) ?? [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = line(columns.map(({ align }) => (align === "right" ? "---:" : "---")));
  return [line(columns.map(({ head }) => head)), rule, ...rows.map(line)].join("\n");
}
