import { open, readFile } from "node:fs/promises";
import type { Static, TSchema } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { fileError, readRows, strict } from "../read-rows.ts";

const MAX_PROBLEMS = 20;

/**
 * Streams the rows of a JSONL file, or of a JSON array under whatever name. An array is held whole and is said.
 * @throws DataError with the problems of the file
 */
export async function* rowsOrArray<T extends TSchema>(
  path: string,
  schema: T,
  note: (text: string) => void,
): AsyncGenerator<Static<T>> {
  if (!(await startsWithArray(path))) {
    yield* strict(readRows(path, schema));
    return;
  }
  note(`${path} holds a JSON array, not one object per line: read as an array`);
  const problems: Problem[] = [];
  for (const [i, value] of (await readArray(path)).entries()) {
    const checked = validate(schema, value, "E_IMPORT_ROW", (pointer) => `${path} /${i}${pointer}`);
    if (!checked.ok) problems.push(...checked.problems);
    else if (problems.length === 0) yield checked.value;
    if (problems.length >= MAX_PROBLEMS) break;
  }
  if (problems.length > 0) throw new DataError(problems.slice(0, MAX_PROBLEMS));
}

async function readArray(path: string): Promise<readonly unknown[]> {
  try {
    return JSON.parse((await readFile(path, "utf8")).replace(/^\ufeff/, "")) as unknown[];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw fileError(path, error);
    const fix = "write the file again: it may be cut off";
    throw new DataError([{ code: "E_IMPORT_JSON", where: path, expected: "a JSON array", got: error.message, fix }]);
  }
}

async function startsWithArray(path: string): Promise<boolean> {
  try {
    const file = await open(path, "r");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0).finally(() => file.close());
    return /^\ufeff?\s*\[/.test(buffer.toString("utf8", 0, bytesRead));
  } catch (error) {
    throw fileError(path, error);
  }
}
