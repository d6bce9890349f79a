import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { openRun, type Run } from "./open-run.ts";

/** The runs of a folder, and what is wrong with those that cannot be opened. */
export interface RunList {
  /** Sorted by folder name. */
  readonly runs: readonly Run[];
  readonly problems: readonly Problem[];
}

/** Opens every run folder in a folder; none when it does not exist. Names that begin with a dot are left out. */
export async function listRuns(runsDir: string): Promise<RunList> {
  const entries = await readdir(runsDir, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((e) => !e.isFile() && !e.name.startsWith(".")).map((e) => e.name);
  const runs: Run[] = [];
  const problems: Problem[] = [];
  for (const name of names.sort()) {
    try {
      runs.push(await openRun(join(runsDir, name)));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      problems.push(...error.problems);
    }
  }
  return { runs, problems };
}
