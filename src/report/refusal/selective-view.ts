import { rightnessText } from "../conditions/rightness.ts";
import { formatCount, formatValue } from "../text/format-number.ts";
import { riskChart } from "./risk-chart.ts";
import { riskCurve } from "./risk-curve.ts";
import type { SelectiveAnswering } from "./selective.ts";

const SHARE = [0, 1] as const;

/** Risk and coverage as the page of a run shows them. @returns undefined where there is nothing to show */
export function selectiveView(found: readonly SelectiveAnswering[]) {
  if (found.length === 0) return undefined;
  const rows = found.map(({ condition, right, aurc, uninformed, perfect }) => ({
    condition,
    right: rightnessText(right),
    n: formatCount(aurc.n),
    ...(aurc.state === "estimated"
      ? {
          number: formatValue(aurc.mean, SHARE),
          interval: `[${formatValue(aurc.low, SHARE)}, ${formatValue(aurc.high, SHARE)}]`,
        }
      : { reason: `not estimable: ${aurc.reason}` }),
    uninformed: formatValue(uninformed, SHARE),
    perfect: formatValue(perfect, SHARE),
  }));
  const lines = found.map(riskCurve).map(({ condition, curve }) => ({ name: condition, curve }));
  return { rows, chart: riskChart(lines, `right: ${rows[0]!.right}`) };
}
