import { existsSync } from "node:fs";
import { cp, readdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { DataError } from "../../core/errors.ts";
import type { Formulas } from "../../lib/table/csv-table.ts";
import { standsAt, writeFolder } from "../../lib/whole-files.ts";
import { type Dataset, openDataset } from "../dataset.ts";
import { exportHf } from "./to-hf.ts";
import { exportTables } from "./to-tables.ts";
import { exportTrec } from "./to-trec.ts";

/** The forms that a dataset is written in. */
export const DATASET_EXPORTS = ["beir", "trec", "hf", "csv", "parquet", "jsonl"] as const;
export type DatasetExport = (typeof DATASET_EXPORTS)[number];

export interface ExportDatasetOptions {
  /** The dataset's folder. */
  readonly dir: string;
  readonly as: DatasetExport;
  /** The folder to write. */
  readonly into: string;
  /** trec and hf: only this split. All when left out. */
  readonly split?: string;
  /** CSV: what becomes of text that a spreadsheet would run as a formula. @default "escape" */
  readonly formulas?: Formulas;
  /** Writes into a folder that holds something; its files of the same names are replaced. @default false */
  readonly force?: boolean;
}

/** What an export wrote. */
export interface DatasetExported {
  /** Paths in the folder, sorted. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Writes a dataset in another form; all files or none.
 * @throws DataError when the dataset has problems, does not fit the form, or the folder holds something
 */
export async function exportDataset(options: ExportDatasetOptions): Promise<DatasetExported> {
  const { dir, as, formulas = "escape", force = false } = options;
  const dataset = await openDataset(dir);
  const into = resolve(options.into);
  const splits = options.split === undefined ? dataset.splits : [options.split];
  if (!force && (await standsAt(into)) !== undefined) throw existing(options.into);
  try {
    return await writeFolder(into, async (folder) => {
      const notes = await write(dataset, as, splits, folder, formulas);
      return { files: await filesIn(folder), notes };
    });
  } catch (error) {
    throw writeError(options.into, error);
  }
}

async function write(
  dataset: Dataset,
  as: DatasetExport,
  splits: readonly string[],
  folder: string,
  formulas: Formulas,
): Promise<readonly string[]> {
  if (as === "beir") await copyBeir(dataset, folder);
  else if (as === "trec") await exportTrec(dataset, splits, folder);
  else if (as === "hf") return exportHf(dataset, splits, folder);
  else {
    await exportTables(dataset, as, folder, formulas);
    if (dataset.manifest.documents !== undefined) return ["source pages are not part of the tables"];
  }
  return [];
}

/** The dataset's own files as they are: the layout is BEIR's. */
async function copyBeir(dataset: Dataset, folder: string): Promise<void> {
  for (const name of ["corpus.jsonl", "queries.jsonl", "qrels"]) {
    const source = join(dataset.dir, name);
    if (existsSync(source)) await cp(source, join(folder, name), { recursive: true });
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile())
    .map((e) => relative(folder, join(e.parentPath, e.name)))
    .sort();
}

function existing(where: string): DataError {
  const fix = "choose another folder, or write into it with --force: files of the same names are replaced";
  const problem = {
    code: "E_EXPORT_EXISTS",
    where,
    expected: "a folder that is new or empty",
    got: "files there",
    fix,
  };
  return new DataError([problem]);
}

/** A failed write as the error that users see. */
function writeError(where: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof DataError || syscall === undefined) return error;
  const fix = "check the path, its permissions and the room on the disk";
  return new DataError(
    [{ code: "E_EXPORT_WRITE", where, expected: "a folder that can be written", got: code ?? "an error", fix }],
    { cause: error },
  );
}
