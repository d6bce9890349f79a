import { rightnessText } from "../conditions/rightness.ts";
import type { SelectiveAnswering } from "./selective.ts";

/** What a picture needs of {@link SelectiveAnswering}. Plain data: it goes through JSON unchanged. */
export interface RiskCurve {
  readonly condition: string;
  /** What is right, in words. */
  readonly right: string;
  /** Coverage and risk, thinned to what a picture shows. */
  readonly curve: readonly { readonly coverage: number; readonly risk: number }[];
}

/** Points of a line that are drawn. */
const MOST_POINTS = 40;

export function riskCurve({ condition, right, curve }: SelectiveAnswering): RiskCurve {
  const step = (curve.length - 1) / (MOST_POINTS - 1);
  // Both ends stay.
  const thinned = step <= 1 ? curve : Array.from({ length: MOST_POINTS }, (_, i) => curve[Math.round(i * step)]!);
  return {
    condition,
    right: rightnessText(right),
    curve: thinned.map(({ coverage, risk }) => ({ coverage, risk })),
  };
}
