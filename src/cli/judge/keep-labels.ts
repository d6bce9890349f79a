import type { Judge } from "../../config/index.ts";
import { runItem } from "../../judge/labels/run-items.ts";
import { LABELS_SCHEMA, type LabelLine, readRun, writeRunLabels } from "../../runlog/index.ts";
import type { GradedRun, LabelledAnswers } from "./judge-labels.ts";

/** Puts what people said of each run's answers into the run's folder, beside the grades. Runs without a label are left as they are. */
export async function keepLabels(
  judge: Judge,
  runs: readonly GradedRun[],
  { labels }: LabelledAnswers,
  { files, at }: { readonly files: readonly { readonly name: string; readonly sha256: string }[]; readonly at: string },
): Promise<void> {
  const numbers = new Map(labels.items.map(({ id }, number) => [id, number]));
  const columns = Array.from(labels.criteria, ([criterion, { people }]) =>
    Array.from(people, ([rater, scores]) => ({ criterion, rater, scores })),
  ).flat();
  for (const { run, grading } of runs) {
    const system = runs.length > 1 ? run.manifest.system.id : undefined;
    const lines: LabelLine[] = [];
    for await (const line of readRun(run.dir)) {
      if (line.kind !== "answer") continue;
      const { query, condition, trial } = line;
      const number = numbers.get(runItem(system, query, condition, trial));
      const given = columns.flatMap(({ criterion, rater, scores }): LabelLine["given"] => {
        const score = number === undefined ? undefined : scores[number];
        return score === undefined ? [] : [[criterion, rater, score]];
      });
      if (given.length > 0) lines.push({ kind: "label", query, condition, trial, given });
    }
    if (lines.length === 0) continue;
    const { log, run: name } = grading.head;
    const head = { kind: "labels", schema: LABELS_SCHEMA, run: name, log, rubric: judge.rubric.sha256 } as const;
    await writeRunLabels(run.dir, { ...head, at, files: [...files] }, lines);
  }
}
