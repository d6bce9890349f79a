import { basename, relative, resolve } from "node:path";
import { DataError, UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { answerRows, LineNotes, normalisedText } from "../../system/index.ts";

/** Which key of a row holds what. */
export interface AnswerKeys {
  readonly question: string;
  /** The accepted answers: a text or a list. */
  readonly gold: string;
  readonly answer: string;
}

/** One file of answers: a system. */
export interface AnswerFile {
  readonly path: string;
  /** As messages show it. */
  readonly name: string;
  /** The system's id. */
  readonly id: string;
  /** The questions it has an answer to, levelled. */
  readonly answered: ReadonlySet<string>;
  readonly notes: readonly string[];
}

/** A question with the accepted answers that most files give. */
export interface AskedQuestion {
  readonly key: string;
  readonly text: string;
  readonly answers: readonly string[];
}

export interface AnswerFiles {
  readonly files: readonly AnswerFile[];
  /** In the order of the first file that has most of them. */
  readonly questions: readonly AskedQuestion[];
}

interface Found {
  readonly text: string;
  /** Each list of accepted answers with how many files give it, the first met first. */
  readonly gold: Map<string, number>;
}

/**
 * Reads files of answers: which questions were asked, what is accepted and who answers what. Files may disagree on what is
 * accepted; the list that most of them have counts, for a comparison needs one yardstick, and who had another is told.
 * @throws DataError with every file that cannot be used @throws UsageError when two files would be one system
 */
export async function readAnswerFiles(paths: readonly string[], keys: AnswerKeys, cwd: string): Promise<AnswerFiles> {
  const found = new Map<string, Found>();
  const problems: Problem[] = [];
  const read: { file: Omit<AnswerFile, "notes">; own: ReadonlyMap<string, string>; notes: LineNotes }[] = [];
  for (const written of paths) {
    const path = resolve(cwd, written);
    const file = { path, name: relative(cwd, path) || written, id: idOf(path) };
    const twin = read.find(({ file: { id } }) => id === file.id);
    if (twin) throw twice(file.name, twin.file.name, file.id);
    try {
      const notes = new LineNotes(file.name);
      const own = await readFile(path, file.name, keys, found, notes);
      if (own.size === 0) problems.push(nothing(file.name, keys, notes));
      read.push({ file: { ...file, answered: new Set(own.keys()) }, own, notes });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new DataError(problems);
  const accepted = new Map([...found].map(([key, { gold }]) => [key, mostGiven(gold)]));
  const files = read.map(({ file, own, notes }) => {
    const other = [...own].filter(([key, gold]) => gold !== accepted.get(key)).length;
    const what = `${file.name}: other accepted answers to ${other} questions than most files; those of most files count`;
    return { ...file, notes: [...notes.all(), ...(other > 0 ? [what] : [])] };
  });
  const questions = [...found].map(([key, { text }]) => ({
    key,
    text,
    answers: JSON.parse(accepted.get(key)!) as string[],
  }));
  return { files, questions };
}

/** @returns the accepted answers, as JSON, of each question that has an answer */
async function readFile(
  path: string,
  name: string,
  keys: AnswerKeys,
  found: Map<string, Found>,
  notes: LineNotes,
): Promise<Map<string, string>> {
  const own = new Map<string, string>();
  for await (const row of answerRows(path, name)) {
    if ("problem" in row) {
      notes.add(`left out, ${row.problem}`, row.line);
      continue;
    }
    const question = row.cells.get(keys.question);
    if (typeof question !== "string" || question.trim() === "") {
      notes.add(`left out, no ${keys.question}`, row.line);
      continue;
    }
    const said = row.cells.get(keys.answer);
    if (Array.isArray(said)) notes.add("a list of answers, of which the first is taken", row.line);
    if (!["string", "number", "boolean"].includes(typeof (Array.isArray(said) ? said[0] : said))) {
      notes.add(`left out, no ${keys.answer}`, row.line);
      continue;
    }
    const text = question.trim();
    const key = normalisedText(text);
    if (own.has(key)) {
      notes.add("left out, a question that was asked before", row.line);
      continue;
    }
    const gold = JSON.stringify(textsOf(row.cells.get(keys.gold)));
    const known = found.get(key) ?? { text, gold: new Map() };
    found.set(key, known);
    known.gold.set(gold, (known.gold.get(gold) ?? 0) + 1);
    own.set(key, gold);
  }
  return own;
}

function textsOf(cell: unknown): string[] {
  const items: readonly unknown[] = Array.isArray(cell) ? cell : [cell];
  return [...new Set(items.filter((item) => typeof item === "string").map((item) => item.trim()))].filter(Boolean);
}

function mostGiven(gold: ReadonlyMap<string, number>): string {
  return [...gold].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** A file's name as a system's id. */
function idOf(path: string): string {
  return basename(path)
    .replace(/\.(?:jsonl|json|csv|tsv)$/i, "")
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[-.]+/, "");
}

function nothing(name: string, { question, answer }: AnswerKeys, notes: LineNotes): Problem {
  return {
    code: "E_IMPORT_ANSWERS",
    where: name,
    expected: `rows with "${question}" and "${answer}"`,
    got: notes.all().join("; ") || "no rows",
    fix: "name the keys that the file has with --question, --gold and --answer",
  };
}

function twice(name: string, before: string, id: string): UsageError {
  const fix = "rename one of the files";
  return new UsageError({
    code: "E_USAGE",
    where: name,
    expected: "file names that differ",
    got: `${id} as ${before}`,
    fix,
  });
}
