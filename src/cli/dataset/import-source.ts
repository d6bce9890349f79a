import { resolve } from "node:path";
import { UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { HfSplit } from "../../dataset/import/from-hf.ts";
import { questionsFolder } from "../../dataset/import/from-questions.ts";
import type { ImportSource } from "../../dataset/import/import-dataset.ts";
import { COLUMN_ROLES, type ColumnRole, type TableForm } from "../../dataset/import/table-forms.ts";
import { quoteValue } from "../../lib/text.ts";
import { isFolder } from "./dataset-folder.ts";
import type { ImportForm } from "./import-forms.ts";

/** What the command line says of the files to import. */
export interface GivenFiles {
  readonly paths: readonly string[];
  readonly corpus: string | undefined;
  readonly documents: readonly string[];
  readonly topics: string | undefined;
  readonly qrels: readonly string[];
  readonly topicField: "TITLE" | "DESC";
  readonly knowledge: string | undefined;
  readonly titles: readonly string[];
  readonly qa: readonly string[];
  readonly ans: readonly string[];
  readonly escaped: boolean;
  readonly column: readonly string[];
}

/**
 * The source of an import: the files that a form needs, by absolute paths.
 * @throws UsageError with every file that is missing, and every option that says nothing to this form
 */
export async function importSource(from: ImportForm, given: GivenFiles, cwd: string): Promise<ImportSource> {
  const problems = [...unused(from, given), ...missing(from, given)];
  if (problems.length > 0) throw new UsageError(...problems);
  const paths = given.paths.map((path) => splitFile(path, cwd));
  const source = resolve(cwd, given.paths[0] ?? "");
  switch (from) {
    case "beir":
    case "localrqa":
    case "tables":
      return { from, source };
    case "squad2":
    case "dpr":
      return { from, source: paths };
    case "hf":
      return {
        from,
        source: {
          questions: hfSplits(paths, given, cwd),
          escaped: given.escaped,
          ...(given.knowledge && { knowledge: resolve(cwd, given.knowledge) }),
        },
      };
    case "mlflow":
    case "ragas":
    case "promptfoo":
      return {
        from: "table",
        source: {
          form: from satisfies TableForm,
          tables: paths,
          columns: new Map(given.column.map(columnOf)),
          ...(given.corpus && { corpus: resolve(cwd, given.corpus) }),
        },
      };
    case "questions": {
      const folder = paths.length === 1 && (await isFolder(source));
      const found = folder ? await questionsFolder(source) : { questions: paths };
      return { from, source: { ...found, ...(given.corpus && { corpus: resolve(cwd, given.corpus) }) } };
    }
    case "trec":
      return {
        from,
        source: {
          documents: given.documents.map((path) => resolve(cwd, path)),
          topics: resolve(cwd, given.topics!),
          qrels: given.qrels.map((path) => splitFile(path, cwd)),
          topicField: given.topicField,
        },
      };
  }
}

/** Which options a form reads. */
const OPTIONS: Readonly<Record<ImportForm, readonly string[]>> = {
  beir: [],
  localrqa: [],
  squad2: [],
  questions: ["--corpus"],
  trec: ["--documents", "--topics", "--qrels"],
  hf: ["--knowledge", "--titles", "--qa", "--ans", "--escaped"],
  dpr: [],
  mlflow: ["--corpus", "--column"],
  ragas: ["--corpus", "--column"],
  promptfoo: ["--corpus", "--column"],
  tables: [],
};

function givenOptions(given: GivenFiles): ReadonlyMap<string, readonly string[]> {
  const one = (path: string | undefined): readonly string[] => (path === undefined ? [] : [path]);
  return new Map([
    ["--corpus", one(given.corpus)],
    ["--documents", given.documents],
    ["--topics", one(given.topics)],
    ["--qrels", given.qrels],
    ["--knowledge", one(given.knowledge)],
    ["--titles", given.titles],
    ["--qa", given.qa],
    ["--ans", given.ans],
    ["--escaped", given.escaped ? ["yes"] : []],
    ["--column", given.column],
  ]);
}

function unused(from: ImportForm, given: GivenFiles): Problem[] {
  return [...givenOptions(given)]
    .filter(([option, values]) => values.length > 0 && !OPTIONS[from].includes(option))
    .map(([option]) => problem(option, `nothing for the form ${from}`, "a value", `leave ${option} out`));
}

function missing(from: ImportForm, given: GivenFiles): Problem[] {
  const n = given.paths.length;
  const got = n === 0 ? "nothing" : `${n}`;
  const fix = "see the examples of `bench dataset import --help`";
  if (from === "trec") {
    const values = givenOptions(given);
    const empty = OPTIONS.trec.filter((option) => values.get(option)!.length === 0);
    return [
      ...empty.map((option) => problem(option, "its files", "nothing", `add ${option}`)),
      ...(n > 0 ? [problem("<source>", "none: trec names its files by options", got, fix)] : []),
    ];
  }
  if (from === "beir" || from === "localrqa" || from === "tables")
    return n === 1 ? [] : [problem("<source>", "one folder", got, fix)];
  return n > 0 ? [] : [problem("<source>", "one file or more, each as SPLIT=FILE", got, fix)];
}

/** Each evaluation set with the gold of its split. */
function hfSplits(paths: readonly { split: string; path: string }[], given: GivenFiles, cwd: string): HfSplit[] {
  const gold = (option: string, files: readonly string[]): Map<string, string> => {
    const bySplit = new Map(files.map((file) => splitFile(file, cwd)).map(({ split, path }) => [split, path]));
    for (const split of bySplit.keys()) {
      if (paths.some((path) => path.split === split)) continue;
      const expected = `a split of the evaluation sets: ${paths.map((path) => path.split).join(", ")}`;
      throw new UsageError(problem(option, expected, split, `write for example ${option} ${paths[0]!.split}=FILE`));
    }
    return bySplit;
  };
  const [titles, qa, ans] = [gold("--titles", given.titles), gold("--qa", given.qa), gold("--ans", given.ans)];
  return paths.map(({ split, path }) => {
    const [pages, list, single] = [titles.get(split), qa.get(split), ans.get(split)];
    if (list !== undefined && single !== undefined) {
      throw new UsageError(problem("--ans", "one file of answers for a split", "--qa as well", "keep one of them"));
    }
    return {
      split,
      path,
      ...(pages === undefined ? {} : { titles: pages }),
      ...(list === undefined ? {} : { answers: { path: list, mode: "qa" } }),
      ...(single === undefined ? {} : { answers: { path: single, mode: "ans" } }),
    };
  });
}

function columnOf(written: string): [ColumnRole, string] {
  const at = written.indexOf("=");
  const role = COLUMN_ROLES.find((known) => known === written.slice(0, at));
  if (role !== undefined && at < written.length - 1) return [role, written.slice(at + 1)];
  const expected = `ROLE=NAME, where the role is one of ${COLUMN_ROLES.join(", ")}`;
  throw new UsageError(
    problem("--column", expected, quoteValue(written), "write for example --column question=prompt"),
  );
}

function problem(where: string, expected: string, got: string, fix: string): Problem {
  return { code: "E_USAGE", where, expected, got, fix };
}

function splitFile(written: string, cwd: string): { split: string; path: string } {
  const at = /^(\w[\w-]*)=(.+)$/s.exec(written);
  return at ? { split: at[1]!, path: resolve(cwd, at[2]!) } : { split: "test", path: resolve(cwd, written) };
}
