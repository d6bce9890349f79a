import { join } from "node:path";
import { listJudges, loadJudge, type Project } from "../../config/index.ts";
import { BenchError, DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { KnownJudge } from "../../report/judged/judge-sheets.ts";
import { readJudgeProbes } from "../../runlog/grades/judge-probes.ts";
import type { Deps } from "../deps.ts";
import { withoutModel } from "./judge-labels.ts";

/**
 * What the folders of the project's judges say besides their calibrations: their versions as they are now, and how they stood up to
 * probes. A damaged file of probes is a problem and left out; a judge whose files cannot be read has no version.
 */
export async function readKnownJudges(
  project: Project,
  env: Deps["env"],
): Promise<{ readonly judges: ReadonlyMap<string, KnownJudge>; readonly problems: readonly Problem[] }> {
  const judges = new Map<string, KnownJudge>();
  const problems: Problem[] = [];
  for (const id of await listJudges(project)) {
    const now = await asItIs(project, id, env);
    try {
      const probes = await readJudgeProbes(join(project.judges, id, "probes.json"));
      judges.set(id, { ...now, ...(probes && { probes }) });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { judges, problems };
}

/** Its faults are for the commands that ask the judge to tell. */
async function asItIs(project: Project, id: string, env: Deps["env"]): Promise<Pick<KnownJudge, "sha256" | "kind">> {
  try {
    const { sha256, kind } = await loadJudge(project, id, withoutModel(env));
    return { sha256, kind };
  } catch (error) {
    if (error instanceof BenchError) return {};
    throw error;
  }
}
