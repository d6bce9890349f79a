import { DataError } from "../core/errors.ts";
import { quoteValue } from "../lib/text.ts";
import { openRun, type Run } from "./open-run.ts";
import { readQuestions, readRun } from "./read-run.ts";
import { runFolder } from "./run-folder.ts";
import type { AnswerLine, FailureLine, Manifest, QuestionRecord, ResultLine, RetrievalLine } from "./schema.ts";

/** A question of a run with all its results, in the plan's order. */
export interface QuestionResults {
  readonly question: QuestionRecord;
  readonly results: readonly ResultLine[];
}

/**
 * Streams a finished run question by question, in the dataset's order: a finished log stands in the plan's order, so that
 * one question is held at a time.
 * @throws DataError (E_RUN_INTERRUPTED) for a run without its end, (E_RUN_LINE) where log and questions do not agree
 */
export async function* resultsByQuestion(dir: string): AsyncGenerator<QuestionResults> {
  requireComplete(await openRun(dir));
  const questions = readQuestions(dir);
  let current: { question: QuestionRecord; results: ResultLine[] } | undefined;
  for await (const line of readRun(dir)) {
    if (line.kind === "manifest" || line.kind === "end") continue;
    if (current === undefined || current.question.id !== line.query) {
      if (current !== undefined) yield current;
      const next = await questions.next();
      if (next.done || next.value.id !== line.query) throw disagree(dir, line.query);
      current = { question: next.value, results: [] };
    }
    current.results.push(line);
  }
  if (current !== undefined) yield current;
}

/** @throws DataError (E_RUN_INTERRUPTED) for a run without its end */
export function requireComplete({ dir, state, manifest }: Run): void {
  if (state === "complete") return;
  const fix = `finish it with --resume: ${manifest.command.replace(/ --(?:resume|fresh)\b/g, "")} --resume`;
  const problem = { code: "E_RUN_INTERRUPTED", where: dir, expected: "a finished run", got: "an interrupted one", fix };
  throw new DataError([problem]);
}

/** The retrieval of a question, or its failure. */
export function retrievalOf(results: readonly ResultLine[]): RetrievalLine | FailureLine | undefined {
  return results.find(
    (line): line is RetrievalLine | FailureLine =>
      line.kind === "retrieval" || (line.kind === "failure" && line.condition === undefined),
  );
}

/** The answer of a question under a condition, or its failure. */
export function answerOf(
  results: readonly ResultLine[],
  { condition, trial }: ChosenAnswers,
): AnswerLine | FailureLine | undefined {
  return results.find(
    (line): line is AnswerLine | FailureLine =>
      line.kind !== "retrieval" && line.condition === condition && line.trial === trial,
  );
}

/** Which answers a form with one answer per question takes. */
export interface ChosenAnswers {
  readonly condition: string;
  readonly trial: number;
}

/**
 * The condition and trial to take answers of: what is asked for, else the run's only condition and its first trial.
 * @returns undefined for a run without answers
 * @throws DataError (E_EXPORT_CONDITION) where the run has several and none is named, or not that one
 */
export function chooseAnswers(manifest: Manifest, condition: string | undefined, trial = 0): ChosenAnswers | undefined {
  const { conditions, trials } = manifest;
  const problem = (expected: string, got: string, fix: string): DataError =>
    new DataError([{ code: "E_EXPORT_CONDITION", where: manifest.run, expected, got, fix }]);
  if (condition === undefined && conditions.length === 0) return undefined;
  const chosen = condition ?? (conditions.length === 1 ? conditions[0] : undefined);
  if (chosen === undefined || !conditions.includes(chosen)) {
    const got = condition === undefined ? "none named" : quoteValue(condition);
    const fix = `name one: --condition ${conditions[0] ?? "rag@3"}`;
    throw problem(`one of the run's conditions: ${conditions.join(", ") || "it has none"}`, got, fix);
  }
  if (trial >= trials)
    throw problem(`a trial from 0 to ${trials - 1}`, String(trial), "leave --trial out for the first");
  return { condition: chosen, trial };
}

function disagree(dir: string, query: string): DataError {
  const { log, questions } = runFolder(dir);
  const expected = `the questions in the order of ${questions}`;
  const fix = "restore the run folder: `bench log verify` says what is wrong with it";
  return new DataError([{ code: "E_RUN_LINE", where: log, expected, got: quoteValue(query), fix }]);
}
