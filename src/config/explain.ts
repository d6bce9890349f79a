import { pointerKeys } from "../lib/pointer.ts";
import { printable, truncate } from "../lib/text.ts";
import type { Origins } from "./resolved.ts";

/** Prints a resolved configuration, a line per value, with where each came from. */
export function explainConfig(config: unknown, origins: Origins): string {
  const rows: [key: string, value: string, origin: string][] = [];
  for (const [pointer, origin] of origins) {
    rows.push([keyOf(pointer), truncate(printable(JSON.stringify(valueAt(config, pointer)) ?? ""), 60), origin]);
  }
  const width = (column: 0 | 1): number => Math.max(0, ...rows.map((r) => r[column].length));
  const [first, second] = [width(0), width(1)];
  return rows.map(([k, v, o]) => `${k.padEnd(first)}  ${v.padEnd(second)}  ${o}`).join("\n");
}

function keyOf(pointer: string): string {
  return printable(pointerKeys(pointer).join("."));
}

function valueAt(config: unknown, pointer: string): unknown {
  let value = config;
  for (const key of pointerKeys(pointer)) value = (value as Record<string, unknown>)[key];
  return value;
}
