import type { Static, TSchema } from "@sinclair/typebox";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Problem } from "../core/problem.ts";
import { nearest } from "../lib/nearest.ts";
import { pointerKey } from "../lib/pointer.ts";
import { quoteValue } from "../lib/text.ts";

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  discriminator: true,
  // Optimized code takes twice as long to compile, which is most of the work of a short command, and is no faster to run.
  code: { optimize: false },
});
const compiled = new WeakMap<TSchema, ValidateFunction>();

/** Turns a JSON pointer into the place a user sees: `suite.yaml:7 /metrics/0`. */
export type Locate = (pointer: string) => string;

/** What a check of one value gives: the value with its type, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: Problem[] };

/**
 * Checks a parsed value against a schema and reports every problem, an unknown key with the nearest known one.
 * @param code the stable code of the problems, for example `E_SUITE`
 */
export function validate<T extends TSchema>(
  schema: T,
  value: unknown,
  code: string,
  locate: Locate,
): Checked<Static<T>> {
  let check = compiled.get(schema);
  if (!check) {
    check = ajv.compile(schema);
    compiled.set(schema, check);
  }
  if (check(value)) return { ok: true, value: value as Static<T> };
  const problems: Problem[] = [];
  for (const error of check.errors ?? []) {
    // A failed alternative repeats what its members already say.
    if (error.keyword === "anyOf" || error.keyword === "oneOf" || error.keyword === "if") continue;
    problems.push({ code, ...describe(error, locate) });
  }
  if (problems.length === 0) {
    for (const error of check.errors ?? []) problems.push({ code, ...describe(error, locate) });
  }
  return { ok: false, problems };
}

function describe(error: ErrorObject, locate: Locate): Omit<Problem, "code"> {
  const where = locate(error.instancePath);
  const got = quoteValue(error.data);
  const params = error.params as Record<string, unknown>;
  const hint = (error.parentSchema as { description?: string } | undefined)?.description;
  const fix = hint === undefined ? "write a value of the expected form" : `write ${hint}`;
  switch (error.keyword) {
    case "additionalProperties": {
      const key = String(params.additionalProperty);
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
      const near = nearest(key, known);
      return {
        where: locate(`${error.instancePath}/${pointerKey(key)}`),
        expected: `one of the keys ${known.join(", ")}`,
        got: `the unknown key ${quoteValue(key)}`,
        fix: near === undefined ? "remove the key" : `did you mean "${near}"?`,
      };
    }
    case "required": {
      const key = String(params.missingProperty);
      const properties = (error.parentSchema as { properties?: Record<string, { description?: string }> }).properties;
      const about = properties?.[key]?.description;
      return { where, expected: `the key "${key}"`, got: "nothing", fix: `add "${key}"${about ? `: ${about}` : ""}` };
    }
    case "type":
      return { where, expected: `a value of type ${[params.type].flat().join(" or ")}`, got, fix };
    case "enum": {
      const values = (params.allowedValues as unknown[]).map(String);
      const near = nearest(String(error.data), values);
      return { where, expected: `one of ${values.join(", ")}`, got, fix: near ? `did you mean "${near}"?` : fix };
    }
    case "const":
      return { where, expected: quoteValue(params.allowedValue), got, fix };
    case "discriminator": {
      const mapping = alternatives(error);
      return {
        where: locate(`${error.instancePath}/${String(params.tag)}`),
        expected: `"${String(params.tag)}" to be one of ${mapping.join(", ")}`,
        got: quoteValue(params.tagValue),
        fix: nearestFix(params.tagValue, mapping),
      };
    }
    default:
      return { where, expected: `a value that ${error.message ?? "fits the schema"}`, got, fix };
  }
}

function alternatives(error: ErrorObject): string[] {
  const schema = error.parentSchema as { oneOf?: { properties?: Record<string, { const?: unknown }> }[] };
  const tag = String((error.params as { tag?: unknown }).tag);
  return (schema.oneOf ?? []).map((s) => String(s.properties?.[tag]?.const));
}

function nearestFix(value: unknown, values: readonly string[]): string {
  const near = nearest(String(value), values);
  return near === undefined ? `write one of ${values.join(", ")}` : `did you mean "${near}"?`;
}
