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
  readonly judges: string;
  readonly runs: string;
  readonly cache: string;
  readonly site: string;
  /** Results that others reported, for the leaderboard. */
  readonly external: string;
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
    judges: join(root, "judges"),
    runs: join(root, "runs"),
    cache: join(root, ".cache"),
    site: join(root, "site"),
    external: join(root, "external"),
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

/** The ids of the judges of a project, sorted. */
export async function listJudges(project: Project): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entries(project.judges)) {
    if (await isFile(join(project.judges, entry, "judge.yaml"))) found.push(entry);
  }
  return found;
}

interface Kind {
  list(project: Project): Promise<string[]>;
  folder(project: Project): string;
  /** Below the folder. */
  file(id: string): string;
  readonly code: string;
}

const KINDS: Readonly<Record<"suite" | "system" | "judge", Kind>> = {
  suite: {
    list: listSuites,
    folder: ({ benchmarks }) => benchmarks,
    file: (id) => `${id}/suite.yaml`,
    code: "E_SUITE_UNKNOWN",
  },
  system: {
    list: listSystems,
    folder: ({ systems }) => systems,
    file: (id) => `${id}.yaml`,
    code: "E_SYSTEM_UNKNOWN",
  },
  judge: {
    list: listJudges,
    folder: ({ judges }) => judges,
    file: (id) => `${id}/judge.yaml`,
    code: "E_JUDGE_UNKNOWN",
  },
};

/**
 * The file of a suite, system or judge named by a user. An id is a plain file name, so that `../../x` cannot leave the project.
 * @throws DataError (E_SUITE_UNKNOWN, E_SYSTEM_UNKNOWN, E_JUDGE_UNKNOWN) with the nearest name
 */
export async function configFile(project: Project, kind: keyof typeof KINDS, id: string): Promise<string> {
  const { list, folder, file, code } = KINDS[kind];
  const known = await list(project);
  if (known.includes(id)) return join(folder(project), file(id));
  const near = nearest(id, known);
  throw new DataError([
    {
      code,
      where: relative(project.cwd, folder(project)) || ".",
      expected: known.length > 0 ? `one of ${known.join(", ")}` : `a ${kind} file`,
      got: JSON.stringify(id),
      fix: near === undefined ? `add ${file(id)} there or name a known ${kind}` : `did you mean "${near}"?`,
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
