import { BadArgument } from "../../core/errors.ts";

/**
 * How much two different grades disagree, as a share of the most that the scale allows: `identity` all or nothing,
 * `linear` |x - y|, `quadratic` (x - y)², both by the values of the scale and not by which of them occur; `ordinal`
 * Gwet's C(d + 1, 2) for grades d places apart (not Krippendorff's ordinal metric).
 */
export const WEIGHTINGS = ["identity", "linear", "quadratic", "ordinal"] as const;
export type Weighting = (typeof WEIGHTINGS)[number];

/** Coefficients over pairs of scale values take time with its square. */
const MOST_VALUES = 4096;

/**
 * @returns the disagreement of the values at two positions of the scale, in [0, 1]: 0 on the diagonal, 1 between the ends
 * @throws BadArgument when the scale has more than 4096 values
 */
export function disagreement(scale: Float64Array, weighting: Weighting): (i: number, j: number) => number {
  const k = scale.length;
  if (k > MOST_VALUES)
    throw new BadArgument(`a scale of ${k} values is too fine: round grades to ${MOST_VALUES} or fewer`);
  if (weighting === "identity") return (i, j) => (i === j ? 0 : 1);
  if (weighting === "ordinal") {
    return (i, j) => (Math.abs(i - j) * (Math.abs(i - j) + 1)) / (k * (k - 1));
  }
  const range = scale[k - 1]! - scale[0]!;
  if (weighting === "linear") return (i, j) => (i === j ? 0 : Math.abs(scale[i]! - scale[j]!) / range);
  return (i, j) => (i === j ? 0 : ((scale[i]! - scale[j]!) / range) ** 2);
}
