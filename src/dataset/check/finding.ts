import type { Problem } from "../../core/problem.ts";

/** A problem of a dataset. With an error the dataset cannot be used; a warning is for a person to judge. */
export interface Finding extends Problem {
  readonly severity: "error" | "warning";
}

export function error(problem: Problem): Finding {
  return { ...problem, severity: "error" };
}

export function warning(problem: Problem): Finding {
  return { ...problem, severity: "warning" };
}
