import { printable } from "../lib/text.ts";

/**
 * JSON that is safe to print: characters that could rewrite what a terminal shows are written as JSON's own `\\u` escapes,
 * so that a reader gets the same values.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).split("\n").map(printable).join("\n");
}
