import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { findProject } from "../../config/project.ts";
import { DataError } from "../../core/errors.ts";
import { nearest } from "../../lib/nearest.ts";
import { quoteValue } from "../../lib/text.ts";

/**
 * The folder of a dataset named by its id in `datasets/`, or by a path.
 * @throws DataError (E_DATASET_UNKNOWN) with the nearest id where a plain name is neither
 */
export async function datasetFolder(name: string, cwd: string): Promise<string> {
  const path = resolve(cwd, name);
  if (!/^\w[\w.-]*$/.test(name)) return path;
  const project = await findProject(cwd).catch(() => undefined);
  const folder = project && join(project.datasets, name);
  if (folder && (await isFolder(folder))) return folder;
  if (!project || (await isFolder(path))) return path;
  const entries = await readdir(project.datasets, { withFileTypes: true }).catch(() => []);
  const known = entries.filter((e) => e.isDirectory() && !e.name.startsWith(".")).map((e) => e.name);
  const near = nearest(name, known);
  throw new DataError([
    {
      code: "E_DATASET_UNKNOWN",
      where: relative(cwd, project.datasets) || ".",
      expected: known.length > 0 ? `one of ${known.sort().join(", ")}, or a folder's path` : "a dataset",
      got: quoteValue(name),
      fix: near === undefined ? "make one with `bench dataset import`" : `did you mean ${quoteValue(near)}?`,
    },
  ]);
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
