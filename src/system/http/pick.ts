import { pointerKeys } from "../../lib/pointer.ts";

/**
 * The values that a JSON pointer reaches, where `*` stands for every item of a list: `/hits/*` + `/id`. A pointer that ends at a
 * list gives its items.
 * @returns undefined when the pointer leads nowhere, or an item lacks what the others have
 */
export function pick(reply: unknown, pointer: string): readonly unknown[] | undefined {
  const keys = pointerKeys(pointer);
  const star = keys.includes("*");
  const found = reach(reply, keys);
  if (found === undefined || star) return found;
  const [value] = found;
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

/** The one value that a JSON pointer leads to; undefined where it leads nowhere. */
export function valueAt(reply: unknown, pointer: string): unknown {
  let value = reply;
  for (const key of pointerKeys(pointer)) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

function reach(value: unknown, keys: readonly string[]): readonly unknown[] | undefined {
  const [key, ...rest] = keys;
  if (key === undefined) return [value];
  if (key === "*") {
    if (!Array.isArray(value)) return undefined;
    const found: unknown[] = [];
    for (const item of value as unknown[]) {
      const inner = reach(item, rest);
      if (inner === undefined) return undefined;
      found.push(...inner);
    }
    return found;
  }
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
  return reach((value as Readonly<Record<string, unknown>>)[key], rest);
}
