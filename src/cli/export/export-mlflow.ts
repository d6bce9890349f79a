import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { findProject } from "../../config/index.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import { printable } from "../../lib/text.ts";
import { summarise } from "../../report/summary.ts";
import type { Run } from "../../runlog/open-run.ts";
import { type Deps, line } from "../deps.ts";
import { chooseRuns } from "../project/find-run.ts";
import { MlflowClient } from "./export-mlflow-client.ts";
import { batchOf, RUN_TAG, tagsOf } from "./export-mlflow-run.ts";

export interface ExportMlflowOptions {
  /** Names of runs; all finished ones of the project when empty. */
  readonly runs: readonly string[];
  /** The server's address; that of MLFLOW_TRACKING_URI when left out. */
  readonly trackingUri: string | undefined;
  /** The suite's name when left out. */
  readonly experiment: string | undefined;
  /** Whether the run's files go along. */
  readonly artifacts: boolean;
}

/**
 * Carries out `bench export mlflow`: each run becomes a run of MLflow, marked finished when all of it is there. One that is there
 * already is passed over; one that an earlier export left unfinished is made anew.
 * @returns the exit code
 * @throws UnavailableError (E_MLFLOW) when the server cannot be used
 */
export async function exportMlflow(options: ExportMlflowOptions, deps: Deps): Promise<number> {
  const { cwd, env, stdout, signal } = deps;
  const runs = await finishedRuns(options.runs, cwd);
  const client = new MlflowClient({ trackingUri: addressOf(options, env), env, fetch: globalThis.fetch, signal });
  for (const run of runs) {
    const { manifest } = run;
    const name = printable(manifest.run);
    const experiment = await client.experiment(options.experiment ?? manifest.suite.id);
    const before = await client.runsWith(experiment, RUN_TAG, manifest.run);
    const there = before.find(({ status }) => status === "FINISHED");
    if (there) {
      line(stdout, `${name}: there already, as ${printable(there.id)}`);
      continue;
    }
    for (const { id } of before) await client.deleteRun(id);
    const startTime = Date.parse(manifest.startedAt);
    const made = await client.createRun(experiment, { name: manifest.run, startTime, tags: tagsOf(manifest) });
    const batch = batchOf(manifest, await summarise([run.dir]), startTime);
    await client.log(made.id, batch);
    const files = options.artifacts ? await sendFiles(client, made, run.dir) : 0;
    await client.finish(made.id, deps.clock.now());
    const facts = `${batch.metrics.length} metrics, ${batch.params.length} params, ${files ?? "no"} files`;
    line(stdout, `${name}: ${facts}, as ${printable(made.id)} of ${client.name}`);
    if (files === undefined)
      line(stdout, "  note: the server keeps files in a store of its own: start it with --serve-artifacts");
  }
  return EXIT.ok;
}

async function finishedRuns(names: readonly string[], cwd: string): Promise<Run[]> {
  const { runs } = await chooseRuns(await findProject(cwd), names);
  const finished = runs.filter(({ state }) => state === "complete");
  const open = names.length > 0 ? runs.filter(({ state }) => state !== "complete") : [];
  const fix = "finish it with `bench run … --resume`";
  const problems = open.map(({ dir }) => ({
    code: "E_RUN_INTERRUPTED",
    where: dir,
    expected: "a finished run",
    got: "an interrupted one",
    fix,
  }));
  if (problems.length > 0) throw new DataError(problems);
  if (finished.length > 0) return finished;
  throw new DataError([
    {
      code: "E_RUN_UNKNOWN",
      where: "runs/",
      expected: "a finished run",
      got: "none",
      fix: "make one with `bench run`",
    },
  ]);
}

function addressOf({ trackingUri }: ExportMlflowOptions, env: Deps["env"]): string {
  const address = trackingUri ?? env.MLFLOW_TRACKING_URI;
  if (address !== undefined && URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return address;
  throw new UsageError({
    code: "E_USAGE",
    where: "--tracking-uri",
    expected: "the http or https address of an MLflow server, here or in MLFLOW_TRACKING_URI",
    got: address === undefined || address === "" ? "nothing" : "something else",
    fix: "write for example --tracking-uri http://localhost:5000",
  });
}

/** @returns how many files were sent; undefined where the server takes none */
async function sendFiles(
  client: MlflowClient,
  run: Parameters<MlflowClient["upload"]>[0],
  dir: string,
): Promise<number | undefined> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  let sent = 0;
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dir.length + 1).replaceAll("\\", "/");
    if (!(await client.upload(run, name, path))) return undefined;
    sent += 1;
  }
  return sent;
}
