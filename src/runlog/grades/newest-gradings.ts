import { type Grading, listGradings } from "./read-grades.ts";

/** The gradings of a log, one a judge: of several versions of a judge that graded it the newest, and none of another log. */
export async function newestGradings(dir: string, log: string): Promise<Grading[]> {
  const newest = new Map<string, Grading>();
  for (const grading of await listGradings(dir)) {
    const { judge, startedAt } = grading.head;
    const other = newest.get(judge.id)?.head.startedAt ?? "";
    if (grading.head.log === log && startedAt >= other) newest.set(judge.id, grading);
  }
  return [...newest.values()];
}
