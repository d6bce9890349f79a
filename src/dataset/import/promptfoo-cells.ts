import { PROMPTFOO_EXPECTED } from "./table-forms.ts";

/** Assertions whose value is an expected answer; of the others it says how to check, not what is right. */
const ANSWER_TYPES = new Set(["equals", "similar", "factuality", "context-recall", "model-graded-factuality"]);
const CHECKS =
  /^(?:i?contains|starts-with|regex|is-|javascript|fn|eval|python|file|llm-rubric|grade|g-eval|model-graded|classifier|moderation|latency|cost|perplexity|rouge|bleu|meteor|levenshtein|webhook|answer-|context-|select-|conversation-|guardrails|trace-|word-count|finish-reason)/;
const ASSERTION = /^((?:not-)?[a-z][a-z-]*)(?:\([^)]*\))?:\s*(.*)$/s;

/**
 * A row of promptfoo's tests as plain columns. Of JSON tests the `vars` are the columns. What the assertions name as the
 * expected answer (`equals:`, `similar(0.8):`, `factuality:`, plain text) becomes the column `__expected`; other
 * assertions stay as they are, under `assertions`.
 */
export function promptfooCells(cells: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  const plain = new Map<string, unknown>();
  const answers: string[] = [];
  const others: unknown[] = [];
  for (const [name, cell] of cells) {
    if (PROMPTFOO_EXPECTED.test(name) && typeof cell === "string") sortText(cell, answers, others);
    else if (name === "vars" && isRecord(cell)) for (const [key, value] of Object.entries(cell)) plain.set(key, value);
    else if (name === "assert" && Array.isArray(cell)) for (const one of cell) sortObject(one, answers, others);
    else plain.set(name, cell);
  }
  if (answers.length > 0) plain.set("__expected", answers);
  if (others.length > 0) plain.set("assertions", others);
  return plain;
}

function sortText(text: string, answers: string[], others: unknown[]): void {
  const [, type, value] = ASSERTION.exec(text.trim()) ?? [];
  if (type !== undefined && ANSWER_TYPES.has(type)) answers.push(value!);
  else if (type !== undefined && CHECKS.test(type.replace(/^not-/, ""))) others.push(text);
  else if (type?.startsWith("not-")) others.push(text);
  else if (text.trim() !== "") answers.push(text);
}

function sortObject(assertion: unknown, answers: string[], others: unknown[]): void {
  const isAnswer =
    isRecord(assertion) && ANSWER_TYPES.has(String(assertion.type)) && typeof assertion.value === "string";
  if (isAnswer) answers.push(assertion.value as string);
  else others.push(assertion);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
