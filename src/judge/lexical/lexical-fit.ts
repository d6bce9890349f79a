import { readFile } from "node:fs/promises";
import { type Static, Type } from "@sinclair/typebox";
import type { LexicalJudge } from "../../config/load-judge.ts";
import { validate } from "../../config/validate.ts";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import { FigureSchema } from "../../runlog/index.ts";
import { OVERLAP_FEATURES } from "./overlap-features.ts";

/** Version of the files of cut points this code writes. */
export const LEXICAL_FIT_SCHEMA = 1;

const Count = Type.Integer({ minimum: 0 });
const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });

const FittedCriterion = Type.Object({
  id: Type.String(),
  /** The canonical name of the measure. */
  feature: Type.String(),
  base: Type.Number(),
  cuts: Type.Array(Type.Object({ from: Type.Number(), score: Type.Number() })),
  /** Labelled answers it was fitted to, and their questions. */
  n: Count,
  questions: Count,
  /** Agreement with the labels of answers that were held out. */
  crossValidated: Type.Record(Type.String(), FigureSchema),
});

/**
 * `judges/<id>/fit.json`: what a lexical judge grades by. It says nothing of when it was made, so that the same labels give the
 * same file and with it the same judge.
 */
export const LexicalFitSchema = Type.Object({
  kind: Type.Literal("lexical-fit"),
  schema: Type.Integer({ minimum: 1 }),
  /** Of the rubric it was fitted for. */
  rubric: Sha256,
  labels: Type.Object({
    files: Type.Array(Type.Object({ name: Type.String(), sha256: Sha256 })),
    labels: Count,
  }),
  level: Type.Number(),
  criteria: Type.Array(FittedCriterion, { minItems: 1 }),
});

export type FittedCriterion = Static<typeof FittedCriterion>;
export type LexicalFit = Static<typeof LexicalFitSchema>;

/**
 * The cut points of a lexical judge.
 * @throws DataError (E_LEXICAL_FIT) when there are none yet, when the file is damaged or of a newer version, or when they were fitted
 *   for another rubric
 */
export async function readLexicalFit(judge: Pick<LexicalJudge, "id" | "fit" | "rubric">): Promise<LexicalFit> {
  const fix = `fit it: bench judge fit --judge ${judge.id} --labels FILE`;
  const fail = (expected: string, got: string, where = judge.fit): Problem => ({
    code: "E_LEXICAL_FIT",
    where,
    expected,
    got,
    fix,
  });
  const text = await readFile(judge.fit, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new DataError([fail("cut points fitted to labels", "none yet")]);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DataError([fail("cut points in JSON", quoteValue(text.slice(0, 80)))]);
  }
  const { schema } = (value ?? {}) as { schema?: unknown };
  if (typeof schema === "number" && schema > LEXICAL_FIT_SCHEMA)
    throw new DataError([fail(`cut points of version ${LEXICAL_FIT_SCHEMA} or older`, `version ${schema}`)]);
  const checked = validate(LexicalFitSchema, value, "E_LEXICAL_FIT", (pointer) => `${judge.fit} ${pointer}`);
  if (!checked.ok) throw new DataError(checked.problems.map((problem) => ({ ...problem, fix })));
  const fit = checked.value;
  const problems = fit.criteria.flatMap(({ id, feature }, at) =>
    OVERLAP_FEATURES.includes(feature)
      ? []
      : [fail(`a measure for ${id}`, quoteValue(feature), `${judge.fit} /criteria/${at}/feature`)],
  );
  if (fit.rubric !== judge.rubric.sha256)
    problems.push(fail(`cut points for the rubric ${judge.rubric.sha256.slice(0, 12)}`, fit.rubric.slice(0, 12)));
  if (problems.length > 0) throw new DataError(problems);
  return fit;
}
