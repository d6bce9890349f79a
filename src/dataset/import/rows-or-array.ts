import type { Static, TSchema } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import type { Problem } from "../../core/problem.ts";
import { fileError, readRows, strict } from "../read-rows.ts";
import { jsonItems } from "./json-items.ts";
import { openSource } from "./open-source.ts";
import { ProblemList } from "./problem-list.ts";

/**
 * Streams the rows of a JSONL file, or of a JSON array under whatever name; either may be compressed (`.gz`). An array
 * is said.
 * @throws DataError with the problems of the file
 */
export async function* rowsOrArray<T extends TSchema>(
  path: string,
  schema: T,
  note: (text: string) => void,
): AsyncGenerator<Static<T>> {
  if (!(await startsWithArray(path))) {
    yield* strict(readRows(path, schema, { open: openSource }));
    return;
  }
  note(`${path} holds a JSON array, not one object per line: read as an array`);
  const problems = new ProblemList();
  for await (const { index, text } of jsonItems(path)) {
    const where = `${path} /${index}`;
    const parsed = parseItem(text, where);
    const checked = parsed.ok
      ? validate(schema, parsed.value, "E_IMPORT_ROW", (pointer) => `${where}${pointer}`)
      : parsed;
    if (!checked.ok) problems.add(...checked.problems);
    else if (problems.isEmpty) yield checked.value;
    if (problems.isFull) break;
  }
  problems.raise();
}

type Parsed =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

function parseItem(text: string, where: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const got = (error as Error).message;
    const fix = "write the file again with a JSON library";
    return { ok: false, problems: [{ code: "E_IMPORT_JSON", where, expected: "a JSON value", got, fix }] };
  }
}

async function startsWithArray(path: string): Promise<boolean> {
  try {
    let start = "";
    for await (const chunk of openSource(path)) {
      start += chunk.toString("utf8");
      if (start.trim() !== "" || start.length > 1024) break;
    }
    return /^\ufeff?\s*\[/.test(start);
  } catch (error) {
    throw fileError(path, error);
  }
}
