import { type Grading, type Run, readGrades, readQuestions, readRun } from "../../runlog/index.ts";
import { answerItem } from "../labels/index.ts";
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
    const system = run.manifest.system.id;
    const nameOf = (query: string, condition: string, trial: number): string =>
      runItem(runs.length > 1 ? system : undefined, query, condition, trial);
    const questions = new Map<string, { text: string; tags: readonly string[] }>();
    for await (const { id, text, tags = [] } of readQuestions(run.dir)) questions.set(id, { text, tags });
    for await (const line of readRun(run.dir)) {
      if (line.kind !== "answer") continue;
      const { text, tags } = questions.get(line.query)!;
      const id = nameOf(line.query, line.condition, line.trial);
      items.set(id, { id, query: line.query, systems: [system], question: text, answer: line.text, tags });
    }
    for await (const line of readGrades(grading.path)) {
      if (line.kind !== "grade" || line.repeat >= repeats) continue;
      const id = nameOf(line.query, line.condition, line.trial);
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

/** The name of an answer in labels: `query condition trial`, after its system where there are several. */
export function runItem(system: string | undefined, query: string, condition: string, trial: number): string {
  return `${system === undefined ? "" : `${system} `}${answerItem(query, condition, trial)}`;
}
