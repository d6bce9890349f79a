import { loadSuite } from "../../config/load-suite.ts";
import type { Project } from "../../config/project.ts";
import { limitsDiffer } from "../../gate/limits.ts";
import type { Run } from "../../runlog/open-run.ts";
import { presentSystem } from "./newest-run.ts";

/** What has changed in the project since a run was made, as sentences for a verdict over it; a file that cannot be read says nothing. */
export async function outOfDate(project: Project, { manifest }: Run): Promise<string[]> {
  const { suite, system } = manifest;
  const again = `next: bench run --suite ${suite.id} --system ${system.id}`;
  const present = await presentSystem(project, system.id);
  const config = await loadSuite(project, suite.id).then(
    (loaded) => loaded.config,
    () => suite.config,
  );
  return [
    ...(present === undefined || present === system.sha256
      ? []
      : [`the file of system ${system.id} has changed since the candidate was run; ${again}`]),
    ...(limitsDiffer(manifest, { ...manifest, suite: { ...suite, config } })
      ? [`the suite's gate has changed since the candidate was run, and what it was then decides; ${again}`]
      : []),
  ];
}
