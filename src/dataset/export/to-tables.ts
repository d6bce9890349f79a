import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cells } from "../../lib/table/column.ts";
import type { Formulas } from "../../lib/table/csv-table.ts";
import { openTable, type TableFormat } from "../../lib/table/open-table.ts";
import type { Dataset } from "../dataset.ts";
import { layoutOf } from "../layout.ts";
import { readQrels } from "../read-qrels.ts";
import { readRows, strict } from "../read-rows.ts";
import { PassageRow, QueryRow } from "../row-schema.ts";
import { DATASET_TABLES, type DatasetTable, EXPORT_FILE } from "./dataset-tables.ts";

/**
 * Writes a dataset as tables: `corpus`, `queries`, `qrels` (of all splits, passages and documents) and, where it has them,
 * `spans`; and `export.json`, with which `bench dataset import tables` reads the same rows back. Rows are not held.
 */
export async function exportTables(
  dataset: Dataset,
  format: TableFormat,
  into: string,
  formulas: Formulas,
): Promise<void> {
  const layout = layoutOf(dataset.dir);
  const write = async (name: DatasetTable, rows: AsyncIterable<object>): Promise<number> => {
    const columns = DATASET_TABLES[name];
    const table = await openTable(join(into, `${name}.${format}`), format, columns, formulas);
    try {
      for await (const row of rows) await table.write(cellsOf(row, columns));
    } finally {
      await table.close();
    }
    return table.rows;
  };
  const rows: Record<string, number> = {
    corpus: await write("corpus", strict(readRows(layout.corpus, PassageRow))),
    queries: await write("queries", strict(readRows(layout.queries, QueryRow))),
    qrels: await write("qrels", judgements(dataset)),
  };
  const hasSpans = dataset.splits.some((split) => existsSync(layout.spans(split)));
  if (hasSpans) rows.spans = await write("spans", spans(dataset));
  const { documents: _, ...manifest } = dataset.manifest;
  const { sha256 } = await dataset.fingerprint();
  const about = { form: "tables", format, ...(format === "csv" ? { formulas } : {}), rows, sha256, dataset: manifest };
  await writeFile(join(into, EXPORT_FILE), `${JSON.stringify(about, null, 2)}\n`);
}

function cellsOf(row: object, columns: readonly { readonly name: string }[]): Cells {
  const cells = new Map<string, unknown>(Object.entries(row));
  return columns.map(({ name }) => cells.get(name));
}

async function* judgements(dataset: Dataset): AsyncGenerator<object> {
  const layout = layoutOf(dataset.dir);
  for (const split of dataset.splits) {
    const files = [
      ["passage", layout.qrels(split)],
      ["document", layout.documentQrels(split)],
    ] as const;
    for (const [level, path] of files) {
      if (!existsSync(path)) continue;
      for await (const row of strict(readQrels(path))) yield { split, level, ...row };
    }
  }
}

async function* spans(dataset: Dataset): AsyncGenerator<object> {
  for (const split of dataset.splits) for await (const span of dataset.spans(split)) yield { split, ...span };
}
