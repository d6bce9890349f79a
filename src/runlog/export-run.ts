import { basename, extname, join, resolve } from "node:path";
import { DataError } from "../core/errors.ts";
import { RowWriter } from "../lib/row-writer.ts";
import type { Formulas } from "../lib/table/csv-table.ts";
import { standsAt, writeFile, writeFolder } from "../lib/whole-files.ts";
import { exportHfPredictions } from "./export-hf.ts";
import { exportLocalrqa } from "./export-localrqa.ts";
import { chooseAnswers, requireComplete } from "./export-results.ts";
import { exportTable } from "./export-table.ts";
import { exportTrecRun } from "./export-trec-run.ts";
import { openRun } from "./open-run.ts";
import type { Manifest } from "./schema.ts";

/** The forms that a run is written in. */
export const RUN_EXPORTS = ["trec", "hf", "localrqa", "csv", "parquet", "jsonl"] as const;
export type RunExport = (typeof RUN_EXPORTS)[number];

export interface ExportRunOptions {
  /** The run's folder. */
  readonly dir: string;
  readonly as: RunExport;
  /** A folder, or, for a form of one file, a file: a path with an ending. */
  readonly out: string;
  /** hf, localrqa: whose answers are taken. The run's only condition when left out. */
  readonly condition?: string;
  /** hf, localrqa: which trial's. @default 0 */
  readonly trial?: number;
  /** hf, localrqa: how many passages of a ranking; the largest k of the run's conditions, else 5, when left out. */
  readonly k?: number;
  /** CSV: what becomes of text that a spreadsheet would run as a formula. @default "escape" */
  readonly formulas?: Formulas;
  /** Replaces files that are there. @default false */
  readonly force?: boolean;
}

/** What an export wrote. */
export interface RunExported {
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

const DEFAULT_K = 5;

/**
 * Writes a run in a form that other tools read; all files or none.
 * @throws DataError when the run is damaged or interrupted (TREC takes what is there), does not fit the form, or something
 * stands in the place
 */
export async function exportRun(options: ExportRunOptions): Promise<RunExported> {
  const { dir, as, force = false } = options;
  const run = await openRun(dir);
  if (as !== "trec") requireComplete(run);
  const { manifest } = run;
  const out = resolve(options.out);
  if (as === "hf") {
    if (!force && (await standsAt(out)) !== undefined) throw existing(options.out, "a folder that is new or empty");
    const names = [
      ...(manifest.depth > 0 ? ["retrieval_preds.tsv"] : []),
      ...(hasAnswers(manifest) ? ["e2e_preds.txt"] : []),
    ];
    const notes = await guarded(options.out, () =>
      writeFolder(out, (folder) => exportHfPredictions(dir, manifest, folder, chosen(manifest, options))),
    );
    return { files: names.map((name) => join(out, name)), notes };
  }
  const path = extname(basename(out)) === "" ? join(out, fileName(as, manifest)) : out;
  const standing = await standsAt(path);
  if (standing === "folder" || (standing === "file" && !force)) throw existing(path, "a file that is not there yet");
  await guarded(path, () => writeFile(path, (file) => writeOne(options, manifest, file)));
  return { files: [path], notes: [] };
}

async function writeOne(options: ExportRunOptions, manifest: Manifest, path: string): Promise<void> {
  const { dir, as, formulas = "escape" } = options;
  if (as === "trec") await writeLines(path, exportTrecRun(dir));
  else if (as === "localrqa") await exportLocalrqa(dir, path, chosen(manifest, options));
  else if (as !== "hf") await exportTable(dir, manifest, path, as, formulas);
}

function chosen(manifest: Manifest, { condition, trial, k }: ExportRunOptions) {
  const depths = manifest.conditions.flatMap((name) => Number(/^rag@(\d+)$/.exec(name)?.[1] ?? []));
  return {
    answers: chooseAnswers(manifest, condition, trial),
    k: k ?? (depths.length > 0 ? Math.max(...depths) : DEFAULT_K),
  };
}

function hasAnswers(manifest: Manifest): boolean {
  return manifest.conditions.length > 0;
}

function fileName(as: RunExport, manifest: Manifest): string {
  if (as === "trec") return "run.trec";
  return as === "localrqa" ? `${manifest.dataset.split}-predictions.jsonl` : `results.${as}`;
}

async function writeLines(path: string, lines: AsyncIterable<string>): Promise<void> {
  const file = new RowWriter(path);
  try {
    for await (const line of lines) await file.write(line);
  } finally {
    await file.close(true);
  }
}

function existing(where: string, expected: string): DataError {
  const fix = "choose another place, or replace what is there with --force";
  return new DataError([{ code: "E_EXPORT_EXISTS", where, expected, got: "something there", fix }]);
}

/** Runs what writes; a failed write becomes the error that users see. */
async function guarded<T>(where: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (error instanceof DataError || syscall === undefined) throw error;
    const fix = "check the path, its permissions and the room on the disk";
    throw new DataError(
      [{ code: "E_EXPORT_WRITE", where, expected: "a place that can be written", got: code ?? "an error", fix }],
      { cause: error },
    );
  }
}
