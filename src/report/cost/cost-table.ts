import { printable } from "../../lib/text.ts";
import type { Row } from "../summary-types.ts";
import { formatCount, MISSING } from "../text/format-number.ts";
import type { CostFigures, CostRate } from "./cost-figures.ts";
import { costNotes, formatRate, formatUsd, notesOfAll } from "./cost-text.ts";

/** One row of the table: a system under one condition. */
export interface CostRow {
  readonly row: Row;
  readonly cost: CostFigures;
}

/** The rows whose cost is known or should be; the table is left out where there are none. */
export function costRows(rows: readonly Row[]): CostRow[] {
  return rows.flatMap((row) => (row.cost === undefined ? [] : { row, cost: row.cost }));
}

/** The columns after system and condition, as text; each format draws its own table of them. */
export function costColumns(rows: readonly CostRow[]): { readonly head: string; readonly cells: readonly string[] }[] {
  const column = (head: string, cell: (cost: CostFigures) => string) => ({
    head,
    cells: rows.map(({ cost }) => cell(cost)),
  });
  const rate = (found: CostRate | undefined): string => (found === undefined ? MISSING : formatRate(found));
  const metrics = new Set(rows.flatMap(({ cost }) => cost.perRight.map(({ metric }) => metric)));
  return [
    column("answers", (cost) => formatCount(cost.known)),
    column("unknown", (cost) => formatCount(cost.unknown)),
    column("cost", (cost) => (cost.known === 0 ? MISSING : formatUsd(cost.usd))),
    column("per 1000 questions", (cost) => rate(cost.per1000)),
    ...Array.from(metrics, (name) =>
      column(`per right answer (${printable(name)})`, (cost) =>
        rate(cost.perRight.find(({ metric }) => metric === name)),
      ),
    ),
  ];
}

/** What is said below the table, each sentence once; with the system's name where only some rows are meant. */
export function costRemarks(rows: readonly CostRow[], nameOf: (row: Row) => string): string[] {
  return notesOfAll(rows.map(({ row, cost }) => ({ name: nameOf(row), notes: costNotes(cost) })));
}

/** How many answers of rows without a cost came from a cache: the others say so themselves. Undefined where none did. */
export function cachedRemark(rows: readonly Row[], nameOf: (row: Row) => string): string | undefined {
  const some = rows.filter(({ cached, cost }) => cached > 0 && cost === undefined);
  if (some.length === 0) return undefined;
  const counts = some.map((row) => `${nameOf(row)} ${formatCount(row.cached)}`).join(", ");
  return `Answered from the cache, in no figure of latency: ${counts}.`;
}
