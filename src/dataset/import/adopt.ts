import type { Static, TObject } from "@sinclair/typebox";
import { Type } from "@sinclair/typebox";
import { validate } from "../../config/validate.ts";
import { type Row, readRows } from "../read-rows.ts";

const AnyObject = Type.Object({}, { additionalProperties: true, description: "a JSON object" });

/**
 * Reads rows of another make as rows of ours: keys we do not have move into `metadata`, a number as `_id` becomes
 * text, keys that are null are dropped. What then still does not fit is a problem.
 */
export async function* adoptRows<T extends TObject>(path: string, schema: T): AsyncGenerator<Row<Static<T>>> {
  for await (const row of readRows(path, AnyObject)) {
    if (row.problems !== undefined) {
      yield row;
      continue;
    }
    const { line, offset } = row;
    const value = adopt(row.value as Readonly<Record<string, unknown>>, schema);
    const checked = validate(schema, value, "E_IMPORT_ROW", (pointer) => `${path}:${line}${pointer && ` ${pointer}`}`);
    yield checked.ok ? { line, offset, value: checked.value } : { line, offset, problems: checked.problems };
  }
}

function adopt(source: Readonly<Record<string, unknown>>, schema: TObject): unknown {
  const known = new Set(Object.keys(schema.properties));
  const row = new Map<string, unknown>();
  const extra = new Map<string, unknown>();
  for (const [key, value] of Object.entries(source)) {
    if (value === null || key === "metadata") continue;
    if (!known.has(key)) extra.set(key, value);
    else row.set(key, key === "_id" && typeof value === "number" ? String(value) : value);
  }
  const { metadata } = source;
  const isObject = typeof metadata === "object" && metadata !== null && !Array.isArray(metadata);
  if (!isObject && metadata !== undefined && metadata !== null) extra.set("metadata", metadata);
  const merged = [...(isObject ? Object.entries(metadata) : []), ...extra];
  if (merged.length > 0) row.set("metadata", Object.fromEntries(merged));
  return Object.fromEntries(row);
}
