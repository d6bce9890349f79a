import type { ComparedMetric, Comparison } from "../../gate/index.ts";
import { printable, quoteValue, truncate } from "../../lib/text.ts";
import { formatP } from "../cells/cell-view.ts";
import { formatCount, formatLevel, formatValue, MISSING } from "../text/format-number.ts";
import type { FlipSide } from "./tell-flips.ts";

/** More of an answer, in UTF-16 units, is cut where it is listed. */
export const MOST_ANSWER = 240;

/** The cells in which every readable format shows a compared metric. */
export interface ComparisonCells {
  readonly metric: string;
  readonly context: string;
  readonly baseline: string;
  readonly candidate: string;
  readonly difference: string;
  readonly p: string;
  readonly holm: string;
  readonly n: string;
  readonly counts: string;
  readonly verdict: string;
}

export const COMPARISON_HEADS: ComparisonCells = {
  metric: "metric",
  context: "context",
  baseline: "baseline",
  candidate: "candidate",
  difference: "difference",
  p: "p",
  holm: "Holm",
  n: "n",
  counts: "won/tied/lost",
  verdict: "verdict",
};

/** Columns that are numbers and stand to the right. */
export const NUMERIC_CELLS: ReadonlySet<keyof ComparisonCells> = new Set([
  "baseline",
  "candidate",
  "p",
  "holm",
  "n",
  "counts",
]);

export function comparisonCells(row: ComparedMetric): ComparisonCells {
  const mean = (side: ComparedMetric["baseline"]) =>
    side.mean === undefined ? MISSING : formatValue(side.mean, row.range);
  return {
    metric: row.metric,
    context: row.condition,
    baseline: mean(row.baseline),
    candidate: mean(row.candidate),
    difference: differenceText(row),
    p: tested(row) ? formatP(row.p) : MISSING,
    holm: tested(row) ? formatP(row.pHolm) : MISSING,
    n: formatCount(row.difference.n),
    counts: `${row.wins}/${row.ties}/${row.losses}`,
    verdict: verdictText(row),
  };
}

/** Whether anything was there to test: of no difference the p-value stands for nothing. */
function tested({ difference, n }: ComparedMetric): boolean {
  return difference.state === "estimated" || n > 0;
}

/** `+.035 [.009, .060]`, in the unit of the metric. */
export function differenceText({ difference, range, n, ties, unpaired }: ComparedMetric): string {
  const show = (value: number): string => `${value > 0 ? "+" : ""}${formatValue(value, widthOf(range))}`;
  if (difference.state === "estimated") {
    return `${show(difference.mean)} [${show(difference.low)}, ${show(difference.high)}]`;
  }
  return n > 0 && unpaired === 0 && ties === n ? show(0) : MISSING;
}

/** What a difference of two values in a range can be. */
export function widthOf([low, high]: readonly [number, number]): readonly [low: number, high: number] {
  return [low - high, high - low];
}

/** `better`, `worse`, `equivalent`, or `cannot tell` with how many questions would. */
export function verdictText({ verdict, moreQuestions, n, ties, unpaired }: ComparedMetric): string {
  if (verdict !== "cannot tell") return verdict;
  if (n > 0 && unpaired === 0 && ties === n) return `the same on all ${formatCount(n)}`;
  return moreQuestions === undefined ? verdict : `${verdict}, about ${roughly(moreQuestions)} more questions would`;
}

/** Why nothing can be told where the interval does not show it: a sentence per metric and context. */
export function remarks(metrics: readonly ComparedMetric[]): string[] {
  return metrics
    .filter((row) => verdictText(row) === "cannot tell" && !reachesAcross(row))
    .map(({ metric, condition, reason }) => `${metric} ${condition}: ${reason}`);
}

/** Whether there is an interval, and it allows for no difference that matters. */
function reachesAcross({ difference, minEffect }: ComparedMetric): boolean {
  return difference.state === "estimated" && difference.low <= minEffect && difference.high >= -minEffect;
}

/** Two significant digits: the figure is a plan, not a measurement. */
export function roughly(count: number): string {
  return formatCount(Number(count.toPrecision(2)));
}

/** Sentences on what is compared and what the figures rest on. */
export function footnotes(comparison: Comparison | Omit<Comparison, "flips">): string[] {
  const { alpha, compared, metrics, asked, questions } = comparison;
  const effects = new Set(metrics.map(({ minEffect }) => minEffect));
  const shared = asked
    ? [
        `only the ${formatCount(questions)} questions that both were asked are compared (baseline ${formatCount(asked.baseline)}, candidate ${formatCount(asked.candidate)})`,
      ]
    : [];
  return [
    ...shared,
    `difference = candidate − baseline on the same questions; p: paired randomization; Holm over ${compared === 1 ? "1 difference" : `${compared} differences`}`,
    `intervals are as wide as that many differences ask for; all verdicts together hold at ${formatLevel(1 - alpha)}`,
    ...(effects.size === 1 && effects.has(0)
      ? []
      : [
          `the suite's smallest differences that matter: ${minEffectsText(metrics)}; better and worse are beyond them, equivalent is within`,
        ]),
  ];
}

function minEffectsText(metrics: readonly ComparedMetric[]): string {
  const texts = metrics
    .filter(({ minEffect }) => minEffect > 0)
    .map(({ metric, minEffect }) => `${metric} ${minEffect}`);
  return Array.from(new Set(texts)).join(", ");
}

/** `/retriever/k1: 0.9 → 1.2`, for every field in which the systems differ. Values from files are quoted and cut. */
export function configTexts({ config }: Pick<Comparison, "config">): string[] {
  return config.map(
    ({ field, baseline, candidate }) => `${printable(field)}: ${quoteValue(baseline)} → ${quoteValue(candidate)}`,
  );
}

/** `gold at 3`, `gold not found`; nothing where there is no ranking or no gold. */
export function goldText({ goldRank }: { readonly goldRank?: number | null }): string | undefined {
  if (goldRank === undefined) return undefined;
  return goldRank === null ? "gold not found" : `gold at ${goldRank}`;
}

/** What a side of a flip scored and found: `.500, gold at 3`. */
export function flipFacts(side: FlipSide, range: readonly [number, number]): string {
  return [formatValue(side.value, range), goldText(side)].filter((text) => text !== undefined).join(", ");
}

/** What it said, after what it did where that was no answer. Text from outside, cut. */
export function flipSaid({ state, text }: FlipSide): string | undefined {
  if (text === undefined) return undefined;
  return truncate(state !== "answered" && state !== "ranked" ? `${state}: ${text}` : text, MOST_ANSWER);
}

export function runText({ system, title, run }: Comparison["baseline"]): string {
  return `${title ?? system} (${run})`;
}
