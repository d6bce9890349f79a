import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where a build server looks for its workflow, by the word of `bench init --ci`. */
export const CI_FILES = { github: ".github/workflows/plumbline.yml", gitlab: ".gitlab-ci.yml" } as const;
export type Ci = keyof typeof CI_FILES;

/**
 * The workflow of a project: a cell of its matrix per committed baseline, or that of the starter where there is none yet.
 * @param templates the folder `starter/ci` of the package
 * @param root the project's folder
 */
export async function ciWorkflow(templates: string, ci: Ci, root: string): Promise<string> {
  const template = await readFile(join(templates, `${ci}.yml`), "utf8");
  const cells = await baselineNames(join(root, "benchmarks", "baselines"));
  if (cells.length === 0) return template;
  const [suiteKey, systemKey] = ci === "github" ? ["suite", "system"] : ["SUITE", "SYSTEM"];
  return template.replace(/^( +- )\{ suite: .*\}$/im, (_, indent: string) =>
    cells
      .map(
        ([suite, system]) =>
          `${indent}{ ${suiteKey}: ${JSON.stringify(suite)}, ${systemKey}: ${JSON.stringify(system)} }`,
      )
      .join("\n"),
  );
}

/** The folders `<suite>/<system>` of a folder of baselines, in their order by name. */
async function baselineNames(folder: string): Promise<(readonly [suite: string, system: string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const suite of await folders(folder)) {
    for (const system of await folders(join(folder, suite))) found.push([suite, system]);
  }
  return found;
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.endsWith(".part"))
    .map(({ name }) => name)
    .sort();
}
