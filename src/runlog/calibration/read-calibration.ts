import { readFile } from "node:fs/promises";
import { validate } from "../../config/validate.ts";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import { CALIBRATION_SCHEMA, type Calibration, CalibrationSchema } from "./calibration-schema.ts";

/**
 * Reads a calibration file.
 * @returns undefined where there is none
 * @throws DataError when it is damaged (E_CALIBRATION) or a newer version wrote it (E_CALIBRATION_SCHEMA)
 */
export async function readCalibration(path: string): Promise<Calibration | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const fix = "calibrate again with `bench calibrate`";
  const fail = (problem: Omit<Problem, "where" | "fix">) => new DataError([{ where: path, fix, ...problem }]);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail({ code: "E_CALIBRATION", expected: "a calibration in JSON", got: quoteValue(text.slice(0, 80)) });
  }
  const { schema } = (value ?? {}) as { schema?: unknown };
  if (typeof schema === "number" && schema > CALIBRATION_SCHEMA) {
    const expected = `a calibration of version ${CALIBRATION_SCHEMA} or older`;
    throw fail({ code: "E_CALIBRATION_SCHEMA", expected, got: `version ${schema}` });
  }
  const checked = validate(
    CalibrationSchema,
    value,
    "E_CALIBRATION",
    (pointer) => `${path}${pointer && ` ${pointer}`}`,
  );
  if (checked.ok) return checked.value;
  throw new DataError(checked.problems.map((problem) => ({ ...problem, fix })));
}

/** Whether a calibration is of this very judge: prompt, examples, model and rubric are what they were. */
export function isCurrent(calibration: Calibration, judge: { readonly sha256: string }): boolean {
  return calibration.judge.sha256 === judge.sha256;
}
