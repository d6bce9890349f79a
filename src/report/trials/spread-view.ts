import { formatCount, formatValue } from "../format-number.ts";
import { metricAnchor, metricHead } from "../metric-head.ts";
import { errorText, SPREAD_LEGEND, shareText } from "./spread-text.ts";
import type { TrialSpread } from "./trial-spread.ts";

/** Spread between trials and between questions as the page of a run shows it. @returns undefined without several trials */
export function spreadView(spreads: readonly TrialSpread[]) {
  if (spreads.length === 0) return undefined;
  return {
    legend: SPREAD_LEGEND,
    rows: spreads.map((spread) => ({
      metric: spread.metric,
      anchor: metricAnchor(metricHead(spread.metric)),
      context: spread.condition,
      n: `${formatCount(spread.questions)} × ${Number(spread.trials.toFixed(1))}`,
      questions: formatValue(spread.betweenQuestions, metricHead(spread.metric).range),
      trials: formatValue(spread.betweenTrials, metricHead(spread.metric).range),
      share: shareText(spread),
      now: errorText(spread, "now"),
      twiceTheTrials: errorText(spread, "twiceTheTrials"),
      endlessTrials: errorText(spread, "endlessTrials"),
      twiceTheQuestions: errorText(spread, "twiceTheQuestions"),
      limitedBy: spread.limitedBy,
    })),
  };
}
