import { panelGrade } from "../../stats/index.ts";
import type { GradesByName } from "./graded-set.ts";

/** What people say of each item: the median of its labels, the lower of two in the middle; undefined where nobody labelled it. */
export function medianLabels(people: GradesByName, count: number): (number | undefined)[] {
  const columns = [...people.values()];
  return Array.from({ length: count }, (_, i) => {
    if (columns.length === 0) return undefined;
    const grade = panelGrade(
      columns.map((column) => column[i]),
      { rule: "median", quorum: 1 },
    );
    return grade.state === "graded" ? grade.value : undefined;
  });
}
