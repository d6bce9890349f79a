import { readLines } from "../../lib/jsonl.ts";
import { ProblemList, unreadable, unreadableLine } from "./problem-list.ts";

/** A file by its path and by the name that messages show. */
export interface ShownFile {
  readonly path: string;
  readonly name: string;
}

/**
 * The lines of a file that are text, with their numbers; a line that is none becomes a problem.
 * @throws DataError with this code when the file cannot be read
 */
export async function* textLines(
  { path, name }: ShownFile,
  code: string,
  problems: ProblemList,
): AsyncGenerator<{ readonly number: number; readonly text: string }, void> {
  try {
    for await (const line of readLines(path)) {
      if ("error" in line) problems.add(line.number, unreadableLine(line.error, line.bytes));
      else yield line;
    }
  } catch (error) {
    throw unreadable(code, name, error);
  }
}

/** All lines of a text file. @throws DataError with this code, and every line that is no text */
export async function linesOf(file: ShownFile, code: string): Promise<string[]> {
  const problems = new ProblemList(code, file.name);
  const texts: string[] = [];
  for await (const { text } of textLines(file, code, problems)) texts.push(text);
  problems.throwIfAny();
  return texts;
}
