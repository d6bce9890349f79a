import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { Column, TableWriter } from "./column.ts";
import type { Formulas } from "./csv-table.ts";

/** The forms of a table, each also the ending of its files. */
export const TABLE_FORMATS = ["csv", "parquet", "jsonl"] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/**
 * Starts a table in a new file; folders are made as needed.
 * @param formulas of CSV: what becomes of text that a spreadsheet would run. @default "escape"
 */
export async function openTable(
  path: string,
  format: TableFormat,
  columns: readonly Column[],
  formulas: Formulas = "escape",
): Promise<TableWriter> {
  await mkdir(dirname(path), { recursive: true });
  // Each library is loaded where it is used.
  if (format === "csv") return new (await import("./csv-table.ts")).CsvTable(path, columns, formulas);
  if (format === "parquet") return new (await import("./parquet-table.ts")).ParquetTable(path, columns);
  return new (await import("./jsonl-table.ts")).JsonlTable(path, columns);
}
