import { findProject } from "../../config/project.ts";
import { EXIT } from "../../core/errors.ts";
import { defineCommand, flag } from "../command.ts";

export const baseline = defineCommand({
  args: [{ name: "<run>", summary: "a run's folder or id, or suite/system for its newest finished run" }],
  options: {
    force: flag("--force", "replace a baseline that asked more questions than this run"),
  },
  examples: [
    {
      command: "bench baseline handbook/bm25-reader",
      says: "copies the run to benchmarks/baselines/handbook/bm25-reader",
    },
  ],
  async run([name], options, deps) {
    const { findCompleteRun } = await import("../project/find-run.ts");
    const { keepBaseline } = await import("../verdict/keep-baseline.ts");
    const project = await findProject(deps.cwd);
    await keepBaseline(project, await findCompleteRun(project, name!), options, deps);
    return EXIT.ok;
  },
});
