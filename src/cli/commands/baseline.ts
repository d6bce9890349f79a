import { cp, rename, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { findProject } from "../../config/project.ts";
import { EXIT, UsageError } from "../../core/errors.ts";
import { fileNameOf, printable } from "../../lib/text.ts";
import type { Manifest } from "../../runlog/schema.ts";
import { defineCommand, flag } from "../command.ts";
import { line } from "../deps.ts";

export const baseline = defineCommand({
  name: "baseline",
  summary: "keep a finished run as the baseline that `bench gate` compares with",
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
  async run([name], { force }, { cwd, stdout }) {
    const { findCompleteRun } = await import("../find-run.ts");
    const { openRun } = await import("../../runlog/open-run.ts");
    const project = await findProject(cwd);
    const { dir, manifest } = await findCompleteRun(project, name!);
    const to = join(project.benchmarks, "baselines", fileNameOf(manifest.suite.id), fileNameOf(manifest.system.id));
    const present = await openRun(to).catch(() => undefined);
    const asked = present?.manifest.dataset.queries ?? 0;
    if (asked > manifest.dataset.queries && !force) throw smaller(manifest, asked);
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

/** A pilot of a few questions, taken for the newest run, would quietly weaken every later gate. */
function smaller({ run, dataset }: Manifest, asked: number): UsageError {
  return new UsageError({
    code: "E_BASELINE_SMALLER",
    where: run,
    expected: `at least the ${asked} questions of the present baseline`,
    got: `${dataset.queries}`,
    fix: "name the full run by its id, or replace the baseline with --force",
  });
}
