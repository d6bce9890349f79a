import type { ComparedMetric } from "../../gate/index.ts";
import { type QuestionsView, questionsLink } from "../address/question-address.ts";
import { runHref } from "../address/run-address.ts";
import { type ForestGroup, forestView } from "../cells/forest-view.ts";
import { badgeView } from "../judged/badge-view.ts";
import { judgeWord } from "../judged/calibration-note.ts";
import { metricAnchor, metricHead } from "../metric-head.ts";
import type { MetricHead } from "../summary-types.ts";
import { formatCount } from "../text/format-number.ts";
import { compareSummary, joinNotes } from "./compare-summary.ts";
import { comparisonCells, configTexts, flipFacts, flipSaid, footnotes, widthOf } from "./comparison-cells.ts";
import type { FlipSide, ToldComparison, ToldFlips } from "./tell-flips.ts";

/** What the board knows of the suite and the metrics of two runs. */
interface Known {
  /** The suite's title. */
  readonly title?: string | undefined;
  /** The columns of the board: those of judges bring how far these were measured. */
  readonly heads?: readonly MetricHead[];
}

/** The page of two runs as its template takes it. */
export function compareView(comparison: ToldComparison, { title: suiteTitle, heads = [] }: Known = {}) {
  const { baseline, candidate, suite, questions, metrics, notes, flips } = comparison;
  const [before, after] = [baseline, candidate].map(({ title, system, run }) => ({
    name: title ?? system,
    run,
    href: runHref(run),
  }));
  return {
    title: `${after!.name} against ${before!.name}`,
    suite: suiteTitle ?? suite,
    summary: compareSummary(metrics, (metric) => {
      const { judge } = heads.find(({ name }) => name === metric) ?? {};
      return judge && judgeWord(judge.calibration);
    }),
    baseline: before,
    candidate: after,
    questions: formatCount(questions),
    metrics: metrics.map((row) => metricRow(row, heads)),
    plots: plots(metrics),
    footnotes: footnotes(comparison),
    notes: joinNotes(notes),
    config: configTexts(comparison),
    flips: flips.map((list) => flipsView(list, comparison)),
  };
}

const MARKS = { better: "best", worse: "worse", equivalent: "tied", "cannot tell": "tied" } as const;

function metricRow(row: ComparedMetric, heads: readonly MetricHead[]) {
  const head = heads.find(({ name }) => name === row.metric);
  const { verdict, ...cells } = comparisonCells(row);
  return {
    ...cells,
    anchor: metricAnchor(metricHead(row.metric)),
    badge: head && badgeView(head),
    arrow: row.better === "higher" ? "↑" : "↓",
    arrowTitle: row.better === "higher" ? "higher is better" : "lower is better",
    mark: MARKS[row.verdict],
    word: row.verdict,
    more: verdict !== row.verdict ? verdict.replace(/^cannot tell, /, "") : verdict === "cannot tell" ? row.reason : "",
    reason: row.reason,
  };
}

/** A picture per unit: the differences of metrics of one range on one axis that shows 0. */
function plots(metrics: readonly ComparedMetric[]) {
  const ranges = new Map<string, ComparedMetric[]>();
  for (const row of metrics) {
    const key = row.range.join();
    ranges.set(key, [...(ranges.get(key) ?? []), row]);
  }
  return Array.from(ranges.values()).flatMap((rows) => {
    const names = Array.from(new Set(rows.map(({ metric }) => metric)));
    const groups = names.flatMap((title): ForestGroup[] => {
      const drawn = rows.flatMap(({ metric, condition, difference }) =>
        metric === title && difference.state === "estimated"
          ? [{ who: condition, estimate: difference, kind: "unranked" as const }]
          : [],
      );
      return drawn.length === 0 ? [] : [{ title, rows: drawn }];
    });
    if (groups.length === 0) return [];
    const range = widthOf(rows[0]!.range);
    const bounded = range.every(Number.isFinite);
    const head = { ...metricHead("difference"), unit: "candidate − baseline", ...(bounded && { range }) };
    return [forestView(head, groups, { holds: 0 })];
  });
}

function flipsView(
  { metric, condition, range, worse, better, flips }: ToldFlips,
  { suite, protocol, baseline, candidate }: ToldComparison,
) {
  const side = (run: string, query: string, found: FlipSide) => ({
    facts: flipFacts(found, range),
    said: flipSaid(found),
    href: `${runHref(run)}#${new URLSearchParams({ on: condition, question: query })}`,
  });
  const both = { on: condition, by: metric, runs: [baseline.run, candidate.run] };
  const across = (view: QuestionsView) => questionsLink({ suite, protocol }, { ...both, ...view });
  return {
    metric,
    condition,
    worse: formatCount(worse),
    better: formatCount(better),
    across: across({}),
    shown: flips.length < worse + better ? `the first ${flips.length} are listed` : "",
    rows: flips.map((flip) => ({
      query: flip.query,
      href: across({ question: flip.query }),
      question: flip.question,
      references: flip.references,
      baseline: side(baseline.run, flip.query, flip.baseline),
      candidate: side(candidate.run, flip.query, flip.candidate),
    })),
  };
}
