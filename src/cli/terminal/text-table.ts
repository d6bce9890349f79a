import stringWidth from "string-width";
import { printable } from "../../lib/text.ts";

/** Left-aligned columns two spaces apart under a head; cells are made printable. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, c) => Math.max(...lines.map((row) => stringWidth(row[c] ?? ""))));
  return lines
    .map((row) =>
      row
        .map((cell, c) => (c === row.length - 1 ? cell : cell + " ".repeat(widths[c]! - stringWidth(cell))))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
