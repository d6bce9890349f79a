import { join } from "node:path";
import type { Project } from "../../config/project.ts";
import { fileNameOf } from "../../lib/text.ts";
import { openRun, type Run } from "../../runlog/open-run.ts";

/** Where the baseline of a system on a suite is kept. */
export function baselineFolder({ benchmarks }: Pick<Project, "benchmarks">, suite: string, system: string): string {
  return join(benchmarks, "baselines", fileNameOf(suite), fileNameOf(system));
}

/** The run that is kept there; nothing where there is none that can be read. */
export async function baselineOf(project: Project, suite: string, system: string): Promise<Run | undefined> {
  return openRun(baselineFolder(project, suite, system)).catch(() => undefined);
}

/** The names of runs that are the baseline of their system. */
export async function acceptedRuns(project: Project, runs: readonly Run[]): Promise<ReadonlySet<string>> {
  const pairs = new Map(
    runs.map(({ manifest: { suite, system } }) => [
      JSON.stringify([suite.id, system.id]),
      [suite.id, system.id] as const,
    ]),
  );
  const accepted = new Set<string>();
  for (const [suite, system] of pairs.values()) {
    const baseline = await baselineOf(project, suite, system);
    if (baseline) accepted.add(baseline.manifest.run);
  }
  return accepted;
}
