import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findProject } from "../config/project.ts";

/** The folder of a dataset named by its id in `datasets/`, or by a path. */
export async function datasetFolder(name: string, cwd: string): Promise<string> {
  if (/^\w[\w.-]*$/.test(name)) {
    const project = await findProject(cwd).catch(() => undefined);
    const folder = project && join(project.datasets, name);
    if (folder && (await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  }
  return resolve(cwd, name);
}
