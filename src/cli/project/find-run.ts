import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Project } from "../../config/index.ts";
import { DataError } from "../../core/errors.ts";
import { nearest } from "../../lib/nearest.ts";
import { fileNameOf, printable, quoteValue } from "../../lib/text.ts";
import { listRuns, type RunList } from "../../runlog/list-runs.ts";
import { openRun, type Run } from "../../runlog/open-run.ts";
import { verifyRun } from "../../runlog/verify-run.ts";
import { newestRun } from "./newest-run.ts";

/**
 * The run that a user names: a run folder's path, a run's id in `runs/`, or `suite/system` for its newest
 * finished run, see {@link newestRun}. In the path of a baseline, suite and system may stand as they are called.
 * @throws DataError (E_RUN_UNKNOWN) with the nearest id, and what is wrong with runs that cannot be opened
 */
export async function findRun(project: Project, name: string): Promise<Run> {
  for (const dir of [resolve(project.cwd, name), resolve(project.runs, name), ...keptAt(project, name)]) {
    if (await isFile(join(dir, "run.jsonl"))) return openRun(dir);
  }
  const { runs, problems } = await listRuns(project.runs);
  const newest = await newestRun(
    project,
    runs.filter((run) => shortName(run) === name),
  );
  if (newest) return newest;
  const near = nearest(
    name,
    runs.flatMap((run) => [run.manifest.run, shortName(run)]),
  );
  throw new DataError([
    {
      code: "E_RUN_UNKNOWN",
      where: name,
      expected: "a run's folder, a run's id in runs/, or suite/system with a finished run",
      got: runs.length === 0 ? "no runs yet" : quoteValue(name),
      fix: near === undefined ? howToGetOne(name) : `did you mean "${near}"?`,
    },
    // The one that is meant may be among those that cannot be opened.
    ...problems,
  ]);
}

/** The baseline `…/baselines/<suite>/<system>` where a folder's name cannot be that of its system, as `raft 8b`. */
function keptAt({ cwd }: Project, name: string): string[] {
  const { before, suite, system } = KEPT.exec(name)?.groups ?? {};
  return system === undefined ? [] : [resolve(cwd, `${before}baselines`, fileNameOf(suite!), fileNameOf(system))];
}

const KEPT = /^(?<before>|.*[/\\])baselines[/\\](?<suite>[^/\\]+)[/\\](?<system>.+?)[/\\]?$/;

/** A baseline that is not there yet is a run to be kept, not one to be started. */
function howToGetOne(name: string): string {
  const { suite, system } = KEPT.exec(name)?.groups ?? {};
  if (system === undefined) return "start one with `bench run`; `bench show` lists them";
  const kept = printable(`${suite}/${system}`);
  return `keep a finished run there: bench baseline ${/\s/.test(kept) ? `"${kept}"` : kept}`;
}

/**
 * As {@link findRun}, for decisions: a run that is interrupted, or was changed since it ended, is refused.
 * @throws DataError (E_RUN_INTERRUPTED, or what `verifyRun` found)
 */
export async function findCompleteRun(project: Project, name: string): Promise<Run> {
  const run = await findRun(project, name);
  // A log with more behind its end counts as interrupted too, and cannot be resumed: what is wrong with it goes first.
  const problems = await verifyRun(run.dir);
  if (problems.length > 0) throw new DataError(problems);
  if (run.state === "complete") return run;
  throw new DataError([
    {
      code: "E_RUN_INTERRUPTED",
      where: name,
      expected: "a finished run",
      got: `${run.manifest.run}, an interrupted one`,
      fix: `finish it with --resume: ${finishCommand(run)}`,
    },
  ]);
}

/** The command that goes on with an interrupted run to its end. */
export function finishCommand({ manifest }: Run): string {
  return `${manifest.command.replace(/ --(?:resume|fresh)\b/g, "")} --resume`;
}

/** The runs that a user names; all of `runs/`, with the folders there that are none, where no name is given. */
export async function chooseRuns(project: Project, names: readonly string[]): Promise<RunList> {
  if (names.length === 0) return listRuns(project.runs);
  const runs: Run[] = [];
  for (const name of names) runs.push(await findRun(project, name));
  return { runs, problems: [] };
}

function shortName(run: Run): string {
  return `${run.manifest.suite.id}/${run.manifest.system.id}`;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
