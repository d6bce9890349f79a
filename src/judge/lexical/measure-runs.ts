import type { Run } from "../../runlog/index.ts";
import { answersToGrade } from "../grade/answers-to-grade.ts";
import type { GradedItem } from "../labels/graded-set.ts";
import { runItem } from "../labels/run-items.ts";
import { OVERLAP_FEATURES, overlapFeature, overlapOf } from "./overlap-features.ts";

/** The answers of runs: what labels are matched with, and their measures of overlap. */
export interface MeasuredRuns {
  readonly items: ReadonlyMap<string, GradedItem>;
  /** By item, in the order of `OVERLAP_FEATURES`; without those that have no references or are left out as refusals. */
  readonly measures: ReadonlyMap<string, Float64Array>;
}

/** Measures all answers of complete runs. @param refusals whether answers that decline are graded */
export async function measureRuns(runs: readonly Run[], refusals: boolean): Promise<MeasuredRuns> {
  const features = OVERLAP_FEATURES.map((name) => overlapFeature(name)!);
  const items = new Map<string, GradedItem>();
  const measures = new Map<string, Float64Array>();
  for (const { dir, manifest } of runs) {
    const system = manifest.system.id;
    for await (const { query, answer } of answersToGrade(dir, { refusals: true })) {
      const id = runItem(runs.length > 1 ? system : undefined, query.id, answer.condition, answer.trial);
      items.set(id, { id, query: query.id, systems: [system], question: query.text, answer: answer.text });
      if (answer.refused && !refusals) continue;
      const values = features.map((feature) => overlapOf(feature, answer.text, query.answers));
      if (values.every((value) => value !== undefined)) measures.set(id, Float64Array.from(values));
    }
  }
  return { items, measures };
}
