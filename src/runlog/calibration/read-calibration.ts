import { readFile } from "node:fs/promises";
import type { Static, TSchema } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import { CALIBRATION_SCHEMA, type Calibration, CalibrationSchema } from "./calibration-schema.ts";
import { CORRECTION_SCHEMA, type Corrections, CorrectionsSchema } from "./correction-schema.ts";

/**
 * Reads a calibration file.
 * @returns undefined where there is none
 * @throws DataError when it is damaged (E_CALIBRATION) or a newer version wrote it (E_CALIBRATION_SCHEMA)
 */
export function readCalibration(path: string): Promise<Calibration | undefined> {
  return readKept(path, CalibrationSchema, {
    newest: CALIBRATION_SCHEMA,
    code: "E_CALIBRATION",
    what: "a calibration",
    fix: "calibrate again with `bench calibrate`",
  });
}

/**
 * Reads what labels said about a judge's means of a run.
 * @returns undefined where there is none
 * @throws DataError when it is damaged (E_CORRECTION) or a newer version wrote it (E_CORRECTION_SCHEMA)
 */
export function readCorrections(path: string): Promise<Corrections | undefined> {
  return readKept(path, CorrectionsSchema, {
    newest: CORRECTION_SCHEMA,
    code: "E_CORRECTION",
    what: "corrected means",
    fix: "correct again with `bench judge correct`, or remove the file",
  });
}

interface Kind {
  readonly newest: number;
  readonly code: string;
  readonly what: string;
  readonly fix: string;
}

async function readKept<T extends TSchema>(
  path: string,
  form: T,
  { newest, code, what, fix }: Kind,
): Promise<Static<T> | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const fail = (problem: Omit<Problem, "where" | "fix">) => new DataError([{ where: path, fix, ...problem }]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail({ code, expected: `${what} in JSON`, got: quoteValue(text.slice(0, 80)) });
  }
  const { schema } = (value ?? {}) as { schema?: unknown };
  if (typeof schema === "number" && schema > newest) {
    const expected = `${what} of version ${newest} or older`;
    throw fail({ code: `${code}_SCHEMA`, expected, got: `version ${schema}` });
  }
  const checked = validate(form, value, code, (pointer) => `${path}${pointer && ` ${pointer}`}`);
  if (checked.ok) return checked.value;
  throw new DataError(checked.problems.map((problem) => ({ ...problem, fix })));
}
