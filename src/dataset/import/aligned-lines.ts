import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { lineProblem } from "../read-rows.ts";
import { sourceLines } from "./open-source.ts";
import { ProblemList } from "./problem-list.ts";

/** One of several files whose line n speaks of the same thing. */
export interface LineFile {
  readonly path: string;
  /** Whether a line may be empty, which then says "none". @default false */
  readonly mayBeEmpty?: boolean;
}

/** What stands on line `number` of each file, in the order of the files. */
export interface LineGroup {
  readonly number: number;
  readonly texts: readonly string[];
}

/**
 * Streams files in step, line by line. Their numbers of lines must be equal; blank lines at the end of a file, a missing
 * last line feed and CRLF change no number. The first file says how many there are.
 * @throws DataError (E_IMPORT_ROW) with file and line: files of unequal length, an empty line, bytes that are no text
 */
export async function* alignedLines(...files: readonly [LineFile, ...LineFile[]]): AsyncGenerator<LineGroup> {
  const problems = new ProblemList();
  const readers = files.map(({ path }) => new PlainLines(path, problems));
  try {
    for (let number = 1; !problems.isFull; number += 1) {
      const texts: string[] = [];
      if (await readers[0]!.isOver()) break;
      for (const [i, { path, mayBeEmpty = false }] of files.entries()) {
        const text = await readers[i]!.next();
        if (text === undefined) throwUnequal(problems, path, number - 1, files[0]!.path);
        else if (text.trim() === "" && !mayBeEmpty) problems.add(empty(path, number));
        texts.push(text ?? "");
      }
      if (problems.isEmpty) yield { number, texts };
    }
    for (const [i, { path }] of files.entries()) {
      if (!problems.isFull && !(await readers[i]!.isOver())) {
        throwUnequal(problems, files[0]!.path, readers[0]!.count, path);
      }
    }
  } finally {
    for (const reader of readers) await reader.close();
  }
  problems.raise();
}

/** The lines of a file as texts, with a look ahead that tells whether anything but blank lines is left. */
class PlainLines {
  readonly #path: string;
  readonly #problems: ProblemList;
  readonly #lines: ReturnType<typeof sourceLines>;
  /** Blank lines read ahead, and the one after them that is not. */
  #blanks = 0;
  #text: string | undefined;
  #ended = false;
  count = 0;

  constructor(path: string, problems: ProblemList) {
    this.#path = path;
    this.#problems = problems;
    this.#lines = sourceLines(path);
  }

  async isOver(): Promise<boolean> {
    while (!this.#ended && this.#text === undefined) await this.#read();
    return this.#text === undefined;
  }

  async next(): Promise<string | undefined> {
    if (this.#blanks === 0 && this.#text === undefined) await this.#read();
    if (this.#blanks > 0) {
      this.#blanks -= 1;
      this.count += 1;
      return "";
    }
    const text = this.#text;
    this.#text = undefined;
    if (text !== undefined) this.count += 1;
    return text;
  }

  async close(): Promise<void> {
    await this.#lines.return(undefined);
  }

  async #read(): Promise<void> {
    const { value: line, done } = await this.#lines.next();
    if (done) {
      this.#ended = true;
      return;
    }
    const isText = !("error" in line) && !line.text.includes("\0");
    if (!isText) this.#problems.add(lineProblem(this.#path, line));
    const text = isText ? line.text : "?";
    if (text.trim() === "") this.#blanks += 1;
    else this.#text = text;
  }
}

function empty(path: string, number: number): Problem {
  const fix = "fill or remove the line, in every file";
  return { code: "E_IMPORT_ROW", where: `${path}:${number}`, expected: "text", got: "an empty line", fix };
}

/** Files that part have no line in common from there on: what was found so far is thrown with it. */
function throwUnequal(problems: ProblemList, shorter: string, lines: number, longer: string): never {
  const problem: Problem = {
    code: "E_IMPORT_ROW",
    where: `${shorter}:${lines}`,
    expected: `as many lines as ${longer} has`,
    got: `${lines} lines`,
    fix: "line n of one file belongs to line n of the other: find where they part",
  };
  problems.add(problem);
  problems.raise();
  throw new DataError([problem]);
}
