import { cp, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Project } from "../../config/project.ts";
import { UsageError } from "../../core/errors.ts";
import { replaceFolder } from "../../lib/replace-folder.ts";
import { printable } from "../../lib/text.ts";
import { openRun, type Run } from "../../runlog/open-run.ts";
import type { Manifest } from "../../runlog/schema.ts";
import { type Deps, line } from "../deps.ts";
import { ACCEPTED_FILE, type Accepted } from "./accepted.ts";
import { baselineFolder } from "./baseline-of.ts";

export interface KeepOptions {
  /** Replace a baseline that asked more questions. */
  readonly force: boolean;
  /** Why, where the run was accepted against a gate. */
  readonly accepted?: Accepted;
}

/**
 * Copies a finished run to `benchmarks/baselines/<suite>/<system>`, in place of the one there, and says so.
 * @throws UsageError (E_BASELINE_SMALLER) where the present one asked more questions
 */
export async function keepBaseline(
  project: Project,
  { dir, manifest }: Run,
  { force, accepted }: KeepOptions,
  { cwd, stdout }: Pick<Deps, "cwd" | "stdout">,
): Promise<void> {
  const to = baselineFolder(project, manifest.suite.id, manifest.system.id);
  if (!force) await refuseSmaller(to, manifest);
  await replaceFolder(to, async (folder) => {
    await cp(dir, folder, { recursive: true });
    if (accepted) await writeFile(join(folder, ACCEPTED_FILE), `${JSON.stringify(accepted, undefined, 1)}\n`);
  });
  const { queries, split } = manifest.dataset;
  const where = relative(cwd, to);
  line(stdout, printable(`${manifest.run} is now the baseline ${where}: ${queries} questions of ${split}`));
  line(stdout, "Commit that folder, so that everybody's gate compares with the same run.");
}

/** A pilot of a few questions, taken for the newest run, would quietly weaken every later gate. */
async function refuseSmaller(to: string, { run, dataset }: Manifest): Promise<void> {
  const present = await openRun(to).catch(() => undefined);
  const asked = present?.manifest.dataset.queries ?? 0;
  if (asked <= dataset.queries) return;
  throw new UsageError({
    code: "E_BASELINE_SMALLER",
    where: run,
    expected: `at least the ${asked} questions of the present baseline`,
    got: `${dataset.queries}`,
    fix: "name the full run by its id, or replace the baseline with --force",
  });
}
