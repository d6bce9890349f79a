import type { GradesByName } from "./graded-set.ts";

/**
 * Grades of many raters who each graded a few items, as few full columns: the first grade of each item, the second and so
 * on, in the order of the raters. For coefficients that do not ask who graded: α and AC.
 */
export function raterSlots(people: GradesByName): (number | undefined)[][] {
  const columns = [...people.values()];
  const rows = (columns[0] ?? []).map((_, i) =>
    columns.map((column) => column[i]).filter((grade) => grade !== undefined),
  );
  const most = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: most }, (_, slot) => rows.map((row) => row[slot]));
}
