import { printable } from "../../lib/text.ts";
import { formatCount, formatValue } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import type { TrialSpread } from "./trial-spread.ts";

/**
 * Spread between trials and between questions for a terminal; figures that no trial changes are not listed.
 * @param spreads at least one
 */
export function spreadText(all: readonly TrialSpread[], columns: number, bold: (text: string) => string): string {
  const title = bold("What limits the intervals");
  const spreads = all.filter(({ betweenTrials }) => betweenTrials > 0);
  const still = all.length - spreads.length;
  if (spreads.length === 0) {
    return `${title}\n${wrapText(SAME_IN_ALL, columns)}`;
  }
  const column = (head: string, align: "left" | "right", cell: (spread: TrialSpread) => string): TextColumn => ({
    head,
    align,
    cells: spreads.map(cell),
  });
  const table = textTable(
    [
      column("system", "left", ({ system }) => printable(system)),
      column("context", "left", ({ condition }) => printable(condition)),
      column("metric", "left", ({ metric }) => printable(metric)),
    ],
    [
      column("n", "right", ({ questions, trials }) => `${formatCount(questions)}×${Number(trials.toFixed(1))}`),
      column("trials' share", "left", shareText),
      column("± now", "right", (spread) => errorText(spread, "now")),
      column("2× trials", "right", (spread) => errorText(spread, "twiceTheTrials")),
      column("2× questions", "right", (spread) => errorText(spread, "twiceTheQuestions")),
      column("limited by", "left", ({ limitedBy }) => limitedBy),
    ],
    columns,
  );
  const rest = still > 0 ? ` ${still} more figures are the same in all trials: questions alone limit them.` : "";
  return `${title}\n${table}\n${wrapText(SPREAD_LEGEND + rest, columns)}`;
}

export const SAME_IN_ALL =
  "The questions: all trials of a question scored the same, so that more trials bring nothing.";

export const SPREAD_LEGEND =
  "±: standard error of the mean, as it is and as more trials or questions would make it. Share: of the mean's variance, " +
  "what the trials make and more of them would remove; the rest is the questions'.";

/** `.12 [.05, .22]` */
export function shareText({ trialShare, interval }: TrialSpread): string {
  const [share, low, high] = [trialShare, interval.low, interval.high].map((x) => formatValue(x, [0, 1]));
  return `${share} [${low}, ${high}]`;
}

export function errorText({ range, standardError }: TrialSpread, of: keyof TrialSpread["standardError"]): string {
  return formatValue(standardError[of], range);
}
