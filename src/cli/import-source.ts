import { resolve } from "node:path";
import { UsageError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { questionsFolder } from "../dataset/import/from-questions.ts";
import type { ImportSource } from "../dataset/import/import-dataset.ts";
import { isFolder } from "./dataset-folder.ts";

/** What the command line says of the files to import. */
export interface GivenFiles {
  readonly paths: readonly string[];
  readonly corpus: string | undefined;
  readonly documents: readonly string[];
  readonly topics: string | undefined;
  readonly qrels: readonly string[];
  readonly topicField: "TITLE" | "DESC";
}

/**
 * The source of an import: the files that a form needs, by absolute paths.
 * @throws UsageError with every file that is missing, and every option that says nothing to this form
 */
export async function importSource(from: ImportSource["from"], given: GivenFiles, cwd: string): Promise<ImportSource> {
  const problems = [...unused(from, given), ...missing(from, given)];
  if (problems.length > 0) throw new UsageError(...problems);
  const paths = given.paths.map((path) => splitFile(path, cwd));
  const source = resolve(cwd, given.paths[0] ?? "");
  switch (from) {
    case "beir":
    case "localrqa":
      return { from, source };
    case "squad2":
      return { from, source: paths };
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

/** Which file options a form reads. */
const OPTIONS: Readonly<Record<ImportSource["from"], readonly string[]>> = {
  beir: [],
  localrqa: [],
  squad2: [],
  questions: ["--corpus"],
  trec: ["--documents", "--topics", "--qrels"],
};

function filesByOption({ corpus, documents, topics, qrels }: GivenFiles): ReadonlyMap<string, readonly string[]> {
  const one = (path: string | undefined): readonly string[] => (path === undefined ? [] : [path]);
  return new Map([
    ["--corpus", one(corpus)],
    ["--documents", documents],
    ["--topics", one(topics)],
    ["--qrels", qrels],
  ]);
}

function unused(from: ImportSource["from"], given: GivenFiles): Problem[] {
  return [...filesByOption(given)]
    .filter(([option, files]) => files.length > 0 && !OPTIONS[from].includes(option))
    .map(([option]) => problem(option, `nothing for the form ${from}`, "files", `leave ${option} out`));
}

function missing(from: ImportSource["from"], given: GivenFiles): Problem[] {
  const n = given.paths.length;
  const got = n === 0 ? "nothing" : `${n}`;
  const fix = "see the examples of `bench dataset import --help`";
  if (from === "trec") {
    const files = filesByOption(given);
    const empty = OPTIONS.trec.filter((option) => files.get(option)!.length === 0);
    return [
      ...empty.map((option) => problem(option, "its files", "nothing", `add ${option}`)),
      ...(n > 0 ? [problem("<source>", "none: trec names its files by options", got, fix)] : []),
    ];
  }
  if (from === "squad2" || from === "questions") {
    return n > 0 ? [] : [problem("<source>", "one file or more, each as SPLIT=FILE", got, fix)];
  }
  return n === 1 ? [] : [problem("<source>", "one folder", got, fix)];
}

function problem(where: string, expected: string, got: string, fix: string): Problem {
  return { code: "E_USAGE", where, expected, got, fix };
}

function splitFile(written: string, cwd: string): { split: string; path: string } {
  const at = /^(\w[\w-]*)=(.+)$/s.exec(written);
  return at ? { split: at[1]!, path: resolve(cwd, at[2]!) } : { split: "test", path: resolve(cwd, written) };
}
