import { join } from "node:path";
import { listJudges, type Project } from "../../config/project.ts";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { Calibration } from "../../runlog/calibration/calibration-schema.ts";
import { readCalibration } from "../../runlog/calibration/read-calibration.ts";

/** What was found when the project's judges were compared with people, by the judge's id. A damaged file is a problem, its judge uncalibrated. */
export async function readCalibrations(
  project: Project,
): Promise<{ readonly calibrations: ReadonlyMap<string, Calibration>; readonly problems: readonly Problem[] }> {
  const calibrations = new Map<string, Calibration>();
  const problems: Problem[] = [];
  for (const id of await listJudges(project)) {
    try {
      const found = await readCalibration(join(project.judges, id, "calibration.json"));
      if (found) calibrations.set(id, found);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { calibrations, problems };
}
