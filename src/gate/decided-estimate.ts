import type { Estimate } from "../core/estimate.ts";
import type { Decision } from "./decide.ts";
import type { Evidence } from "./evidence.ts";

/** The estimate with the interval the verdict was read from, in the unit of the metric. */
export function decidedEstimate(
  { estimate, negated }: Pick<Evidence, "estimate" | "negated">,
  { interval, level }: Decision,
): Estimate {
  const usual = estimate(level);
  if (usual.state === "not-estimable" || interval === undefined) return usual;
  const { low, high } = interval;
  return { ...usual, level, ...(negated ? { low: -high, high: -low } : { low, high }) };
}
