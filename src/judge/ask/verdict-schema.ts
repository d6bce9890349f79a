import type { Rubric } from "../../config/rubric.ts";

/** The longest reason asked for, in characters: a small model held by a grammar goes round in circles without a limit. */
const LONGEST_REASON = 600;

/** A JSON schema, as servers take it for constrained output. */
export interface VerdictSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/**
 * The shape of a verdict: a reason, then a score for each criterion. The reason comes first, so that the score follows from it.
 * Scores are an `enum`, which every server that constrains output knows; ranges and patterns are ignored by some.
 */
export function verdictSchema({ criteria }: Rubric): VerdictSchema {
  const properties: [string, unknown][] = [["reason", { type: "string", maxLength: LONGEST_REASON }]];
  for (const { id, steps } of criteria) {
    const whole = steps.every(({ name, value }) => name === String(value));
    const values = steps.map(({ name, value }) => (whole ? value : name));
    properties.push([id, { type: whole ? "integer" : "string", enum: values }]);
  }
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: properties.map(([name]) => name),
    additionalProperties: false,
  };
}
