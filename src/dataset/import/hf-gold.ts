import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";
import { itemText } from "./cell-values.ts";
import { parsePythonLiteral } from "./python-literal.ts";

/** `qa`: input, tab, a Python list of accepted answers. `ans`: one answer. */
export type GoldMode = "qa" | "ans";

export type GoldAnswers =
  | { readonly ok: true; readonly answers: readonly string[] }
  | { readonly ok: false; readonly problem: Problem };

/**
 * The accepted answers of a line of gold.
 * @param question the same line of the evaluation set, as it is written there
 * @param where file and line
 */
export function goldAnswers(
  line: string,
  question: string,
  mode: GoldMode,
  where: string,
  plain: (text: string) => string,
): GoldAnswers {
  if (mode === "ans") return { ok: true, answers: [plain(line).trim()] };
  const tab = line.indexOf("\t");
  if (tab === -1) return failed("E_IMPORT_ROW", where, "input, a tab, a Python list", quoteValue(line), "add the list");
  const input = line.slice(0, tab);
  if (input.trim() !== question.trim()) {
    const fix = "line n of both files must ask the same: find where they part";
    return failed("E_IMPORT_ALIGN", where, `the input ${quoteValue(question)}`, quoteValue(input), fix);
  }
  const parsed = parsePythonLiteral(line.slice(tab + 1));
  const FIX = `write the answers as a list, for example ['Paris', "the 'city of light'"]`;
  if (!parsed.ok) {
    const { at, expected, got } = parsed.problem;
    return failed("E_IMPORT_LITERAL", `${where} character ${tab + at + 2}`, expected, got, FIX);
  }
  const items = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  const answers: string[] = [];
  for (const item of items) {
    const text = itemText(item);
    if (text === undefined && item !== "")
      return failed("E_IMPORT_LITERAL", where, "answers as text", shown(item), FIX);
    if (text !== undefined) answers.push(text);
  }
  return { ok: true, answers: [...new Set(answers)] };
}

function failed(code: string, where: string, expected: string, got: string, fix: string): GoldAnswers {
  return { ok: false, problem: { code, where, expected, got, fix } };
}

function shown(item: unknown): string {
  return item === null ? "None" : Array.isArray(item) ? "a list in the list" : quoteValue(item);
}
