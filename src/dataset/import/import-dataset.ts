import { basename, resolve } from "node:path";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { sha256File } from "../../lib/hash.ts";
import { SPLIT_NAME } from "../layout.ts";
import { newFolder } from "../new-folder.ts";
import { fileError } from "../read-rows.ts";
import { type AskedSource, importAsked } from "./from-asked.ts";
import { type BeirSource, beirFolder, importBeir, type SplitFile } from "./from-beir.ts";
import { importDpr } from "./from-dpr.ts";
import { type HfSource, importHf } from "./from-hf.ts";
import { importLocalrqa, type LocalrqaSource, localrqaFolder } from "./from-localrqa.ts";
import { importQuestions, type QuestionsSource, questionsFolder } from "./from-questions.ts";
import { importSquad2 } from "./from-squad2.ts";
import { importTable, type TableSource } from "./from-table.ts";
import { importTables, type TablesSource, tableFiles, tablesFolder } from "./from-tables.ts";
import { importTrec, type TrecSource } from "./from-trec.ts";
import { type ImportCounts, Target } from "./target.ts";

/** Where a dataset comes from: a folder of the known form, or its files one by one. */
export type ImportSource =
  | { readonly from: "beir"; readonly source: string | BeirSource }
  | { readonly from: "trec"; readonly source: TrecSource }
  | { readonly from: "squad2"; readonly source: readonly SplitFile[] }
  | { readonly from: "localrqa"; readonly source: string | LocalrqaSource }
  | { readonly from: "questions"; readonly source: string | QuestionsSource }
  | { readonly from: "hf"; readonly source: HfSource }
  | { readonly from: "dpr"; readonly source: readonly SplitFile[] }
  | { readonly from: "table"; readonly source: TableSource }
  | { readonly from: "tables"; readonly source: string }
  | { readonly from: "asked"; readonly source: AskedSource };

export type ImportOptions = ImportSource & {
  /** The folder to make; its name becomes the dataset's id. */
  readonly into: string;
  readonly title?: string;
  readonly license?: string;
  readonly language?: string;
  /** Replaces a folder that is there already. @default false */
  readonly force?: boolean;
};

/** What an import did. */
export interface ImportResult {
  readonly dir: string;
  readonly counts: ImportCounts;
  /** What to know of how the source was read. */
  readonly notes: readonly string[];
  /** Reason → how many rows were left out for it. */
  readonly skipped: ReadonlyMap<string, number>;
}

/**
 * Turns a dataset of another form into ours, whole or not at all.
 * @throws DataError when the source has problems (all of a file are listed) or the target is not empty
 */
export async function importDataset(options: ImportOptions): Promise<ImportResult> {
  const source = await resolveSource(options);
  const files = filesOf(source);
  refuseSplitNames(files);
  return newFolder(options.into, options.force ?? false, async (dir) => {
    const target = new Target(dir);
    await read(source, target).catch(async (error: unknown) => {
      await target.close();
      throw error;
    });
    const { title, license, language } = options;
    const counts = await target.finish({
      id: basename(resolve(options.into)),
      ...(title === undefined ? {} : { title }),
      ...(license === undefined ? {} : { license }),
      ...(language === undefined ? {} : { language }),
      provenance: await provenanceOf(source.from === "table" ? source.source.form : source.from, files),
    });
    return { dir: options.into, counts, notes: target.notes, skipped: target.skipped };
  });
}

type Resolved =
  | Exclude<ImportSource, { readonly from: "beir" | "localrqa" | "questions" | "tables" }>
  | { readonly from: "tables"; readonly source: TablesSource }
  | { readonly from: "beir"; readonly source: BeirSource }
  | { readonly from: "localrqa"; readonly source: LocalrqaSource }
  | { readonly from: "questions"; readonly source: QuestionsSource };

async function resolveSource(options: ImportSource): Promise<Resolved> {
  if (options.from === "beir" && typeof options.source === "string") {
    return { from: "beir", source: await beirFolder(options.source) };
  }
  if (options.from === "localrqa" && typeof options.source === "string") {
    return { from: "localrqa", source: await localrqaFolder(options.source) };
  }
  if (options.from === "questions" && typeof options.source === "string") {
    return { from: "questions", source: await questionsFolder(options.source) };
  }
  if (options.from === "tables") return { from: "tables", source: await tablesFolder(options.source) };
  return options as Resolved;
}

function read({ from, source }: Resolved, target: Target): Promise<void> {
  switch (from) {
    case "beir":
      return importBeir(source, target);
    case "trec":
      return importTrec(source, target);
    case "squad2":
      return importSquad2(source, target);
    case "localrqa":
      return importLocalrqa(source, target);
    case "questions":
      return importQuestions(source, target);
    case "hf":
      return importHf(source, target);
    case "dpr":
      return importDpr(source, target);
    case "table":
      return importTable(source, target);
    case "tables":
      return importTables(source, target);
    case "asked":
      return importAsked(source, target);
  }
}

interface SourceFile {
  readonly path: string;
  readonly split?: string;
}

function filesOf({ from, source }: Resolved): SourceFile[] {
  const optional = (path: string | undefined): SourceFile[] => (path === undefined ? [] : [{ path }]);
  switch (from) {
    case "beir":
      return [{ path: source.corpus }, { path: source.queries }, ...source.qrels];
    case "squad2":
    case "dpr":
      return [...source];
    case "trec":
      return [...[...source.documents, source.topics].map((path) => ({ path })), ...source.qrels];
    case "questions":
      return [
        ...optional(source.corpus),
        ...source.questions.flatMap(({ split, path, targets }) => [{ split, path }, ...optional(targets)]),
      ];
    case "hf":
      return [
        ...optional(source.knowledge),
        ...source.questions.flatMap(({ split, path, titles, answers }) => [
          { split, path },
          ...optional(titles),
          ...optional(answers?.path),
        ]),
      ];
    case "table":
      return [...optional(source.corpus), ...source.tables];
    case "tables":
      return tableFiles(source).map((path) => ({ path }));
    case "asked":
      return source.files.map((path) => ({ path }));
    case "localrqa":
      return [{ path: source.passages }, ...optional(source.documents), ...source.questions];
  }
}

/** The files by name (not by path, which may tell of a person's disk) with the hash of their content. */
async function provenanceOf(from: string, files: readonly SourceFile[]): Promise<unknown> {
  const hashed: { file: string; sha256: string }[] = [];
  for (const { path } of files) {
    try {
      hashed.push({ file: basename(path), sha256: await sha256File(path) });
    } catch (error) {
      throw fileError(path, error);
    }
  }
  return { format: from, files: hashed };
}

function refuseSplitNames(files: readonly SourceFile[]): void {
  const problems: Problem[] = [];
  for (const { split, path } of files) {
    if (split === undefined || SPLIT_NAME.test(split)) continue;
    const expected = "a split name of letters, digits, '_', '-' and '.'";
    problems.push({
      code: "E_DATASET_SPLIT",
      where: path,
      expected,
      got: JSON.stringify(split),
      fix: "rename the split",
    });
  }
  if (problems.length > 0) throw new DataError(problems);
}
