import { metricAnchor, metricHead } from "../metric-head.ts";
import { formatCount } from "../text/format-number.ts";
import { errorText, SAME_IN_ALL, SPREAD_LEGEND, shareText } from "./spread-text.ts";
import type { TrialSpread } from "./trial-spread.ts";

/**
 * Spread between trials and between questions as the page of a run shows it; figures that no trial changes are counted.
 * @returns undefined without several trials
 */
export function spreadView(spreads: readonly TrialSpread[]) {
  if (spreads.length === 0) return undefined;
  const differing = spreads.filter(({ betweenTrials }) => betweenTrials > 0);
  if (differing.length === 0) return { legend: SAME_IN_ALL };
  return {
    legend: SPREAD_LEGEND,
    same: differing.length < spreads.length && formatCount(spreads.length - differing.length),
    rows: differing.map((spread) => ({
      metric: spread.metric,
      anchor: metricAnchor(metricHead(spread.metric)),
      context: spread.condition,
      n: `${formatCount(spread.questions)} × ${Number(spread.trials.toFixed(1))}`,
      share: shareText(spread),
      now: errorText(spread, "now"),
      twiceTheTrials: errorText(spread, "twiceTheTrials"),
      twiceTheQuestions: errorText(spread, "twiceTheQuestions"),
      limitedBy: spread.limitedBy,
    })),
  };
}
