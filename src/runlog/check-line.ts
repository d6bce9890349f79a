import type { TSchema } from "@sinclair/typebox";
import { validate } from "../config/validate.ts";
import type { Problem } from "../core/problem.ts";
import type { Line } from "../lib/jsonl.ts";
import { quoteValue } from "../lib/text.ts";
import { LINE_SCHEMAS } from "./line-schemas.ts";
import { LOG_SCHEMA, type LogLine } from "./schema.ts";

/** One line that was read: its value, or what is wrong with it. */
export type CheckedLine<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Parses a line of `run.jsonl` and checks it against the schema of its kind. @param file as messages show it */
export function checkLogLine(line: Line, file: string): CheckedLine<LogLine> {
  const parsed = parse(line, file);
  if (!parsed.ok) return parsed;
  const where = `${file}:${line.number}`;
  const value = parsed.value as { kind?: unknown; schema?: unknown } | null;
  if (value?.kind === "manifest" && Number.isInteger(value.schema) && (value.schema as number) > LOG_SCHEMA) {
    return failed({
      code: "E_RUN_SCHEMA",
      where: `${where} /schema`,
      expected: `a log of version ${LOG_SCHEMA} or older`,
      got: `version ${value.schema}`,
      fix: "read it with the version of Plumbline that wrote it, or a later one",
    });
  }
  const schema = LINE_SCHEMAS.get(value?.kind);
  if (schema === undefined) {
    return failed({
      code: "E_RUN_LINE",
      where: `${where} /kind`,
      expected: `one of ${[...LINE_SCHEMAS.keys()].join(", ")}`,
      got: quoteValue(value?.kind),
      fix: "restore the line, or run again with --fresh",
    });
  }
  return check(schema, value, where) as CheckedLine<LogLine>;
}

/** Parses a line of one of the files beside the log. */
export function checkRecord<T>(schema: TSchema, line: Line, file: string): CheckedLine<T> {
  const parsed = parse(line, file);
  return parsed.ok ? (check(schema, parsed.value, `${file}:${line.number}`) as CheckedLine<T>) : parsed;
}

function check(schema: TSchema, value: unknown, where: string): CheckedLine<unknown> {
  return validate(schema, value, "E_RUN_LINE", (pointer) => (pointer === "" ? where : `${where} ${pointer}`));
}

function parse(line: Line, file: string): CheckedLine<unknown> {
  const where = `${file}:${line.number}`;
  const fix = "restore the file, or run again with --fresh";
  if ("error" in line) {
    const got = line.error === "too-long" ? `a line of ${line.bytes} bytes` : "bytes that are not UTF-8";
    return failed({ code: "E_RUN_LINE", where, expected: "a line of JSON in UTF-8", got, fix });
  }
  try {
    return { ok: true, value: JSON.parse(line.text) };
  } catch {
    return failed({ code: "E_RUN_LINE", where, expected: "a line of JSON", got: quoteValue(line.text), fix });
  }
}

function failed(problem: Problem): { ok: false; problems: Problem[] } {
  return { ok: false, problems: [problem] };
}
