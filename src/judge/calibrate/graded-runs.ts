import { type Grading, type Run, readGrades } from "../../runlog/index.ts";
import { runItem, runItems } from "../labels/run-items.ts";
import type { CalibratedItem } from "./calibrate.ts";

/** The answers of runs with what a judge gave them: what labels are matched with. */
export interface GradedRuns {
  readonly items: ReadonlyMap<string, CalibratedItem>;
  /** Criterion → item → value of each repeat; nothing where the judge gave no verdict. */
  readonly grades: ReadonlyMap<string, ReadonlyMap<string, readonly (number | undefined)[]>>;
  readonly repeats: number;
}

/**
 * Collects the graded answers of runs. An item's name is `query condition trial`, and before that the system where there are
 * several runs: labels name answers in the same way.
 */
export async function gradedRuns(
  runs: readonly { readonly run: Run; readonly grading: Grading }[],
): Promise<GradedRuns> {
  const items = new Map<string, CalibratedItem>();
  const grades = new Map<string, Map<string, (number | undefined)[]>>();
  const repeats = Math.min(...runs.map(({ grading }) => grading.head.repeats));
  for (const { run, grading } of runs) {
    const prefix = runs.length > 1 ? run.manifest.system.id : undefined;
    for await (const item of runItems(run, prefix)) items.set(item.id, item);
    for await (const line of readGrades(grading.path)) {
      if (line.kind !== "grade" || line.repeat >= repeats) continue;
      const id = runItem(prefix, line.query, line.condition, line.trial);
      for (const [criterion, value] of Object.entries(line.scores)) {
        const byItem = grades.get(criterion) ?? new Map<string, (number | undefined)[]>();
        grades.set(criterion, byItem);
        const values = byItem.get(id) ?? new Array<number | undefined>(repeats).fill(undefined);
        values[line.repeat] = value;
        byItem.set(id, values);
      }
    }
  }
  return { items, grades, repeats };
}
