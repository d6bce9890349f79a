import { loadSuite, type Project } from "../../config/index.ts";
import type { LoadOptions } from "./load-job.ts";

/** The part of a suite that a load test uses. */
export interface LoadSuite {
  readonly id: string;
  readonly datasetDir: string;
  readonly split: string;
  /** Passages with each question. */
  readonly k: number;
}

/** Where the suite has no `rag` condition. */
const USUAL_K = 3;

/** The suite that `--suite` names. @throws DataError with what is wrong with it */
export async function loadSuiteOf(
  project: Project,
  { suite, topk }: Pick<LoadOptions, "suite" | "topk">,
): Promise<LoadSuite> {
  const { id, datasetDir, config, conditions } = await loadSuite(project, suite!);
  const most = Math.max(0, ...conditions.map((condition) => (condition.kind === "rag" ? condition.k : 0)));
  return { id, datasetDir, split: config.split, k: topk ?? (most || USUAL_K) };
}
