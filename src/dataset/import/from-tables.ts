import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import { DataError } from "../../core/errors.ts";
import type { ColumnType } from "../../lib/table/column.ts";
import { unescapeFormula } from "../../lib/table/csv-formula.ts";
import { TABLE_FORMATS, type TableFormat } from "../../lib/table/open-table.ts";
import { DATASET_TABLES, type DatasetTable, EXPORT_FILE } from "../export/dataset-tables.ts";
import { fileError } from "../read-rows.ts";
import { PassageRow, QueryRow, SpanRow } from "../row-schema.ts";
import { ProblemList } from "./problem-list.ts";
import { tableRows } from "./table-rows.ts";
import type { Target } from "./target.ts";

/** The tables of a dataset, as `bench dataset export --as csv|parquet|jsonl` writes them. */
export interface TablesSource {
  readonly dir: string;
  readonly format: TableFormat;
  /** Whether text cells of CSV were written with {@link escapeFormula}. */
  readonly escaped: boolean;
  readonly splits: readonly string[];
}

const About = Type.Object(
  {
    form: Type.Literal("tables", { description: '"tables"' }),
    format: Type.Union(
      TABLE_FORMATS.map((format) => Type.Literal(format)),
      { description: TABLE_FORMATS.join(", ") },
    ),
    formulas: Type.Optional(Type.Union([Type.Literal("escape"), Type.Literal("keep")])),
    dataset: Type.Object({ splits: Type.Array(Type.String()) }, { additionalProperties: true }),
  },
  { additionalProperties: true },
);

const QrelRow = Type.Object({
  split: Type.String({ minLength: 1 }),
  level: Type.String({ pattern: "^(passage|document)$", description: "passage or document" }),
  query: Type.String({ minLength: 1, description: "the id of the query" }),
  target: Type.String({ minLength: 1, description: "the id of the passage or document" }),
  grade: Type.Integer({ description: "how relevant it is: a whole number" }),
});
const SplitSpanRow = Type.Composite([Type.Object({ split: Type.String({ minLength: 1 }) }), SpanRow]);

/** Reads `export.json`. @throws DataError where it is missing or is another thing */
export async function tablesFolder(dir: string): Promise<TablesSource> {
  const path = join(dir, EXPORT_FILE);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw fileError(path, error);
  });
  const checked = validate(About, parse(text), "E_IMPORT_FORMAT", (pointer) => `${path} ${pointer}`.trimEnd());
  if (!checked.ok) throw new DataError(checked.problems);
  const { format, formulas, dataset } = checked.value as Static<typeof About> & { format: TableFormat };
  return { dir, format, escaped: format === "csv" && formulas !== "keep", splits: dataset.splits };
}

/** The files of the tables, those that need not be there only where they are. */
export function tableFiles({ dir, format }: TablesSource): string[] {
  const path = (name: DatasetTable): string => join(dir, `${name}.${format}`);
  return [path("corpus"), path("queries"), path("qrels"), ...[path("spans")].filter((spans) => existsSync(spans))];
}

/** Reads the tables back: the same rows in the same order. */
export async function importTables(source: TablesSource, target: Target): Promise<void> {
  for (const split of source.splits) target.split(split);
  const [, , , spans] = tableFiles(source);
  for await (const row of tableOf("corpus", PassageRow, source)) await target.passage(row);
  for await (const row of tableOf("queries", QueryRow, source)) await target.query(row);
  for await (const { split, level, query, target: id, grade } of tableOf("qrels", QrelRow, source)) {
    if (level === "passage") await target.judgement(split, query, id, grade);
    else await target.documentJudgement(split, query, id, grade);
  }
  if (spans === undefined) return;
  for await (const { split, ...span } of tableOf("spans", SplitSpanRow, source)) await target.span(split, span);
}

async function* tableOf<T extends TSchema>(
  name: DatasetTable,
  schema: T,
  { dir, format, escaped }: TablesSource,
): AsyncGenerator<Static<T>> {
  const types = new Map<string, ColumnType>(DATASET_TABLES[name].map((column) => [column.name, column.type]));
  const problems = new ProblemList();
  for await (const row of tableRows(join(dir, `${name}.${format}`), () => {})) {
    if (row.problems !== undefined) problems.add(...row.problems);
    else {
      const cells = [...row.cells].map(([key, cell]) => [key, typedValue(cell, types.get(key), escaped)] as const);
      const locate = (pointer: string): string => `${row.where} ${pointer}`.trimEnd();
      const checked = validate(schema, Object.fromEntries(cells), "E_IMPORT_ROW", locate);
      if (!checked.ok) problems.add(...checked.problems);
      else if (problems.isEmpty) yield checked.value;
    }
    if (problems.isFull) break;
  }
  problems.raise();
}

/** The value of a cell; text of CSV as its column's type. What does not fit stays text, and the schema says so. */
function typedValue(cell: unknown, type: ColumnType | undefined, escaped: boolean): unknown {
  if (typeof cell !== "string") return cell;
  if (type === "text") return escaped ? unescapeFormula(cell) : cell;
  if (type === "integer" || type === "number")
    return cell.trim() !== "" && !Number.isNaN(Number(cell)) ? Number(cell) : cell;
  if (type === "boolean") return cell === "true" ? true : cell === "false" ? false : cell;
  return parse(cell) ?? cell;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
