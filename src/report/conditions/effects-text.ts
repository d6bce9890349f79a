import { printable } from "../../lib/text.ts";
import { formatP } from "../cells/cell-view.ts";
import { formatEstimate, MISSING } from "../text/format-number.ts";
import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import type { ContextEffect } from "./context-effect.ts";

/** One line of the table: gain and loss of one metric under one condition. */
export interface EffectRow {
  readonly system: string;
  readonly condition: string;
  readonly metric: string;
  readonly gain?: ContextEffect;
  readonly loss?: ContextEffect;
}

export function effectRows(effects: readonly ContextEffect[]): EffectRow[] {
  const rows = new Map<string, EffectRow>();
  for (const effect of effects) {
    const { system, run, condition, metric, kind } = effect;
    const key = JSON.stringify([run, condition, metric]);
    rows.set(key, { ...(rows.get(key) ?? { system, condition, metric }), [kind]: effect });
  }
  return [...rows.values()];
}

/** Retrieval gain and loss for a terminal. @param effects at least one */
export function effectsText(effects: readonly ContextEffect[], columns: number, bold: (text: string) => string) {
  const rows = effectRows(effects);
  const column = (head: string, cell: (row: EffectRow) => string): TextColumn => ({
    head,
    align: "left",
    cells: rows.map(cell),
  });
  const table = textTable(
    [column("system", (row) => printable(row.system)), column("context", (row) => printable(row.condition))],
    [
      column("metric", (row) => printable(row.metric)),
      ...(rows.some(({ gain }) => gain) ? [column("gain over closed-book", ({ gain }) => effectText(gain))] : []),
      ...(rows.some(({ loss }) => loss) ? [column("loss to oracle", ({ loss }) => effectText(loss))] : []),
    ],
    columns,
  );
  const legend =
    "gain: with the passages − without; loss: with the gold passages − with those retrieved; paired by question; p of the randomization test, Holm over a run's effects";
  return `${bold("What retrieval changes")}\n${table}\n${wrapText(legend, columns)}`;
}

/** `.120 [.031, .204] p .004 (n 71)` */
export function effectText(effect: ContextEffect | undefined): string {
  if (effect === undefined) return MISSING;
  const { difference, pHolm, bounds } = effect;
  if (difference.state === "not-estimable") return `${MISSING} (n ${difference.n})`;
  return `${formatEstimate(difference, bounds)} p ${formatP(pHolm)} (n ${difference.n})`;
}
