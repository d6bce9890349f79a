import { formatP, numberView, reasonOf } from "../cells/cell-view.ts";
import { forestView } from "../cells/forest-view.ts";
import { type StaticPageOptions, staticPage } from "../pages/static-page.ts";
import { formatCount, formatEstimate, formatLevel } from "../text/format-number.ts";
import { recommend } from "./recommend.ts";
import type { SweepRow, SweepTable } from "./sweep-table.ts";

/** Comparisons that are read at once; the others open below. */
const MOST_EVIDENCE = 20;
/** Lines of a picture that is looked at beside the one that cells are chosen by. */
const MOST_ASIDE = 24;

/** A sweep as one HTML file that opens from disk: what it recommends and why, a picture per metric, the table. */
export async function sweepPage(table: SweepTable, options: StaticPageOptions): Promise<string> {
  return staticPage("sweep", sweepView(table), options);
}

function sweepView(table: SweepTable) {
  const { system, dataset, split, questions, columns, chosenBy, rows, level } = table;
  const { row, advice, evidence, cautions } = recommend(table);
  const { head, name } = columns[chosenBy]!;
  const counts = [
    { head: "passages", of: ({ passages }: SweepRow) => passages },
    { head: "n", of: ({ estimates }: SweepRow) => estimates[chosenBy]!.n },
    { head: "missed", of: ({ missed }: SweepRow) => missed },
    { head: "failed", of: ({ failed }: SweepRow) => Math.max(...failed) },
  ].filter(({ of }) => rows.some((each) => of(each) > 0));
  return {
    title: `${system} on ${dataset}: sweep`,
    ...{ system, dataset, advice, cautions },
    facts: [
      { value: formatCount(rows.length), label: rows.length === 1 ? "cell" : "cells" },
      { value: formatCount(questions), label: `questions of the split ${split}` },
      { value: name, label: "is chosen by" },
      { value: formatLevel(level), label: "intervals" },
    ],
    evidence: evidence.slice(0, 1 + MOST_EVIDENCE),
    more: evidence.slice(1 + MOST_EVIDENCE),
    plots: columns.flatMap(({ head: metric }, at) => {
      if (at !== chosenBy && rows.length > MOST_ASIDE) return [];
      const drawn = rows.flatMap(({ label, estimates, standing }) => {
        const estimate = estimates[at]!;
        const kind = at === chosenBy ? standing.kind : ("unranked" as const);
        return estimate.state === "estimated" ? [{ who: label, estimate, kind }] : [];
      });
      return drawn.length === 0 ? [] : [forestView(metric, [{ rows: drawn }])];
    }),
    heads: columns.map(({ name: shown, head: { title, meaning } }) => ({ name: shown, about: `${title}. ${meaning}` })),
    chosen: name,
    rows: rows.map((each, i) => ({
      label: each.label,
      recommended: i === row,
      asFile: each.asFile,
      cells: columns.map(({ name: label, head: metric }, at) => ({
        label,
        ...numberView(each.estimates[at]!, metric),
        reason: reasonOf(each.estimates[at]!),
        best: at === chosenBy && each.standing.kind === "best",
        tied: at === chosenBy && each.standing.kind === "tied",
      })),
      difference: differenceText(each, head.range),
      counts: counts.map(({ head: label, of }) => ({ label, count: formatCount(of(each)) })),
    })),
    counts,
    missed: rows.some(({ missed }) => missed > 0),
  };
}

/** The paired difference from the best, of the column that cells are chosen by. */
function differenceText({ standing }: SweepRow, range: readonly [number, number] | undefined): string {
  if (standing.kind === "best") return "";
  if (standing.kind === "unranked") return "not compared";
  const { difference, pHolm } = standing;
  if (difference.state === "not-estimable") return difference.reason;
  return `${formatEstimate(difference, range && [range[0] - range[1], range[1] - range[0]])}, p ${formatP(pHolm)}`;
}
