import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "../../../core/problem.ts";
import { quoteValue } from "../../../lib/text.ts";
import type { CriterionGrades, GradedItem, GradedSet } from "../graded-set.ts";
import { textLines, throwProblems, unreadable } from "../text-lines.ts";

/** The judges' files: what stands in which cell. BEM's cells are quoted as CSV has it; davinci's lost a tab. */
const JUDGES = [
  { judge: "gpt-4", cells: 5, question: 1, answer: 2, verdict: 3, quoted: false, joined: false },
  { judge: "text-davinci-003", cells: 4, question: 1, answer: 1, verdict: 2, quoted: false, joined: true },
  { judge: "BEM", cells: 6, question: 1, answer: 3, verdict: 4, quoted: true, joined: false },
] as const;

/**
 * Reads OpenQA-eval's 1,490 answers to 301 Natural Questions: yes or no by people (`NQ301_human.tsv`: the final verdict is
 * the criterion `correct`, that of two to three annotators `correct-by-annotator`) and by three judges (`NQ301_<judge>.tsv`), with the systems that gave each answer
 * (`model_outputs/`). An item is a row of the human file; a judge's row belongs to it when question (case aside) and answer
 * are the same text, which is the published join: 1,480 rows with a verdict of GPT-4.
 *
 * Noted, not guessed silently: the lost tab of the davinci file (question and answer are told apart by the human file's
 * question of that number), predictions that are arrays (their first entry is the answer), rows without counterpart or
 * verdict, predictions that no labelled answer matches.
 *
 * @throws DataError with every row that cannot be read
 */
export async function readOpenqaEval(folder: string): Promise<GradedSet> {
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const rows = await readHuman(join(folder, "NQ301_human.tsv"), problems);
  const byKey = new Map<string, number[]>();
  for (const [i, row] of rows.entries()) push(byKey, keyOf(row.question, row.answer), i);
  const questions = new Map(rows.map(({ query, question }) => [query, question]));
  const judges = new Map<string, (number | undefined)[]>();
  for (const layout of JUDGES) {
    const path = join(folder, `NQ301_${layout.judge}.tsv`);
    judges.set(layout.judge, await readJudge(path, layout, { rows, byKey, questions, problems, notes }));
  }
  throwProblems(problems);
  const systems = await readSystems(join(folder, "model_outputs"), rows, problems, notes);
  throwProblems(problems);
  const items = rows.map(({ query, question, answer }, i): GradedItem => {
    return { id: `${i + 1}`, query, question, answer, ...(systems.has(i) && { systems: systems.get(i)! }) };
  });
  const annotator = (at: number) => [`annotator${at + 1}`, rows.map(({ annotators }) => annotators[at])] as const;
  const by = (people: CriterionGrades["people"]): CriterionGrades => ({ scale: [0, 1], people, judges });
  const criteria = new Map([
    ["correct", by(new Map([["people", rows.map(({ verdict }) => verdict)]]))],
    ["correct-by-annotator", by(new Map([annotator(0), annotator(1), annotator(2)]))],
  ]);
  return { items, criteria, notes };
}

interface HumanRow {
  readonly query: string;
  readonly question: string;
  readonly answer: string;
  readonly verdict: number | undefined;
  readonly annotators: readonly (number | undefined)[];
}

interface JudgeContext {
  readonly rows: readonly HumanRow[];
  readonly byKey: ReadonlyMap<string, readonly number[]>;
  readonly questions: ReadonlyMap<string, string>;
  readonly problems: Problem[];
  readonly notes: Problem[];
}

/** Rows of a tab-separated file after its header, each with as many cells as expected. */
async function* tabRows(path: string, cells: number, problems: Problem[]) {
  let header = true;
  for await (const { where, text } of textLines(path, problems)) {
    if (header) {
      header = false;
      continue;
    }
    const row = text.split("\t");
    if (row.length === cells) yield { where, row };
    else {
      const fix = "restore the file as published: a tab was lost or added";
      problems.push({ code: "E_LABEL_ROW", where, expected: `${cells} cells between tabs`, got: `${row.length}`, fix });
    }
  }
}

async function readHuman(path: string, problems: Problem[]): Promise<HumanRow[]> {
  const rows: HumanRow[] = [];
  for await (const { where, row } of tabRows(path, 7, problems)) {
    const [query, question, answer, verdict, ...annotators] = row;
    const read = (cell: string | undefined) => verdictOf(cell!, where, problems);
    rows.push({
      query: query!,
      question: question!,
      answer: answer!.trim(),
      verdict: read(verdict),
      annotators: annotators.map(read),
    });
  }
  return rows;
}

async function readJudge(path: string, layout: (typeof JUDGES)[number], context: JudgeContext) {
  const { rows, byKey, questions, problems, notes } = context;
  const column = new Array<number | undefined>(rows.length).fill(undefined);
  const seen = new Map<string, number>();
  const [strangers, silent]: string[][] = [[], []];
  let split = 0;
  for await (const { where, row } of tabRows(path, layout.cells, problems)) {
    let question: string = row[layout.question]!;
    let answer: string = layout.quoted ? unquoted(row[layout.answer]!) : row[layout.answer]!;
    if (layout.joined) {
      const known = questions.get(row[0]!);
      if (known === undefined || !question.startsWith(known)) {
        const got = quoteValue(question);
        const fix = "restore the tab between question and answer";
        const expected = `the question of number ${row[0]} and then the answer`;
        problems.push({ code: "E_LABEL_ROW", where, expected, got, fix });
        continue;
      }
      answer = question.slice(known.length);
      question = known;
      split += 1;
    }
    const verdict = verdictOf(row[layout.verdict]!, where, problems);
    if (verdict === undefined) silent!.push(where);
    const key = keyOf(question, answer);
    // An answer that people have twice gets its verdicts in turn.
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    const item = byKey.get(key)?.[nth];
    if (item === undefined) strangers!.push(where);
    else column[item] = verdict;
  }
  const note = (code: string, expected: string, got: string, fix: string) =>
    notes.push({ code, where: path, expected, got, fix });
  const some = (places: readonly string[]) => `${places.length}, the first at ${places[0]}`;
  if (split > 0) {
    const fix = "nothing: the answer is what follows the question of that number";
    note("E_LABEL_ROW", "a tab between question and answer", `none in ${split} rows`, fix);
  }
  if (strangers!.length > 0) {
    note("E_LABEL_ITEM", "answers as in the human file", `others: ${some(strangers!)}`, "nothing: they are left out");
  }
  if (silent!.length > 0)
    note("E_LABEL_SCORE", "yes or no", `neither: ${some(silent!)}`, "nothing: they count as missing");
  return column;
}

/** The systems that gave each labelled answer, by the row's number. */
async function readSystems(folder: string, rows: readonly HumanRow[], problems: Problem[], notes: Problem[]) {
  const byQuestion = new Map<string, number[]>();
  for (const [i, { question }] of rows.entries()) push(byQuestion, question.trim().toLowerCase(), i);
  const systems = new Map<number, string[]>();
  for (const file of await outputFiles(folder)) {
    const path = join(folder, file);
    const system = file.replace(/^NQ(301)?_/, "").slice(0, -".jsonl".length);
    const [arrays, unmatched]: string[][] = [[], []];
    for await (const { where, text } of textLines(path, problems)) {
      const output = outputOf(text, where, problems);
      const labelled = output && byQuestion.get(output.question.trim().toLowerCase());
      if (output === undefined || labelled === undefined) continue;
      if (output.array) arrays!.push(where);
      const item =
        labelled.find((i) => rows[i]!.answer === output.prediction.trim()) ??
        labelled.find((i) => plain(rows[i]!.answer) === plain(output.prediction));
      if (item === undefined) unmatched!.push(where);
      else push(systems, item, system);
    }
    for (const [places, expected, fix] of [
      [arrays!, "predictions that are texts", "nothing: the first entry is the answer"],
      [unmatched!, "predictions that people labelled", "nothing: the system has fewer labelled answers"],
    ] as const) {
      const got = `${places.length} others, the first at ${places[0]}`;
      if (places.length > 0) notes.push({ code: "E_LABEL_ROW", where: path, expected, got, fix });
    }
  }
  return systems;
}

function outputOf(text: string, where: string, problems: Problem[]) {
  let row: { question?: unknown; prediction?: unknown } | null = null;
  try {
    row = JSON.parse(text);
  } catch {
    // Told below, like any row of another form.
  }
  const prediction = Array.isArray(row?.prediction) ? row.prediction[0] : row?.prediction;
  if (typeof row?.question === "string" && typeof prediction === "string") {
    return { question: row.question, prediction, array: Array.isArray(row.prediction) };
  }
  const fix = "restore the file as published";
  const expected = "an object with question and prediction";
  problems.push({ code: "E_LABEL_ROW", where, expected, got: quoteValue(text), fix });
  return undefined;
}

async function outputFiles(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".jsonl")).sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function verdictOf(cell: string, where: string, problems: Problem[]): number | undefined {
  const word = cell.trim().toLowerCase();
  if (word === "yes" || word === "no") return word === "yes" ? 1 : 0;
  if (word === "") return undefined;
  problems.push({
    code: "E_LABEL_SCORE",
    where,
    expected: "Yes, No or nothing",
    got: quoteValue(cell),
    fix: "correct it",
  });
  return undefined;
}

function keyOf(question: string, answer: string): string {
  return `${question.trim().toLowerCase()}\t${answer.trim()}`;
}

/** Answers that differ in case, punctuation and articles only are one answer: it was labelled once. */
function plain(answer: string): string {
  const words = answer.toLowerCase().replace(/[!-/:-@[-`{-~]/g, "");
  return words
    .replace(/\b(a|an|the)\b/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function unquoted(cell: string): string {
  return /^".*"$/s.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
