import type { Estimate } from "../../core/estimate.ts";
import { MISSING } from "../text/format-number.ts";

/** Characters of the chart. */
const WIDTH = 24;

/** Intervals as lines of text on one scale from the lowest bound to the highest: `    ───●──── `. */
export function textBars(estimates: readonly (Estimate | undefined)[]): string[] {
  const known = estimates.filter((e) => e?.state === "estimated");
  const low = Math.min(...known.map((e) => e.low));
  const span = Math.max(...known.map((e) => e.high)) - low || 1;
  const at = (x: number): number => Math.round(((x - low) / span) * (WIDTH - 1));
  return estimates.map((e) => {
    if (e?.state !== "estimated") return MISSING;
    const bar: string[] = Array.from({ length: WIDTH }, (_, i) => (i >= at(e.low) && i <= at(e.high) ? "─" : " "));
    bar[at(e.mean)] = "●";
    return bar.join("");
  });
}
