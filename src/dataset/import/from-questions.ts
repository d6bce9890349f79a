import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { DataError } from "../../core/errors.ts";
import { fileError, strict } from "../read-rows.ts";
import { PassageRow } from "../row-schema.ts";
import { adoptRows } from "./adopt.ts";
import { alignedLines } from "./aligned-lines.ts";
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
  for await (const { texts } of alignedLines({ path }, { path: targets })) {
    yield { question: texts[0]!, answer: texts[1]! };
  }
}
