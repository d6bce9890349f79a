import { rightnessText } from "../conditions/rightness.ts";
import { formatCount, formatValue } from "../format-number.ts";
import { scale } from "../interval-bar.ts";
import type { SelectiveAnswering } from "./selective.ts";

const SHARE = [0, 1] as const;
const WIDTH = 240;
const HEIGHT = 90;

/** Risk and coverage as the page of a run shows them. @returns undefined where there is nothing to show */
export function selectiveView(found: readonly SelectiveAnswering[]) {
  if (found.length === 0) return undefined;
  return found.map(({ condition, right, aurc, uninformed, perfect, curve }) => ({
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
    svg: curveSvg(curve),
  }));
}

/** Risk over coverage, both from 0 to 1, as a picture without any text from outside. The numbers stand beside it. */
export function curveSvg(curve: SelectiveAnswering["curve"]): string {
  const x = scale([0, 1], 0, WIDTH);
  const y = scale([0, 1], HEIGHT, 0);
  const points = curve.map(({ coverage, risk }) => `${x(coverage)} ${y(risk)}`);
  return (
    `<svg class="curve" viewBox="0 -2 ${WIDTH} ${HEIGHT + 4}" width="${WIDTH}" height="${HEIGHT}" aria-hidden="true" focusable="false">` +
    `<path class="axis" d="M0 0V${HEIGHT}H${WIDTH}"/><path class="line" d="M${points.join("L")}"/></svg>`
  );
}
