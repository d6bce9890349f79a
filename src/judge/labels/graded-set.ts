import type { Problem } from "../../core/problem.ts";

/** One thing that people and judges grade: an answer to a question, or a passage for one. */
export interface GradedItem {
  readonly id: string;
  /** The question it belongs to: what intervals are clustered by. */
  readonly query: string;
  /** The systems that gave this answer, where that is known; several may give the same. */
  readonly systems?: readonly string[];
  readonly question?: string;
  readonly answer?: string;
}

/** Grades by rater's or judge's name, in the order of the items; undefined where there is none. */
export type GradesByName = ReadonlyMap<string, readonly (number | undefined)[]>;

/** What people and judges say of the items on one criterion, on one scale. */
export interface CriterionGrades {
  /** Ascending. */
  readonly scale: readonly number[];
  readonly people: GradesByName;
  readonly judges: GradesByName;
}

/** Items with their grades and labels: what agreement is computed from. */
export interface GradedSet {
  readonly items: readonly GradedItem[];
  /** By criterion. */
  readonly criteria: ReadonlyMap<string, CriterionGrades>;
  /** What was odd in the input and how it was read; none of it is an error. */
  readonly notes: readonly Problem[];
}

/** A number per item that names its question, as `clusters` of intervals takes it. */
export function questionNumbers(items: readonly GradedItem[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(items, ({ query }) => {
    const number = numbers.get(query) ?? numbers.size;
    numbers.set(query, number);
    return number;
  });
}
