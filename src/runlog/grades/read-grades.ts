import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { type Line, readLines } from "../../lib/jsonl.ts";
import { quoteValue } from "../../lib/text.ts";
import { type CheckedLine, checkRecord } from "../check-line.ts";
import {
  GRADE_LINES,
  GRADES_SCHEMA,
  type GradedLine,
  type GradingEnd,
  type GradingHead,
  GradingHeadSchema,
} from "./grade-schema.ts";

/** A grade file, opened: its first line was read. */
export interface Grading {
  readonly path: string;
  readonly head: GradingHead;
}

/** What reading a grade file ends with: where its whole lines end, and its last one where the judge finished. */
export interface GradesRead {
  /** Bytes of whole lines; a torn last line stands behind them. */
  readonly size: number;
  readonly end?: GradingEnd;
}

/** The grade files of a run, or those of its answers beside another run's, by name. Files that are none are passed over. */
export async function listGradings(dir: string, of: "grades" | "pairs" = "grades"): Promise<Grading[]> {
  const folder = join(dir, of);
  const names = await readdir(folder).catch(() => []);
  const found: Grading[] = [];
  for (const name of names.sort()) if (name.endsWith(".jsonl")) found.push(await openGrading(join(folder, name)));
  return found;
}

/** @throws DataError when the file is no grade file, or a newer version wrote it (E_GRADES_SCHEMA) */
export async function openGrading(path: string): Promise<Grading> {
  for await (const line of readLines(path)) {
    const checked = checkRecord<GradingHead>(GradingHeadSchema, line, path);
    if (!checked.ok) throw new DataError(checked.problems);
    const { schema } = checked.value;
    if (schema <= GRADES_SCHEMA) return { path, head: checked.value };
    throw new DataError([
      {
        code: "E_GRADES_SCHEMA",
        where: `${path}:1 /schema`,
        expected: `grades of version ${GRADES_SCHEMA} or older`,
        got: `version ${schema}`,
        fix: "read them with the version of Plumbline that wrote them, or a later one",
      },
    ]);
  }
  throw new DataError([
    {
      code: "E_GRADES",
      where: path,
      expected: "a file of grades",
      got: "an empty file",
      fix: "remove it and judge again",
    },
  ]);
}

/**
 * Streams the grades of a file, checked; good lines come as they are met, and after the last one all that is wrong is thrown at once.
 * A torn last line is left out.
 * @throws DataError with line and fix of every problem
 */
export async function* readGrades(path: string): AsyncGenerator<GradedLine, GradesRead> {
  const { size } = await stat(path);
  const problems: Problem[] = [];
  let whole = 0;
  let end: GradingEnd | undefined;
  for await (const line of readLines(path)) {
    const bytes = "error" in line ? line.bytes : Buffer.byteLength(line.text);
    const terminated = "error" in line ? line.offset + bytes < size : line.terminated;
    if (!terminated) break;
    whole = line.offset + bytes + 1;
    if (line.number === 1) continue;
    const checked = checkLine(line, path);
    if (!checked.ok) problems.push(...checked.problems);
    else if (checked.value.kind === "end") end = checked.value;
    else yield checked.value;
  }
  if (problems.length > 0) throw new DataError(problems);
  return { size: whole, ...(end && { end }) };
}

function checkLine(line: Line, path: string): CheckedLine<GradedLine | GradingEnd> {
  const kind = "error" in line ? undefined : /^\{"kind":"([a-z-]+)"/.exec(line.text)?.[1];
  const schema = GRADE_LINES.get(kind);
  if (schema) return checkRecord(schema, line, path);
  const got = "error" in line ? `a line that is ${line.error}` : quoteValue(line.text);
  const expected = `a line of kind ${[...GRADE_LINES.keys()].join(", ")}`;
  const fix = "restore the line, or judge again with --fresh";
  return { ok: false, problems: [{ code: "E_GRADES", where: `${path}:${line.number}`, expected, got, fix }] };
}
