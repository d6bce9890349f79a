import { type TextColumn, textTable, wrapText } from "../text/text-table.ts";
import { latencyGrids, type NamedPass } from "./latency-grids.ts";

/**
 * Latency passes as text: percentiles of the whole and of its stages, throughput, and how they were measured.
 * @param passes at least one @param width in terminal cells
 */
export function latencyTables(
  passes: readonly NamedPass[],
  width: number,
  paint: { readonly bold: (text: string) => string; readonly dim: (text: string) => string },
): string {
  const { latency, throughput, remarks } = latencyGrids(passes);
  const dim = (columns: readonly TextColumn[]): TextColumn[] =>
    columns.map((column) => ({ ...column, head: paint.dim(column.head) }));
  return [
    ...[latency, throughput].map(
      ({ title, keys, columns }) => `${paint.bold(title)}\n${textTable(dim(keys), dim(columns), width)}`,
    ),
    remarks.map((remark) => paint.dim(wrapText(remark, width))).join("\n"),
  ].join("\n\n");
}
