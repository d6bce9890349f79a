import { relative } from "node:path";
import type { System } from "../config/index.ts";
import { EXIT } from "../core/errors.ts";
import { formatProblem } from "../core/problem.ts";
import { openPassageStore, type PassageStore } from "../dataset/passage-store.ts";
import { checkFailures } from "../gate/failures.ts";
import { printable } from "../lib/text.ts";
import { summarise } from "../report/summary.ts";
import { formatSummary } from "../report/summary-format.ts";
import type { SummaryFormat } from "../report/summary-formats.ts";
import {
  executeRun,
  exitCodeOf,
  type Placement,
  type PlaceOptions,
  type Plan,
  placeRun,
  type RunResult,
} from "../run/index.ts";
import { readScores } from "../runlog/read-scores.ts";
import { type BuiltSystem, buildSystem, type SystemDeps } from "../system/index.ts";
import { answering, type CacheOptions } from "./answering.ts";
import { type Deps, line, type Output, terminalOf } from "./deps.ts";
import { withWindowCheck } from "./look-ahead.ts";
import { type LatencyOptions, measureRun } from "./measure-run.ts";
import { type FullRun, Pilot } from "./pilot.ts";
import { type ChoiceOptions, type Job, type JobOptions, prepareJob } from "./prepare-job.ts";
import { type Step, startProgress } from "./progress.ts";
import { keepHeapSmall } from "./small-heap.ts";

export interface RunOptions extends JobOptions, ChoiceOptions, PlaceOptions, LatencyOptions, CacheOptions {
  /** Milliseconds. */
  readonly maxTime: number | undefined;
  /** US dollars. */
  readonly maxCost: number | undefined;
  /** Milliseconds. */
  readonly questionTimeout: number | undefined;
  readonly format: SummaryFormat;
  readonly quiet: boolean;
}

/**
 * Carries out `bench run`: plans every system first, then runs one after the other and prints the table of all.
 * @returns the exit code
 */
export async function runSystems(options: RunOptions, deps: Deps): Promise<number> {
  keepHeapSmall();
  const { stdout, stderr } = deps;
  const notes: Output = options.quiet ? { ...stderr, write: () => undefined } : stderr;
  const job = await prepareJob(options, deps);
  const warnings = job.parts.flatMap(({ plan }) => plan.warnings.map(formatProblem));
  for (const warning of new Set(warnings)) line(notes, `warning: ${warning}`);

  const dirs: string[] = [];
  let failures = false;
  const passages = await openPassageStore(job.dataset);
  try {
    for (const { system, plan } of job.parts) {
      const place = await placeRun(job.project.runs, plan, options);
      dirs.push(place.dir);
      if (place.action === "reuse") {
        line(
          notes,
          `${place.run}: finished before${options.retryFailed ? ", nothing failed" : ""}; --fresh runs it again`,
        );
        // What failed then has failed still.
        const { verdict } = checkFailures(await readScores(place.dir), job.suite.config.max_failures);
        failures ||= verdict === "fail";
      }
      if (place.action === "reuse" && !options.latency) continue;
      const built = await buildSystem(
        system,
        systemDeps({ job, system, questionTimeout: options.questionTimeout }, passages, notes, deps),
      );
      try {
        if (place.action !== "reuse") {
          const asked = await answering(built, { system, plan, run: place.run, project: job.project }, options, deps);
          const ready = await withWindowCheck(asked.system, system, { plan, job, passages }, notes, deps);
          const pilot = options.limit === undefined ? undefined : new Pilot();
          const result = await carryOut(plan, place, { system: ready, passages }, options, pilot, deps);
          const exitCode = exitCodeOf(result, job.suite.config.max_failures);
          const interrupted = exitCode === EXIT.interrupted;
          line(interrupted ? stderr : notes, describeResult(result, relative(deps.cwd, place.dir)));
          const whole = pilot?.describe(await fullRun(job, system, built.concurrency));
          if (whole !== undefined) line(notes, `${system.id}: ${whole}`);
          for (const note of [...built.notes(), ...asked.notes()]) line(notes, `${system.id}: ${printable(note)}`);
          if (interrupted) return exitCode;
          failures ||= exitCode !== EXIT.ok;
        }
        if (options.latency) await measureRun({ job, system, plan, place, built }, options, notes, deps);
      } finally {
        await built.close();
      }
    }
  } finally {
    await passages.close();
  }
  stdout.write(formatSummary(await summarise(dirs), options.format, terminalOf(stdout)));
  if (failures) line(stderr, tooManyFailures(job));
  line(notes, "\nNext: `bench report` builds the leaderboard; `bench gate BASELINE CANDIDATE` compares two runs");
  return failures ? EXIT.unavailable : EXIT.ok;
}

const SHOW_EVERY_MS = 1000;
const STAGES = { index: "indexed", embed: "embedded", match: "read for matching" } as const;

function systemDeps(
  { job, system, questionTimeout }: { job: Job; system: System; questionTimeout: number | undefined },
  passages: PassageStore,
  notes: Output,
  deps: Deps,
): SystemDeps {
  return {
    passages: () => job.dataset.passages(),
    corpusSha256: job.fingerprint.corpusSha256,
    cacheDir: job.project.cache,
    env: deps.env,
    signal: deps.signal,
    clock: deps.clock,
    random: deps.random,
    ...(questionTimeout !== undefined && { questionTimeoutMs: questionTimeout }),
    lookup: (ids) => passages.get(ids),
    onProgress: ({ stage, done }) => line(notes, `${system.id}: ${done} passages ${STAGES[stage]}`),
  };
}

async function carryOut(
  plan: Plan,
  place: Placement,
  parts: { readonly system: BuiltSystem; readonly passages: PassageStore },
  { quiet, maxTime, maxCost }: Pick<RunOptions, "quiet" | "maxTime" | "maxCost">,
  pilot: Pilot | undefined,
  deps: Deps,
): Promise<RunResult> {
  const progress = startProgress(plan.manifest.system.id, quiet, deps);
  let last: Step | undefined;
  const show = (): void => {
    if (last === undefined) return;
    const held = parts.system.pace().find(({ waiting, reason }) => waiting > 0 && reason !== undefined);
    progress.update({ ...last, ...(held && { waiting: { calls: held.waiting, reason: held.reason! } }) });
  };
  // While calls wait for a budget no result comes, and a display that stands still looks dead.
  const timer = setInterval(show, SHOW_EVERY_MS);
  try {
    return await executeRun(plan, place, {
      ...parts,
      clock: deps.clock,
      signal: deps.signal,
      owner: deps.owner,
      limits: {
        ...(maxTime !== undefined && { maxTimeMs: maxTime }),
        ...(maxCost !== undefined && { maxUsd: maxCost }),
      },
      onEvent: (event) => {
        if (event.type === "finished") return;
        if (event.type === "progress") pilot?.add(event.line);
        last = event;
        show();
      },
    });
  } finally {
    clearInterval(timer);
    progress.stop();
  }
}

/** All questions of the suite's split, as this system would be asked them. */
async function fullRun({ dataset, suite }: Job, system: System, concurrency: number): Promise<FullRun> {
  let questions = 0;
  for await (const _ of dataset.queries(suite.config.split)) questions += 1;
  const { generator } = system.config;
  return { questions, concurrency, rate: generator?.kind === "openai" ? generator.rate : undefined };
}

function describeResult({ run, state, counts, done, total, stopped }: RunResult, dir: string): string {
  if (state === "interrupted") {
    const why = stopped === undefined ? "interrupted" : `stopped, ${stopped},`;
    return `${run}: ${why} at ${done} of ${total}; the same command with --resume goes on`;
  }
  const failed = counts.failures > 0 ? `, ${counts.failures} failed` : "";
  return `${run}: ${counts.retrievals} rankings, ${counts.answers} answers${failed}; log in ${dir}`;
}

function tooManyFailures({ suite }: Job): string {
  return [
    `more questions failed than the suite's max_failures (${suite.config.max_failures}) allows`,
    "  fix: `bench log show RUN --failed` lists them; mend the system, then ask them again with --retry-failed",
  ].join("\n");
}
