import { DataError } from "../../core/errors.ts";
import { unescapeLine } from "../../lib/line-text.ts";
import { normalisedText } from "../outside/corpus-match.ts";
import type { SavedAnswer } from "./answers-file.ts";
import { LineNotes } from "./line-notes.ts";
import { linesOf, type ShownFile } from "./lines-of.ts";
import type { AnswerSource } from "./table-answers.ts";

const CODE = "E_REPLAY_ANSWERS";

/**
 * Reads answers that stand one a line, as in Hugging Face's `e2e_preds`: line n answers line n of the file of questions. An
 * empty line is an empty answer; line breaks inside an answer may be written as `bench export` writes them. A blank last line
 * of either file does not count.
 * @throws DataError (E_REPLAY_ANSWERS) when a file cannot be read or they are of unequal length: which answer is missing could
 * not be known
 */
export async function readLineAnswers(answers: ShownFile, questions: ShownFile): Promise<AnswerSource> {
  const asked = withoutBlankEnd(await linesOf(questions, CODE));
  const said = await linesOf(answers, CODE);
  if (said.length === asked.length + 1 && said.at(-1)!.trim() === "") said.pop();
  if (said.length !== asked.length) {
    const expected = `${asked.length} answers, one for each line of ${questions.name}`;
    const fix = "export the answers again, or name the questions that they answer";
    throw new DataError([{ code: CODE, where: answers.name, expected, got: `${said.length} lines`, fix }]);
  }
  const notes = new LineNotes(answers.name);
  const rows = new Map<string, SavedAnswer>();
  for (const [at, question] of asked.entries()) {
    const text = unescapeLine(said[at]!);
    const key = normalisedText(question);
    if (text.trim() === "") notes.add("empty, taken as an empty answer", at + 1);
    const before = rows.get(key);
    if (!before) rows.set(key, { text });
    else if (before.text !== text) notes.add("left out, another answer to a question that has one", at + 1);
  }
  return { answers: rows.size, find: ({ text }) => rows.get(normalisedText(text)), notes: notes.all() };
}

function withoutBlankEnd(lines: string[]): string[] {
  while (lines.length > 0 && lines.at(-1)!.trim() === "") lines.pop();
  return lines;
}
