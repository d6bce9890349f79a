import { parseCondition } from "../../core/condition.ts";
import { DataError } from "../../core/errors.ts";
import type { Query } from "../../core/query.ts";
import { nearest } from "../../lib/nearest.ts";
import { quoteValue } from "../../lib/text.ts";
import { normalisedText } from "../outside/corpus-match.ts";
import { answerRows } from "./answer-rows.ts";
import type { SavedAnswer } from "./answers-file.ts";
import { LineNotes } from "./line-notes.ts";

/** Which column of a table holds what: `text` the answer, and `query` the question's id or `question` its text. */
export interface AnswerColumns {
  readonly query?: string | undefined;
  readonly question?: string | undefined;
  readonly text?: string | undefined;
  readonly condition?: string | undefined;
  readonly trial?: string | undefined;
  readonly confidence?: string | undefined;
}

/** Saved answers of whatever form. */
export interface AnswerSource {
  readonly answers: number;
  find(query: Query, condition: string, trial: number): SavedAnswer | undefined;
  /** What was met in the file, a sentence each. */
  readonly notes: readonly string[];
}

/** The columns of LocalRQA's `test-predictions.jsonl`. */
export const LOCALRQA_COLUMNS: AnswerColumns = { question: "question", text: "generated_answer" };
/** The columns of what RAFT's evaluation writes: its records with the model's answer added. */
export const RAFT_COLUMNS: AnswerColumns = { question: "question", text: "answer" };

/**
 * Reads answers that another tool saved. Questions are found by id, or by text whatever its letter case and white space. A row
 * that cannot be used is left out and told of with its line, and its question then fails: nothing is guessed. Of a list of
 * answers the first is taken, and of two answers to one question the first.
 * @param name the file as messages show it
 * @throws DataError (E_REPLAY_ANSWERS) when the file cannot be read or no row of it can be used
 */
export async function readTableAnswers(path: string, name: string, columns: AnswerColumns): Promise<AnswerSource> {
  const notes = new LineNotes(name);
  const rows = new Map<string, SavedAnswer>();
  const seen = new Set<string>();
  for await (const row of answerRows(path, name)) {
    if ("problem" in row) {
      notes.add(`left out, ${row.problem}`, row.line);
      continue;
    }
    for (const column of row.cells.keys()) if (seen.size < 50) seen.add(column);
    const read = rowOf(row.cells, columns, (what) => notes.add(what, row.line));
    if (typeof read === "string") {
      notes.add(`left out, ${read}`, row.line);
      continue;
    }
    const before = rows.get(read.key);
    if (!before) rows.set(read.key, read.answer);
    else if (before.text !== read.answer.text)
      notes.add("left out, another answer to a question that has one", row.line);
  }
  if (rows.size === 0) throw noAnswers(name, columns, seen, notes);
  const idOf = ({ id, text }: Query): string => (columns.query === undefined ? normalisedText(text) : id);
  return {
    answers: rows.size,
    find: (query, condition, trial) => {
      const id = idOf(query);
      const places = [
        [condition, trial],
        [condition, undefined],
        [undefined, trial],
        [undefined, undefined],
      ] as const;
      for (const [under, repetition] of places) {
        const answer = rows.get(keyOf(id, under, repetition));
        if (answer) return answer;
      }
      return undefined;
    },
    notes: notes.all(),
  };
}

/** @returns the answer, or why the row is left out */
function rowOf(
  cells: ReadonlyMap<string, unknown>,
  columns: AnswerColumns,
  note: (what: string) => void,
): { readonly key: string; readonly answer: SavedAnswer } | string {
  const cell = (column: string | undefined): unknown => (column === undefined ? undefined : cells.get(column));
  const id = textOf(cell(columns.query ?? columns.question));
  if (id === undefined || id.trim() === "") return columns.query === undefined ? "no question" : "no question's id";
  const said = cell(columns.text);
  if (Array.isArray(said)) note("a list of answers, of which the first is taken");
  const text = textOf(Array.isArray(said) ? said[0] : said);
  if (text === undefined) return "no answer";
  const condition = textOf(cell(columns.condition)) || undefined;
  if (condition !== undefined && !parseCondition(condition)) return "a condition that is none";
  const trial = numberOf(cell(columns.trial));
  if (trial !== undefined && !(Number.isSafeInteger(trial) && trial >= 0)) return "a trial that is no whole number";
  const confidence = numberOf(cell(columns.confidence));
  if (confidence !== undefined && !Number.isFinite(confidence)) return "a confidence that is no number";
  const key = keyOf(columns.query === undefined ? normalisedText(id) : id, condition, trial);
  return { key, answer: { text, ...(confidence !== undefined && { confidence }) } };
}

/** Numbers and truth values as JSON writes them; undefined for what is no single value. */
function textOf(cell: unknown): string | undefined {
  if (typeof cell === "string") return cell;
  return typeof cell === "number" || typeof cell === "boolean" ? String(cell) : undefined;
}

/** The number of a cell, undefined for an empty one, NaN for what is none. */
function numberOf(cell: unknown): number | undefined {
  const text = textOf(cell)?.trim();
  if (text === undefined) return cell === undefined || cell === null ? undefined : Number.NaN;
  return text === "" ? undefined : Number(text);
}

function keyOf(id: string, condition: string | undefined, trial: number | undefined): string {
  return JSON.stringify([id, condition ?? null, trial ?? null]);
}

function noAnswers(name: string, columns: AnswerColumns, seen: ReadonlySet<string>, notes: LineNotes): DataError {
  const named = Object.values(columns).filter((column) => column !== undefined);
  const missing = named.find((column) => !seen.has(column));
  const near = missing === undefined ? undefined : nearest(missing, [...seen]);
  const got =
    missing !== undefined && seen.size > 0
      ? `only ${[...seen].slice(0, 10).map(quoteValue).join(", ")}`
      : notes.all().join("; ") || "no rows";
  const fix =
    near === undefined
      ? "see that the file is the one meant and its columns are named"
      : `did you mean ${quoteValue(near)}?`;
  const expected = missing === undefined ? "at least one row with an answer" : `the column ${quoteValue(missing)}`;
  return new DataError([{ code: "E_REPLAY_ANSWERS", where: name, expected, got, fix }]);
}
