import type { Problem } from "../../core/problem.ts";

export { DataError } from "../../core/errors.ts";

/** Problems as one line each, with paths relative to a folder. */
export function formatProblems(problems: readonly Problem[], dir: string): string[] {
  return problems.map(({ where, code, expected, got }) =>
    `${where} ${code} expected ${expected}, got ${got}`.replaceAll(`${dir}/`, ""),
  );
}
