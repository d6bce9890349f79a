import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import { type PythonValue, parsePythonLiteral } from "./python-literal.ts";

/** The items of a cell, or what is wrong with it. */
export type CellItems =
  | { readonly ok: true; readonly items: readonly unknown[] }
  | { readonly ok: false; readonly problem: Problem };

/**
 * The items of a cell that may hold a list: a list as it is, text in square brackets as the JSON or Python list it is,
 * anything else as the one item. None for a cell that holds nothing.
 * @param where the row's place and the column
 */
export function cellItems(cell: unknown, where: string): CellItems {
  if (cell === undefined || cell === null) return { ok: true, items: [] };
  if (Array.isArray(cell)) return { ok: true, items: cell };
  if (typeof cell !== "string") return { ok: true, items: [cell] };
  const text = cell.trim();
  if (text === "") return { ok: true, items: [] };
  if (!text.startsWith("[") || !text.endsWith("]")) return { ok: true, items: [cell] };
  const json = parseJson(text);
  if (Array.isArray(json)) return { ok: true, items: json };
  const python = parsePythonLiteral(text);
  if (python.ok) return { ok: true, items: python.value as readonly PythonValue[] };
  const { at, expected, got } = python.problem;
  const fix = 'write the list as JSON, for example ["a", "b"]; numpy prints its arrays without commas: use .tolist()';
  return {
    ok: false,
    problem: { code: "E_IMPORT_LITERAL", where: `${where} character ${at + 1}`, expected, got, fix },
  };
}

/** An item as text: numbers and the like as Python and JSON write them. Undefined for what is no single value. */
export function itemText(item: unknown): string | undefined {
  if (typeof item === "string") return item.trim() === "" ? undefined : item.trim();
  if (typeof item === "number" || typeof item === "bigint") return String(item);
  if (typeof item === "boolean") return item ? "True" : "False";
  return undefined;
}

/** That a cell's item is of no use. */
export function badItem(where: string, expected: string, item: unknown): Problem {
  const got = typeof item === "bigint" ? String(item) : quoteValue(item);
  return { code: "E_IMPORT_ROW", where, expected, got, fix: "correct the cell, or name another column for it" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
