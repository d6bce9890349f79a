import { readLines } from "../../lib/jsonl.ts";
import { ProblemList, unreadable, unreadableLine } from "./problem-list.ts";

/** A file by its path and by the name that messages show. */
export interface ShownFile {
  readonly path: string;
  readonly name: string;
}

/** All lines of a text file. @throws DataError with this code, and every line that is no text */
export async function linesOf({ path, name }: ShownFile, code: string): Promise<string[]> {
  const problems = new ProblemList(code, name);
  const texts: string[] = [];
  try {
    for await (const line of readLines(path)) {
      if ("error" in line) problems.add(line.number, unreadableLine(line.error, line.bytes));
      else texts.push(line.text);
    }
  } catch (error) {
    throw unreadable(code, name, error);
  }
  problems.throwIfAny();
  return texts;
}
