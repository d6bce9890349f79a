import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DataError, UsageError } from "../core/errors.ts";
import { listRuns, type Owner, openRun, type Run, removeDeadLocks } from "../runlog/index.ts";
import type { Plan } from "./plan-run.ts";

/** Where a planned run goes and what is to be done there. */
export interface Placement {
  /** The plan's name, with a counter from 2 where it was made anew. */
  readonly run: string;
  readonly dir: string;
  readonly action: "create" | "resume" | "reuse";
  /** The folder of the finished run whose results a new one takes over, but for its failures. */
  readonly retryOf?: string;
}

export interface PlaceOptions {
  /** Go on with an interrupted run. */
  readonly resume?: boolean;
  /** Make another run even where there is a finished or interrupted one. */
  readonly fresh?: boolean;
  /** Of a finished run, ask again what failed: in a new folder, since a finished run stays as it is. */
  readonly retryFailed?: boolean;
  /** Of the process that will write. With it, a finished run that is used again is rid of what a killed process left there. */
  readonly owner?: Owner;
}

/**
 * Looks for earlier runs of a plan, by its name and content. The last one decides: a finished one is used again, an
 * interrupted one is gone on with when asked; where there is none, or a fresh one is wanted, a new folder is named. So it is
 * where the failures of a finished one are to be asked again; one without failures is used again.
 * @throws UsageError (E_RUN_NONE) when failures of a run that does not exist are to be asked again, (E_RUN_INTERRUPTED) when the last one is interrupted and neither was asked for, (E_RUN_CHANGED) when an
 * interrupted one should be gone on with and the suite, the dataset or the system has changed since; DataError when a folder
 * of that name holds something else
 */
export async function placeRun(
  runsDir: string,
  plan: Pick<Plan, "run" | "manifest">,
  options: PlaceOptions = {},
): Promise<Placement> {
  const numbers = await numbersOf(runsDir, plan.run);
  const last = numbers.at(-1);
  const place = (n: number, action: Placement["action"]): Placement => {
    const run = n === 1 ? plan.run : `${plan.run}-${n}`;
    return { run, dir: join(runsDir, run), action };
  };
  if (options.retryFailed && (last === undefined || options.fresh)) throw noneFailed(plan.run, options.fresh === true);
  if (last === undefined) {
    if (options.resume && !options.fresh) await refuseOther(runsDir, plan);
    return place(1, "create");
  }
  if (options.fresh) return place(last + 1, "create");
  const found = place(last, "reuse");
  const earlier = await openRun(found.dir);
  checkSame(plan, earlier, found.dir);
  if (earlier.state === "complete") {
    const again = options.retryFailed === true && (earlier.end?.counts.failures ?? 0) > 0;
    if (again) return { ...place(last + 1, "create"), retryOf: found.dir };
    // The run is whole with the lock, too: a folder that may only be read keeps it.
    if (options.owner) await removeDeadLocks(found.dir, options.owner).catch(() => undefined);
    return found;
  }
  if (options.resume) return place(last, "resume");
  throw new UsageError({
    code: "E_RUN_INTERRUPTED",
    where: found.dir,
    expected: "a finished run, or none",
    got: "an interrupted one",
    fix: "add --resume to go on with it, or --fresh to start another",
  });
}

function noneFailed(run: string, fresh: boolean): UsageError {
  return new UsageError({
    code: "E_RUN_NONE",
    where: "--retry-failed",
    expected: fresh ? "either --fresh or --retry-failed" : `a finished run ${run} of this suite, system and dataset`,
    got: fresh ? "both" : "none",
    fix: fresh ? "leave --fresh out to keep what is answered" : "leave --retry-failed out to start one",
  });
}

/** The counters of the folders of a run, in ascending order; the first has none and counts as 1. */
async function numbersOf(runsDir: string, run: string): Promise<number[]> {
  const numbers: number[] = [];
  for (const name of await readdir(runsDir).catch(() => [])) {
    if (name === run) numbers.push(1);
    else if (name.startsWith(`${run}-`)) {
      const counter = name.slice(run.length + 1);
      if (/^[1-9]\d{0,5}$/.test(counter)) numbers.push(Number(counter));
    }
  }
  return numbers.sort((a, b) => a - b);
}

/**
 * Whoever asks to go on means the run that was interrupted. Starting another because something changed would ask, and pay
 * for, everything anew without a word.
 */
async function refuseOther(runsDir: string, { manifest }: Pick<Plan, "manifest">): Promise<void> {
  const { runs } = await listRuns(runsDir);
  const newest = runs
    .filter((run) => run.manifest.suite.id === manifest.suite.id && run.manifest.system.id === manifest.system.id)
    .sort((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? 1 : -1))[0];
  if (newest === undefined || newest.state === "complete") return;
  const [before, now] = [facts(newest.manifest), facts(manifest)];
  const changed = (Object.keys(now) as (keyof typeof now)[]).filter((field) => before[field] !== now[field]);
  throw new UsageError({
    code: "E_RUN_CHANGED",
    where: newest.dir,
    expected: "the run that was interrupted, unchanged",
    got: `another ${changed.join(", ") || "version of the tool"}`,
    fix: "undo the change to go on with it, or leave --resume out to start another run",
  });
}

/** The name holds a short hash: a folder that was renamed, copied or edited may bear it by mistake. */
function checkSame({ manifest }: Pick<Plan, "manifest">, { manifest: found }: Run, dir: string): void {
  const mine = facts(manifest);
  const problems = Object.entries(facts(found)).flatMap(([field, got]) => {
    const expected = mine[field as keyof typeof mine];
    if (expected === got) return [];
    const where = `${join(dir, "run.jsonl")}:1 /${field}`;
    return [
      { code: "E_RUN_OTHER", where, expected: String(expected), got: String(got), fix: "make another with --fresh" },
    ];
  });
  if (problems.length > 0) throw new DataError(problems);
}

/** What has to be the same for lines to belong to one run. */
function facts(m: Plan["manifest"]) {
  return {
    suite: m.suite.sha256,
    system: m.system.sha256,
    dataset: m.dataset.sha256,
    protocol: m.protocol,
    conditions: m.conditions.join(" "),
    metrics: m.metrics.join(" "),
    depth: m.depth,
    trials: m.trials,
  };
}
