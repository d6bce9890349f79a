import type { Env } from "../../config/index.ts";
import { loadSystem } from "../../config/load-system.ts";
import type { Project } from "../../config/project.ts";
import type { Run } from "../../runlog/open-run.ts";

/**
 * Of the runs of one system on one suite, the one that `suite/system` means: the newest finished one of the system as its file is
 * now, which need not be the newest of all, since a run that was finished before is not made again when a file is what it was. Where
 * there is none, the newest finished one; where none has finished, the newest.
 */
export async function newestRun(project: Project, runs: readonly Run[]): Promise<Run | undefined> {
  const sorted = runs.toSorted((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? 1 : -1));
  const finished = sorted.filter(({ state }) => state === "complete");
  const files = new Set(runs.map(({ manifest }) => manifest.system.sha256));
  const now = files.size < 2 ? undefined : await presentSystem(project, sorted[0]!.manifest.system.id);
  const present = (run: Run): boolean => run.manifest.system.sha256 === now;
  return finished.find(present) ?? sorted.find(present) ?? finished[0] ?? sorted[0];
}

/** The identity of a system as its file is now; undefined where it has none that can be read. */
export async function presentSystem(project: Project, id: string): Promise<string | undefined> {
  const system = await loadSystem(project, id, ANYWHERE).catch(() => undefined);
  return system?.sha256;
}

/** Where a system is reached is no part of what it is. */
const ANYWHERE: Env = new Proxy({}, { get: () => "http://localhost" });
