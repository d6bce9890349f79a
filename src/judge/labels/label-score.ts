import type { Problem } from "../../core/problem.ts";
import { quoteValue } from "../../lib/text.ts";

/** One criterion that people label; a rubric's criteria are of this form. */
export interface LabelCriterion {
  readonly id: string;
  /** By value, ascending. */
  readonly steps: readonly { readonly name: string; readonly value: number }[];
}

/** How a score is written in the file, and the value it stands for on the rubric's scale: `Yes` → 1. */
export type ScoreMapping = ReadonlyMap<string, number>;

/**
 * The value of a score as a file has it: a step of the scale by its name or number, or what an explicit mapping says; then
 * nothing else counts, because a 3 of another scale is not a 3. A score between steps is not rounded.
 */
export function readScore(
  cell: unknown,
  { id, steps }: LabelCriterion,
  mapping: ScoreMapping | undefined,
  where: string,
): { readonly value: number } | { readonly problem: Problem } {
  const text = typeof cell === "string" ? cell.trim() : typeof cell === "number" ? String(cell) : undefined;
  const problem = (expected: string, fix: string) => ({
    problem: { code: "E_LABEL_SCORE", where, expected, got: quoteValue(cell), fix },
  });
  if (mapping !== undefined) {
    const value = text === undefined ? undefined : mapping.get(text);
    if (value !== undefined && !steps.some((step) => step.value === value)) {
      return problem(
        `a mapping to a score of ${id}`,
        `map it to one of ${steps.map((step) => step.value).join(", ")}, not to ${value}`,
      );
    }
    if (value !== undefined) return { value };
    return problem(`a score of ${id} that is mapped: ${[...mapping.keys()].join(", ")}`, "correct it or map it, too");
  }
  const step =
    steps.find(({ name }) => name === text) ??
    steps.find(({ value }) => text !== undefined && text !== "" && Number(text) === value);
  if (step !== undefined) return { value: step.value };
  const names = steps.map(({ name }) => name).join(", ");
  return problem(`a score of ${id}: ${names}`, "correct it, or say how the other scale maps to this one");
}
