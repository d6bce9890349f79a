import { printable, quoteValue } from "../../lib/text.ts";
import { reasonOf } from "../cells/cell-view.ts";
import { differenceText, verdictText } from "../compare/comparison-cells.ts";
import { calibrationLines } from "../judged/judged-text.ts";
import { formatCount, formatEstimate, formatLevel, MISSING, shortProtocol } from "../text/format-number.ts";
import type { HistoryMetric, HistoryPoint, HistoryRun, HistoryTable, OtherProtocol } from "./history-table.ts";

/** The cells in which every readable format shows a metric of a run. */
export interface HistoryCells {
  readonly run: string;
  readonly started: string;
  readonly mean: string;
  readonly n: string;
  readonly failed: string;
  readonly refused: string;
  readonly before: string;
  readonly reference: string;
  readonly verdict: string;
}

export const HISTORY_HEADS: HistoryCells = {
  run: "run",
  started: "started",
  mean: "mean",
  n: "n",
  failed: "failed",
  refused: "refused",
  before: "against the run before",
  reference: "against the reference",
  verdict: "verdict",
};

export const NUMERIC_CELLS: ReadonlySet<keyof HistoryCells> = new Set(["n", "failed", "refused"]);

/** The points that are shown, with the runs they belong to. */
export function shownPoints({ runs, from }: HistoryTable, { points }: HistoryMetric) {
  return points.filter(({ run }) => run >= from).map((point) => ({ point, run: runs[point.run - 1]! }));
}

export function historyCells(table: HistoryTable, metric: HistoryMetric): HistoryCells[] {
  return shownPoints(table, metric).map(({ point, run }) => ({
    run: `#${point.run}`,
    started: run.startedAt.slice(0, 10),
    mean:
      point.estimate.state === "estimated" ? formatEstimate(point.estimate, metric.range) : reasonOf(point.estimate),
    n: formatCount(point.estimate.n),
    failed: formatCount(point.estimate.failed),
    refused: point.refused === undefined ? MISSING : formatCount(point.refused),
    before: point.previous ? againstText(table, point.previous, point.run - 1) : MISSING,
    reference: point.reference ? againstText(table, point.reference) : MISSING,
    verdict: verdictOf(table, point),
  }));
}

/** `−.031 [−.060, −.002] to #3`; the number is left out where it is that of the run before. */
function againstText(table: HistoryTable, found: NonNullable<HistoryPoint["previous"]>, usual?: number): string {
  const number = numberOf(table, found.against);
  return `${differenceText(found)}${number === usual ? "" : ` to #${number}`}`;
}

/** A run's place in the series, from 1. */
function numberOf({ runs }: HistoryTable, name: string): number {
  return runs.findIndex(({ run }) => run.run === name) + 1;
}

/** `worse`, `worse in small steps since #1`, or what the run before and the reference leave open. */
export function verdictOf(table: HistoryTable, { previous, reference, change }: HistoryPoint): string {
  if (change?.kind === "drift") return `${change.verdict} in small steps since #${numberOf(table, change.since)}`;
  if (change) return change.verdict;
  if (previous === undefined) return "the first";
  // Of the two that leave it open, the one that is nearest to an answer.
  const open = [previous, ...(reference ? [reference] : [])].filter(({ verdict }) => verdict === "cannot tell");
  const nearest = open.find(showsByInterval) ?? open.toSorted((a, b) => needed(a) - needed(b))[0] ?? previous;
  return showsByInterval(nearest) ? "cannot tell, the interval alone shows a difference" : verdictText(nearest);
}

/** Whether the randomization test alone kept it from being called a change. */
function showsByInterval({ verdict, difference, minEffect }: NonNullable<HistoryPoint["previous"]>): boolean {
  if (verdict !== "cannot tell" || difference.state !== "estimated") return false;
  return difference.low > minEffect || difference.high < -minEffect;
}

function needed({ moreQuestions = Number.POSITIVE_INFINITY }: NonNullable<HistoryPoint["previous"]>): number {
  return moreQuestions;
}

/** `EM rag@3 ↑, changes beyond 0.02`. */
export function metricText({ metric, condition, better, minEffect }: HistoryMetric): string {
  const beyond = minEffect > 0 ? `, changes beyond ${minEffect}` : "";
  return `${metric} ${condition} ${better === "higher" ? "↑" : "↓"}${beyond}`;
}

/** A change that is shown: `EM rag@3: #5 is worse`, with what else changed. */
export interface FlaggedChange {
  readonly text: string;
  readonly verdict: "better" | "worse";
  /** Fields of the configuration and the code; empty where the run folders record nothing. */
  readonly differences: readonly string[];
}

export function flaggedChanges(table: HistoryTable): FlaggedChange[] {
  return table.metrics.flatMap((metric) =>
    shownPoints(table, metric).flatMap(({ point, run }) =>
      point.change
        ? [
            {
              text: `${metric.metric} ${metric.condition}: #${point.run} is ${verdictOf(table, point)}`,
              verdict: point.change.verdict,
              differences: differencesOf(run, table.runs[point.run - 2]),
            },
          ]
        : [],
    ),
  );
}

/** What came with a change; one that nothing explains is told so. */
export function cameWith({ differences }: FlaggedChange): string {
  return `changed with it: ${differences.length > 0 ? differences.join("; ") : "nothing that the run folders record"}`;
}

/** What is known to have changed with a run: fields of the configuration, the tool. Values from files are quoted and cut. */
export function differencesOf({ config, code }: HistoryRun, before: HistoryRun | undefined): string[] {
  if (before === undefined) return [];
  const fields = config.map(
    ({ field, baseline, candidate }) => `${printable(field)}: ${quoteValue(baseline)} → ${quoteValue(candidate)}`,
  );
  const tool = [codeText(before.code), codeText(code)];
  return [...fields, ...(tool[0] === tool[1] ? [] : [`code: ${tool[0]} → ${tool[1]}`])];
}

function codeText({ version, commit, dirty }: HistoryRun["code"]): string {
  const at = commit === undefined ? "" : ` at ${commit.slice(0, 10)}`;
  return printable(`${version}${at}${dirty ? " with local changes" : ""}`);
}

/** `#3 my-run, accepted`. */
export function runName({ run, accepted }: HistoryRun, number: number): string {
  return `#${number} ${printable(run.run)}${accepted ? ", accepted" : ""}`;
}

/** A line per shown run: its name, and what differs from the run before. */
export function runLines({
  runs,
  from,
}: HistoryTable): readonly { readonly name: string; readonly differences: readonly string[] }[] {
  return runs
    .map((run, i) => ({ name: runName(run, i + 1), differences: differencesOf(run, runs[i - 1]) }))
    .slice(from - 1);
}

/** `2 runs of another protocol (1a2b3c4d): dataset.sha256 differs`. */
export function otherText({ protocol, runs, differs }: OtherProtocol): string {
  const fields = differs.map(({ field }) => printable(field));
  const named =
    fields.length === 0 ? "" : `: ${fields.slice(0, 6).join(", ")} ${fields.length === 1 ? "differs" : "differ"}`;
  return `${runs.length} ${runs.length === 1 ? "run" : "runs"} of another protocol (${shortProtocol(protocol)})${named}`;
}

export function interruptedText({ interrupted }: HistoryTable): string[] {
  return interrupted.map((run) => `${printable(run)} was interrupted and is left out`);
}

/** A line for each metric that depends on a judge: how far that was measured against people. */
export function judgedTexts({ metrics }: HistoryTable): string[] {
  const heads = new Map(metrics.flatMap(({ metric, judged }) => (judged ? [[metric, judged] as const] : [])));
  return calibrationLines({ metrics: [...heads.values()] });
}

/** What the verdicts rest on. */
export function ruleTexts({ alpha, horizon, level }: HistoryTable): string[] {
  return [
    `means have ${formatLevel(level)} intervals, those of differences are wider: a run's verdicts together have an error of ${formatLevel(alpha / horizon)}, so that a series in which nothing changes has any flag with a probability of at most ${formatLevel(alpha)} over ${horizon} runs, however often it is looked at`,
    "each run is compared, question by question, with the run before and with the reference: the first run, or the last one that was accepted or at which the metric changed; the paired randomization test must agree, with Holm over all that a run is asked",
  ];
}
