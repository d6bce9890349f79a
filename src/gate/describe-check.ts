import { printable } from "../lib/text.ts";
import type { FailureCheck, GateCheck, GateVerdict, RunName, UnscoredCheck } from "./verdict.ts";

/** The cells in which every readable format shows a check. */
export interface CheckCells {
  readonly metric: string;
  readonly condition: string;
  readonly baseline: string;
  readonly candidate: string;
  /** The difference, or the mean, with its interval. */
  readonly estimate: string;
  /** What the interval had to reach. */
  readonly limit: string;
  readonly p: string;
  readonly n: string;
  /** Of the n: failed in the baseline / in the candidate. */
  readonly failed: string;
  /** Wins / ties / losses of the candidate. */
  readonly wins: string;
  readonly verdict: string;
}

export const CELL_HEADS: CheckCells = {
  metric: "metric",
  condition: "condition",
  baseline: "baseline",
  candidate: "candidate",
  estimate: "difference",
  limit: "limit",
  p: "p",
  n: "n",
  failed: "failed",
  wins: "won/tied/lost",
  verdict: "verdict",
};

/** Columns that are numbers and stand to the right. */
export const NUMERIC: ReadonlySet<keyof CheckCells> = new Set(["baseline", "candidate", "p", "n", "failed", "wins"]);

const NONE = "—";

export function checkCells(check: GateCheck): CheckCells {
  const { estimate, baseline, candidate, paired, better, kind, limit } = check;
  const show = (value: number | undefined): string => (value === undefined ? NONE : number(value, check.range));
  const relative = paired !== undefined;
  const signed = (value: number): string => (relative && value > 0 ? `+${show(value)}` : show(value));
  const bound = kind === "at_most" || kind === "ratio" || (relative && better === "lower") ? "≤" : "≥";
  const atLimit = !relative ? limit : (kind === "superiority" ? limit : -limit) * (better === "lower" ? -1 : 1);
  return {
    metric: printable(check.metric),
    condition: printable(check.condition),
    baseline: show(baseline?.mean),
    candidate: show(candidate.mean),
    estimate: estimateCell(check, signed),
    limit: kind === "shift" ? `± ${asWritten(limit)}` : `${bound} ${asWritten(atLimit)}${kind === "ratio" ? "×" : ""}`,
    p: check.p === undefined ? NONE : pValue(check.p),
    n: String(estimate.n),
    failed: baseline ? `${baseline.failed}/${candidate.failed}` : String(candidate.failed),
    wins: paired ? `${paired.wins}/${paired.ties}/${paired.losses}` : NONE,
    verdict: check.verdict,
  };
}

function estimateCell({ estimate, kind, of, paired }: GateCheck, signed: (value: number) => string): string {
  if (estimate.state === "estimated") {
    const times = kind === "ratio" ? "×" : "";
    const what = paired || kind === "ratio" ? signed(estimate.mean) : of === "latency" ? "p95" : "mean";
    return `${what}${times} [${signed(estimate.low)}, ${signed(estimate.high)}]`;
  }
  return paired && paired.unpaired === 0 && paired.n > 0 && paired.ties === paired.n ? signed(0) : NONE;
}

/** The reason of a check as a sentence, with what would tell where it cannot. */
export function explain(check: GateCheck): string {
  const more =
    check.moreQuestions === undefined ? "" : `; about ${roughly(check.moreQuestions)} more questions would tell`;
  return printable(`${check.reason}${more}`);
}

/** `4 of 60 questions failed; the suite allows 0 %`. */
export function explainFailures({ failed, asked, limit }: FailureCheck): string {
  return `${failed} of ${asked} questions failed; the suite allows ${Number((100 * limit).toFixed(2))} %`;
}

/** `12 of 100 questions have no value; the suite allows 5 %`. */
export function explainUnscored({ unscored, asked, limit }: UnscoredCheck): string {
  return `${unscored} of ${asked} questions have no value; the suite allows ${Number((100 * limit).toFixed(2))} %`;
}

/** What the figures of a verdict rest on, in one sentence. */
export function footnote({ alpha, checks, questions }: GateVerdict): string {
  const tested = checks.filter(({ point }) => !point).length;
  const of = tested === 1 ? "1 check" : `${tested} checks, Holm over all`;
  return `${questions} question${questions === 1 ? "" : "s"}; error rate ${alpha} of the whole gate (${of}); p is two-sided against the limit`;
}

export function runLabel({ system, run }: RunName): string {
  return printable(`${system} (${run})`);
}

const MINUS = "−";

/** Three decimals for metrics within [-1, 1], three significant digits for others. */
function number(value: number, [low, high]: readonly [number, number]): string {
  const magnitude = Math.abs(value);
  if (magnitude === Number.POSITIVE_INFINITY) return value < 0 ? `${MINUS}∞` : "∞";
  const text =
    low >= -1 && high <= 1 ? magnitude.toFixed(3).replace(/^0/, "") : String(Number(magnitude.toPrecision(3)));
  return value < 0 && /[1-9]/.test(text) ? `${MINUS}${text}` : text;
}

/** A limit keeps the digits the suite gives it. */
function asWritten(limit: number): string {
  return String(limit === 0 ? 0 : limit)
    .replace("-", MINUS)
    .replace(/^(\u2212?)0\./, "$1.");
}

function pValue(p: number): string {
  return p < 0.001 ? "<.001" : p.toFixed(3).replace(/^0/, "");
}

/** Two significant digits: the figure is a plan, not a measurement. */
function roughly(count: number): string {
  return String(Number(count.toPrecision(2)));
}
