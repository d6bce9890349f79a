import type { ComparedMetric } from "../../gate/index.ts";
import { formatCount } from "../text/format-number.ts";
import { differenceText } from "./comparison-cells.ts";

/** What a reader of two runs looks for first: on what the candidate is better or worse, and how much is left open. */
export interface CompareSummary {
  readonly better: readonly string[];
  readonly worse: readonly string[];
  /** A sentence on the rest. */
  readonly rest: string;
}

/** @param judgeOf how far the judge of a column was measured, in a word or two; nothing of other columns */
export function compareSummary(
  metrics: readonly ComparedMetric[],
  judgeOf: (metric: string) => string | undefined = () => undefined,
): CompareSummary {
  const told = (verdict: ComparedMetric["verdict"]) => metrics.filter((row) => row.verdict === verdict);
  const [better, worse] = [told("better"), told("worse")].map((rows) =>
    rows.map((row) => {
      const judge = judgeOf(row.metric);
      return `${row.metric} ${row.condition} ${differenceText(row)}${judge === undefined ? "" : ` (${judge})`}`;
    }),
  );
  const equivalent = told("equivalent").length;
  const open = told("cannot tell").length;
  const of = (n: number): string =>
    metrics.length === 1 ? "the one figure" : `${formatCount(n)} of ${formatCount(metrics.length)} figures`;
  return {
    better: better!,
    worse: worse!,
    rest: [
      ...(equivalent > 0 ? [`On ${of(equivalent)} they are equivalent.`] : []),
      ...(open > 0 ? [`On ${of(open)} it cannot be told which is better.`] : []),
    ].join(" "),
  };
}

/** Notes that say the same of several figures as one: `what it says: A rag@3, B rag@3`. */
export function joinNotes(notes: readonly string[]): string[] {
  const figures = new Map<string, string[]>();
  for (const note of notes) {
    const [, figure, says] = /^([^:]+): (.+)$/s.exec(note) ?? [];
    const key = says ?? note;
    figures.set(key, [...(figures.get(key) ?? []), ...(figure === undefined ? [] : [figure])]);
  }
  return Array.from(figures, ([says, names]) =>
    names.length === 0 ? says : names.length === 1 ? `${names[0]}: ${says}` : `${says}: ${names.join(", ")}`,
  );
}
