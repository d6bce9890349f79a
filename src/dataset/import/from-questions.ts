import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { fileError, lineProblem, strict, textLines } from "../read-rows.ts";
import { PassageRow } from "../row-schema.ts";
import { adoptRows } from "./adopt.ts";
import type { SplitFile } from "./from-beir.ts";
import { rowsOrArray } from "./rows-or-array.ts";
import type { Target } from "./target.ts";
import { Repetitions, textId } from "./text-id.ts";

/** Questions with answers and no judgements. */
export interface QuestionsSource {
  /** JSON or JSONL of `question` and `answer`; or, with `targets`, one question a line and one answer a line there. */
  readonly questions: readonly (SplitFile & { readonly targets?: string })[];
  /** A `corpus.jsonl` to take along; without one only answers from memory can be measured. */
  readonly corpus?: string;
}

const QuestionRow = Type.Object(
  {
    question: Type.String({ description: "the question" }),
    answer: Type.Optional(Type.String({ description: "the reference answer" })),
    answers: Type.Optional(Type.Array(Type.String(), { description: "the accepted answers" })),
  },
  { additionalProperties: true },
);

const MAX_PROBLEMS = 20;

/** The files of a folder of `<split>.source` and `<split>.target`, as Hugging Face's RAG example has them. */
export async function questionsFolder(dir: string): Promise<QuestionsSource> {
  const files = await readdir(dir).catch((error: unknown) => {
    throw fileError(dir, error);
  });
  const splits = files.flatMap((file) => /^(.+)\.source$/.exec(file)?.[1] ?? []).sort();
  if (splits.length === 0) {
    const fix = "name the folder that holds them, or the files one by one";
    throw new DataError([{ code: "E_IMPORT_FORMAT", where: dir, expected: "<split>.source files", got: "none", fix }]);
  }
  const pair = (split: string) => ({
    split,
    path: join(dir, `${split}.source`),
    targets: join(dir, `${split}.target`),
  });
  return { questions: splits.map(pair) };
}

/**
 * Reads questions with reference answers, trimmed. Ids are made from split, question and answers; further keys become
 * metadata.
 * @throws DataError at bad rows, empty lines, or files of unequal length: lines are never paired past the shorter file
 */
export async function importQuestions(source: QuestionsSource, target: Target): Promise<void> {
  const note = (text: string): void => {
    target.notes.push(text);
  };
  if (source.corpus === undefined) note("no passages: only answers without retrieval can be measured");
  else for await (const row of strict(adoptRows(source.corpus, PassageRow))) await target.passage(row);
  const ids = new Repetitions();
  for (const { split, path, targets } of source.questions) {
    target.split(split);
    const rows = targets === undefined ? rowsOrArray(path, QuestionRow, note) : pairedLines(path, targets);
    for await (const { question, answer, answers = [], ...metadata } of rows) {
      const all = [...(answer === undefined ? [] : [answer]), ...answers].map((text) => text.trim());
      const distinct = [...new Set(all)].filter((text) => text !== "");
      const text = question.trim();
      await target.query({
        _id: ids.next(textId(text, [split, text, distinct])),
        text,
        ...(distinct.length === 0 ? {} : { answers: distinct }),
        split,
        ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      });
    }
  }
}

async function* pairedLines(path: string, targets: string): AsyncGenerator<Static<typeof QuestionRow>> {
  const problems: Problem[] = [];
  const answers = linesOf(targets, problems);
  let rows = 0;
  try {
    for await (const question of linesOf(path, problems)) {
      const answer = await answers.next();
      if (answer.done) problems.push(unequal(targets, rows, path));
      if (answer.done || problems.length >= MAX_PROBLEMS) break;
      rows += 1;
      if (problems.length === 0) yield { question, answer: answer.value };
    }
    if (problems.length < MAX_PROBLEMS && !(await answers.next()).done) problems.push(unequal(path, rows, targets));
  } finally {
    await answers.return(undefined);
  }
  if (problems.length > 0) throw new DataError(problems);
}

async function* linesOf(path: string, problems: Problem[]): AsyncGenerator<string> {
  for await (const line of textLines(path)) {
    if ("error" in line) problems.push(lineProblem(path, line));
    else if (line.text.trim() === "") {
      const fix = "fill or remove the line, in both files";
      problems.push({
        code: "E_IMPORT_ROW",
        where: `${path}:${line.number}`,
        expected: "text",
        got: "an empty line",
        fix,
      });
    }
    yield "error" in line ? "" : line.text;
  }
}

function unequal(shorter: string, lines: number, longer: string): Problem {
  return {
    code: "E_IMPORT_ROW",
    where: `${shorter}:${lines}`,
    expected: `as many lines as ${longer} has`,
    got: `${lines} lines`,
    fix: "line n of one file belongs to line n of the other: find where they part",
  };
}
