import { numberView, reasonOf } from "../cells/cell-view.ts";
import { type ForestGroup, forestView } from "../cells/forest-view.ts";
import { type StaticPageOptions, staticPage } from "../pages/static-page.ts";
import { formatCount, formatLevel, MISSING } from "../text/format-number.ts";
import type { ProbeTable } from "./probe-table.ts";
import { apartWord, contrastText, differenceText, ownCount } from "./probe-words.ts";

/** A probe as one HTML file that opens from disk: a picture per column, the table, the comparisons. */
export async function probePage(table: ProbeTable, options: StaticPageOptions): Promise<string> {
  return staticPage("probe", probeView(table), options);
}

function probeView(table: ProbeTable) {
  const { title, system, dataset, split, questions, columns, rows, reference, level, notes, contrasts } = table;
  const referenceLabel = rows[reference]!.label;
  return {
    title: `${system} on ${dataset}: ${title}`,
    kind: title,
    ...{ system, dataset, notes, reference: referenceLabel, comparisons: formatCount(table.comparisons) },
    facts: [
      { value: formatCount(questions), label: `questions of the split ${split}` },
      { value: referenceLabel, label: "is compared with" },
      { value: formatLevel(level), label: "intervals" },
    ],
    plots: columns.flatMap((head, at) => {
      const groups = groupsOf(table, at);
      return groups.length === 0 ? [] : [forestView(head, groups)];
    }),
    heads: columns.map(({ name, title: about, meaning }) => ({ name, about: `${about}. ${meaning}` })),
    counts: ["n", ...table.facts],
    rows: rows.map(({ label, estimates, differences, blocked, facts }, row) => ({
      label,
      cells: columns.map((head, at) => {
        const estimate = estimates[at];
        const one = differences[at];
        return {
          label: head.name,
          ...(estimate && numberView(estimate, head)),
          reason: estimate ? reasonOf(estimate) : ((at === 0 ? blocked : undefined) ?? MISSING),
          note: ownCount(estimates, at),
          difference: one ? differenceText(one, head) : row === reference ? "" : MISSING,
          apart: one && apartWord(one, level),
        };
      }),
      counts: [estimates[0]?.n, ...facts].map((count, i) => ({
        label: ["n", ...table.facts][i],
        count: count === undefined ? MISSING : formatCount(Math.round(count)),
      })),
    })),
    changes: changesOf(table),
    contrasts: contrasts.map((contrast) => contrastText(contrast, table)),
  };
}

/** What the evidence tells apart from the reference, a line per cell; the reader looks for it first. */
function changesOf({ columns, rows, level }: ProbeTable) {
  return columns.flatMap((head, at) =>
    rows.flatMap(({ label, differences }) => {
      const one = differences[at];
      const word = one && apartWord(one, level);
      return one && word ? [{ word, column: head.name, label, by: differenceText(one, head) }] : [];
    }),
  );
}

/** The rows of a picture below their headings, in the order of the table. */
function groupsOf({ rows }: ProbeTable, column: number): ForestGroup[] {
  const groups = new Map<string, ForestGroup["rows"][number][]>();
  for (const { label, group = "", estimates } of rows) {
    const estimate = estimates[column];
    if (estimate?.state !== "estimated") continue;
    const list = groups.get(group) ?? [];
    groups.set(group, list);
    list.push({ who: label, estimate, kind: "unranked" });
  }
  return Array.from(groups, ([title, members]) => ({ ...(title !== "" && { title }), rows: members }));
}
