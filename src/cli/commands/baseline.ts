import { cp, rename, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { findProject } from "../../config/project.ts";
import { EXIT } from "../../core/errors.ts";
import { fileNameOf, printable } from "../../lib/text.ts";
import { defineCommand } from "../command.ts";
import { line } from "../deps.ts";

export const baseline = defineCommand({
  name: "baseline",
  summary: "keep a finished run as the baseline that `bench gate` compares with",
  args: [{ name: "<run>", summary: "a run's folder or id, or suite/system for its newest finished run" }],
  options: {},
  examples: [
    {
      command: "bench baseline handbook/bm25-reader",
      says: "copies the run to benchmarks/baselines/handbook/bm25-reader",
    },
  ],
  async run([name], _, { cwd, stdout }) {
    const { findCompleteRun } = await import("../find-run.ts");
    const project = await findProject(cwd);
    const { dir, manifest } = await findCompleteRun(project, name!);
    const to = join(project.benchmarks, "baselines", fileNameOf(manifest.suite.id), fileNameOf(manifest.system.id));
    const temporary = `${to}.part`;
    await rm(temporary, { recursive: true, force: true });
    await cp(dir, temporary, { recursive: true });
    await rm(to, { recursive: true, force: true });
    await rename(temporary, to);
    const { queries, split } = manifest.dataset;
    line(
      stdout,
      printable(`${manifest.run} is now the baseline ${relative(cwd, to)}: ${queries} questions of ${split}`),
    );
    line(stdout, "Commit that folder, so that everybody's gate compares with the same run.");
    return EXIT.ok;
  },
});
