import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";

/** What can be wrong with an encoder's folder; scripts may match on these. */
export type EncoderCode =
  | "E_ENCODER_FOLDER"
  | "E_ENCODER_MODEL"
  | "E_ENCODER_TOKENIZER"
  | "E_ENCODER_CONFIG"
  | "E_ENCODER_POOLING"
  | "E_ENCODER_MODULE"
  | "E_ENCODER_WEIGHTS"
  | "E_ENCODER_DIMENSIONS"
  | "E_ENCODER_VECTOR";

export function encoderProblem(
  code: EncoderCode,
  where: string,
  [expected, got, fix]: readonly [expected: string, got: string, fix: string],
): Problem {
  return { code, where, expected, got, fix };
}

export function encoderError(...problem: Parameters<typeof encoderProblem>): DataError {
  return new DataError([encoderProblem(...problem)]);
}
