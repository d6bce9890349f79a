import { readdir, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { DataError } from "../core/errors.ts";
import { nearest } from "../lib/nearest.ts";

/** Where the parts of a project are. */
export interface Project {
  readonly root: string;
  /** The folder that messages show paths relative to. */
  readonly cwd: string;
  readonly benchmarks: string;
  readonly systems: string;
  readonly datasets: string;
  readonly runs: string;
  readonly cache: string;
  readonly site: string;
}

/**
 * The project that a folder belongs to: the nearest folder above it that has `benchmarks/`.
 * @throws DataError (E_PROJECT) when there is none
 */
export async function findProject(cwd: string): Promise<Project> {
  for (let root = resolve(cwd); ; root = dirname(root)) {
    if (await isFolder(join(root, "benchmarks"))) return projectAt(root, cwd);
    if (root === dirname(root)) break;
  }
  throw new DataError([
    {
      code: "E_PROJECT",
      where: cwd,
      expected: "a folder benchmarks/ here or in a folder above",
      got: "none",
      fix: "run `bench init` to make a project here, or go to the folder of yours",
    },
  ]);
}

/** The paths of a project whose root is known. */
export function projectAt(root: string, cwd: string = root): Project {
  return {
    root,
    cwd,
    benchmarks: join(root, "benchmarks"),
    systems: join(root, "benchmarks", "systems"),
    datasets: join(root, "datasets"),
    runs: join(root, "runs"),
    cache: join(root, ".cache"),
    site: join(root, "site"),
  };
}

/** The ids of the suites of a project, sorted. */
export async function listSuites(project: Project): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entries(project.benchmarks)) {
    if (await isFile(join(project.benchmarks, entry, "suite.yaml"))) found.push(entry);
  }
  return found;
}

/** The ids of the systems of a project, sorted. */
export async function listSystems(project: Project): Promise<string[]> {
  return (await entries(project.systems)).filter((f) => f.endsWith(".yaml")).map((f) => f.slice(0, -5));
}

/**
 * The file of a suite or system named by a user. An id is a plain file name, so that `../../x` cannot leave the project.
 * @throws DataError (E_SUITE_UNKNOWN, E_SYSTEM_UNKNOWN) with the nearest name
 */
export async function configFile(project: Project, kind: "suite" | "system", id: string): Promise<string> {
  const known = kind === "suite" ? await listSuites(project) : await listSystems(project);
  const folder = kind === "suite" ? project.benchmarks : project.systems;
  if (known.includes(id)) return kind === "suite" ? join(folder, id, "suite.yaml") : join(folder, `${id}.yaml`);
  const near = nearest(id, known);
  throw new DataError([
    {
      code: kind === "suite" ? "E_SUITE_UNKNOWN" : "E_SYSTEM_UNKNOWN",
      where: relative(project.cwd, folder) || ".",
      expected: known.length > 0 ? `one of ${known.join(", ")}` : `a ${kind} file`,
      got: JSON.stringify(id),
      fix:
        near === undefined
          ? `add ${kind === "suite" ? `${id}/suite.yaml` : `${id}.yaml`} there or name a known ${kind}`
          : `did you mean "${near}"?`,
    },
  ]);
}

async function entries(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
