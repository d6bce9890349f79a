import { DataError } from "../core/errors.ts";
import type { RefusalVerdicts } from "./grades/refusal-verdicts.ts";
import { readQuestions, readRun } from "./read-run.ts";
import { runFolder } from "./run-folder.ts";
import type { LogLine, QuestionRecord, ResultLine } from "./schema.ts";

/** A question of a run with all that came of it. */
export interface AskedQuestion {
  /** Its place in the dataset's order, from 0. */
  readonly at: number;
  readonly question: QuestionRecord;
  /** In the plan's order: retrieval, then the conditions as in the suite, of each its trials. */
  readonly results: readonly ResultLine[];
}

/**
 * Streams a complete run question by question. Its questions and its log are read once, side by side, since a complete log is in the
 * plan's order; one question is held.
 * @param verdicts as {@link readRun} takes them
 * @throws DataError as {@link readRun} does, and where the log is not in the order of its questions (E_RUN_ORDER)
 */
export async function* readByQuestion(dir: string, verdicts?: RefusalVerdicts): AsyncGenerator<AskedQuestion> {
  const lines = readRun(dir, verdicts);
  let next = await lines.next();
  if (!next.done && next.value.kind === "manifest") next = await lines.next();
  try {
    let at = 0;
    for await (const question of readQuestions(dir)) {
      const results: ResultLine[] = [];
      for (; !next.done && isResultOf(next.value, question.id); next = await lines.next()) results.push(next.value);
      yield { at, question, results };
      at += 1;
    }
    const inOrder = next.done || next.value.kind === "end";
    // To its last line, after which all that is wrong with single lines is thrown: those come first.
    while (!next.done) next = await lines.next();
    if (!inOrder) throw outOfOrder(dir);
  } finally {
    await lines.return(undefined);
  }
}

function isResultOf(line: LogLine, query: string): line is ResultLine {
  return line.kind !== "manifest" && line.kind !== "end" && line.query === query;
}

function outOfOrder(dir: string): DataError {
  return new DataError([
    {
      code: "E_RUN_ORDER",
      where: runFolder(dir).log,
      expected: "results in the order of questions.jsonl",
      got: "a result out of that order, or of a question that is not there",
      fix: "restore the folder as the run left it, or run again with --fresh",
    },
  ]);
}
