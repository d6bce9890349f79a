import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { readLines } from "../../lib/jsonl.ts";

export interface TextLine {
  /** `labels.jsonl:12`. */
  readonly where: string;
  readonly text: string;
}

/**
 * Streams the lines of a file that hold something. Lines that are no text go to `problems`.
 * @throws DataError when the file cannot be read
 */
export async function* textLines(path: string, problems: Problem[]): AsyncGenerator<TextLine> {
  try {
    for await (const line of readLines(path)) {
      const where = `${path}:${line.number}`;
      const bad = "error" in line ? line.error : line.text.includes("\0") ? "not-utf8" : undefined;
      if (bad !== undefined) {
        const got = bad === "too-long" ? "a line of more than 16 MiB" : "other bytes";
        const fix = "restore the file, or convert it, for example with `iconv -t UTF-8`";
        problems.push({ code: "E_LABEL_LINE", where, expected: "UTF-8 text", got, fix });
      } else if ("text" in line && line.text.trim() !== "") yield { where, text: line.text };
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A failed read as the error that users see; anything that is no file-system error is handed back as it is. */
export function unreadable(path: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || syscall === undefined) return error;
  const fix = "check the path and the file's permissions";
  return new DataError(
    [{ code: "E_LABEL_FILE", where: path, expected: "a readable file", got: code ?? error.message, fix }],
    { cause: error },
  );
}

/** @throws DataError with all problems, where there is one */
export function throwProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new DataError(problems);
}
