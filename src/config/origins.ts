import { pointerKey } from "../lib/pointer.ts";
import type { Origins } from "./resolved.ts";
import type { Locate } from "./validate.ts";

/** Says for each leaf of a resolved configuration where its value came from: a line of the file, a default, a flag. */
export function origins(
  config: unknown,
  locate: Locate,
  defaults: readonly string[],
  changed: ReadonlyMap<string, string> = new Map(),
): Origins {
  const from = new Map<string, string>();
  const filled = new Set(defaults);
  visit(config, "", (pointer) => {
    const flag = [...changed].find(([p]) => pointer === p || pointer.startsWith(`${p}/`))?.[1];
    const isDefault = [...filled].some((p) => pointer === p || pointer.startsWith(`${p}/`));
    from.set(pointer, flag ?? (isDefault ? "default" : (locate(pointer).split(" ")[0] ?? "")));
  });
  return from;
}

function visit(value: unknown, pointer: string, leaf: (pointer: string) => void): void {
  if (value === null || typeof value !== "object") {
    leaf(pointer);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    visit(item, `${pointer}/${pointerKey(key)}`, leaf);
  }
}
