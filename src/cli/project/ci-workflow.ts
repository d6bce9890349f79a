import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where a build server looks for its workflow, by the word of `bench init --ci`. */
export const CI_FILES = { github: ".github/workflows/plumbline.yml", gitlab: ".gitlab-ci.yml" } as const;
export type Ci = keyof typeof CI_FILES;

/**
 * The workflow of a project: a cell of its matrix per committed baseline, or that of the starter where there is none yet.
 * @param templates the folder `starter/ci` of the package
 * @param root the project's folder
 * @returns the file's text, and how many baselines it gates
 */
export async function ciWorkflow(templates: string, ci: Ci, root: string): Promise<{ text: string; gated: number }> {
  const template = await readFile(join(templates, `${ci}.yml`), "utf8");
  const cells = await baselineNames(join(root, "benchmarks", "baselines"));
  if (cells.length === 0) return { text: template, gated: 0 };
  const [suiteKey, systemKey] = ci === "github" ? ["suite", "system"] : ["SUITE", "SYSTEM"];
  const text = template.replace(/^( +- )\{ suite: .*\}$/im, (_, indent: string) =>
    cells
      .map(
        ([suite, system]) =>
          `${indent}{ ${suiteKey}: ${JSON.stringify(suite)}, ${systemKey}: ${JSON.stringify(system)} }`,
      )
      .join("\n"),
  );
  return { text, gated: cells.length };
}

/** Suite and system of every baseline in a folder of them, in the order of their names there. */
async function baselineNames(folder: string): Promise<(readonly [suite: string, system: string])[]> {
  const { openRun } = await import("../../runlog/open-run.ts");
  const found: (readonly [string, string])[] = [];
  for (const suite of await folders(folder)) {
    for (const system of await folders(join(folder, suite))) {
      // A folder's name is that of its system with unsafe characters spelled out; the run in it knows both by their own.
      const run = await openRun(join(folder, suite, system)).catch(() => undefined);
      found.push(run ? [run.manifest.suite.id, run.manifest.system.id] : [suite, system]);
    }
  }
  return found;
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort();
}
