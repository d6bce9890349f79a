import type { Estimate } from "../../core/estimate.ts";
import { gradesHref } from "../address/grades-address.ts";
import { judgeWord } from "../judged/calibration-note.ts";
import { besideJudge } from "../judged/judged-text.ts";
import type { Cell, MetricHead, RankInterval, Row, Standing } from "../summary-types.ts";
import { formatCount, formatValue } from "../text/format-number.ts";
import { intervalBar } from "./interval-bar.ts";

/** One number of a page: text, picture, and what stands behind it. */
export interface CellView {
  readonly label: string;
  /** What the column is sorted by; empty sorts last. */
  readonly sort: string;
  readonly number?: string;
  readonly interval?: string;
  readonly bar?: string;
  readonly best: boolean;
  readonly tied: boolean;
  readonly behind: boolean;
  readonly evidence?: string;
  /** Between which places it may stand: `1–3`, or `2` where it is one. */
  readonly rank?: string;
  readonly rankTitle?: string;
  /** Of a judge's column: how far that judge was measured, in a word. */
  readonly judge?: string;
  /** The n, where it is not that of the row. */
  readonly note?: string;
  /** Of a judge's mean: what unscored answers allow, and what labels of people say. */
  readonly more?: readonly string[];
  /** Of a judge's mean: the page of its grades with their reasons, from the root of the site. */
  readonly href?: string;
  /** Why there is no number. */
  readonly reason?: string;
}

export function cellView(cell: Cell | undefined, row: Row, metric: MetricHead): CellView {
  const marks = { label: metric.name, best: false, tied: false, behind: false };
  if (cell === undefined) return { ...marks, sort: "", reason: "not measured by this run" };
  const note = countNote(cell.estimate, row.questions);
  const { standing } = cell;
  const number = numberView(cell.estimate, metric);
  if (number === undefined) return { ...marks, sort: "", reason: reasonOf(cell.estimate) };
  return {
    ...marks,
    ...number,
    best: standing.kind === "best",
    tied: standing.kind === "tied",
    behind: standing.kind === "behind",
    evidence: evidence(standing, metric),
    ...(cell.rank && rankView(cell.rank)),
    ...(metric.judge && { judge: judgeWord(metric.judge.calibration) }),
    ...(note !== undefined && { note }),
    ...(cell.judged && { more: besideJudge(cell, metric) }),
    ...(cell.judged && metric.judge && { href: gradesAddress(row, metric.judge) }),
  };
}

/** The places of a row in text. @param by the tests that tell rows apart */
export function rankView({ low, high, of, same }: RankInterval, by = "paired tests") {
  const rank = low === high ? String(low) : `${low}–${high}`;
  const alike = same.length === 0 ? "" : `; ${same.length} cannot be told apart from it`;
  return { rank, rankTitle: `place ${low === high ? low : `${low} to ${high}`} of ${of}, by ${by}${alike}` };
}

function gradesAddress({ run, condition }: Row, { id, criterion }: NonNullable<MetricHead["judge"]>): string {
  return gradesHref(run.run, id, { by: criterion, ...(condition !== undefined && { on: condition }) });
}

/** An estimate in text and picture. @returns undefined where there is no estimate */
export function numberView(estimate: Estimate, { range }: MetricHead) {
  if (estimate.state === "not-estimable") return undefined;
  const { mean, low, high } = estimate;
  return {
    sort: String(mean),
    number: formatValue(mean, range),
    interval: `[${formatValue(low, range)}, ${formatValue(high, range)}]`,
    ...(range && Number.isFinite(range[0]) && Number.isFinite(range[1]) && { bar: intervalBar(estimate, range) }),
  };
}

export function reasonOf(estimate: Estimate): string {
  return estimate.state === "not-estimable" ? `not estimable: ${estimate.reason}` : "";
}

function countNote({ n, unscored }: Estimate, questions: number): string | undefined {
  if (n === questions) return undefined;
  return `n ${formatCount(n)}${unscored > 0 ? `, ${formatCount(unscored)} unscored` : ""}`;
}

/** The paired comparison in words, for whoever points at the mark. */
function evidence(standing: Standing, { range }: MetricHead): string {
  if (standing.kind !== "tied" && standing.kind !== "behind") return "";
  const { difference, p, pHolm } = standing;
  const width = range && ([range[0] - range[1], range[1] - range[0]] as const);
  const values =
    difference.state === "estimated"
      ? `${formatValue(difference.mean, width)} [${formatValue(difference.low, width)}, ${formatValue(difference.high, width)}]`
      : `not estimable: ${difference.reason}`;
  const words = standing.kind === "tied" ? "cannot be told apart from the best" : "separated from the best";
  const paired =
    difference.state === "estimated" && difference.method.startsWith("difference-of-means") ? "" : "paired ";
  return `${words}: ${paired}difference ${values} on ${difference.n} questions, p ${formatP(p)}, with Holm ${formatP(pHolm)}`;
}

/** @param p in (0, 1] */
export function formatP(p: number): string {
  return p < 0.001 ? "< .001" : p.toFixed(3).replace(/^0/, "");
}
