/** One thing wrong with a page or a question file; the shape and the printed form of `src/core/problem.ts`. */
export function formatProblem({ where, code, expected, got, fix }) {
  return `${where} (${code})\n  expected ${expected}, got ${got}\n  fix: ${fix}`;
}

/** A short quotation of a value for messages. */
export function quote(value, length = 100) {
  const text = (JSON.stringify(value) ?? "nothing").replace(/\s+/g, " ");
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Byte order of plain strings, the same on every machine and in every locale. */
export function byCode(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
