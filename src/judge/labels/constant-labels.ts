import type { Problem } from "../../core/problem.ts";
import type { CriterionGrades } from "./graded-set.ts";

/** A note for each criterion on which people gave one grade only: agreement on it is not estimable. */
export function constantNotes(criteria: ReadonlyMap<string, CriterionGrades>, where: string): Problem[] {
  const notes: Problem[] = [];
  for (const [criterion, { people }] of criteria) {
    const grades = new Set([...people.values()].flatMap((column) => column.filter((grade) => grade !== undefined)));
    if (grades.size !== 1) continue;
    const got = `${[...grades][0]} everywhere`;
    const expected = `labels of ${criterion} that differ`;
    const fix = "label items of other quality, too: agreement is not estimable from these";
    notes.push({ code: "E_LABEL_EQUAL", where, expected, got, fix });
  }
  return notes;
}
