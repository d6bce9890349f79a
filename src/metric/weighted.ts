import type { MetricDefinition } from "./define.ts";
import type { WeightedMetric } from "./params.ts";

const MEMBER = /^\s*(\d{0,6}(?:\.\d{1,6})?)(?:\s*\*\s*|\s+)([A-Za-z][^'"]*?)\s*$/;

/**
 * Whether a metric may be part of a weighted mean: from 0 to 1, higher is better, and 0 where the system failed. What a
 * failure has no value on, such as the precision of citations, would take failures out of the mean.
 */
export function canBeMember({ kind, range, better, whenFailed, params }: MetricDefinition): boolean {
  if (Object.values(params).some(({ type }) => type === "weighted")) return false;
  return kind === "answer" && range[0] === 0 && range[1] === 1 && better === "higher" && whenFailed === 0;
}

/** Reads `0.7 F1 + 0.3 ROUGE-L`. @returns undefined where it is not that, or a weight is 0 */
export function readWeighted(text: string): { readonly weight: number; readonly name: string }[] | undefined {
  const members = text.split("+").map((part) => {
    const [, weight = "", name = ""] = MEMBER.exec(part) ?? [];
    return { weight: Number(weight), name };
  });
  return members.every(({ weight, name }) => weight > 0 && name !== "") ? members : undefined;
}

/** The canonical text: members by name. */
export function writeWeighted(members: readonly WeightedMetric[]): string {
  return members
    .map(({ weight, metric }) => ({ weight, name: metric.name }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ weight, name }) => `${weight} ${name}`)
    .join(" + ");
}
