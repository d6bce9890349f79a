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
import { type ChoiceOptions, type Job, type JobOptions, prepareJob } from "./prepare-job.ts";
import { startProgress } from "./progress.ts";

export interface RunOptions extends JobOptions, ChoiceOptions, PlaceOptions, LatencyOptions, CacheOptions {
  readonly format: SummaryFormat;
  readonly quiet: boolean;
}

/**
 * Carries out `bench run`: plans every system first, then runs one after the other and prints the table of all.
 * @returns the exit code
 */
export async function runSystems(options: RunOptions, deps: Deps): Promise<number> {
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
        line(notes, `${place.run}: finished before; --fresh runs it again`);
        // What failed then has failed still.
        const { verdict } = checkFailures(await readScores(place.dir), job.suite.config.max_failures);
        failures ||= verdict === "fail";
      }
      if (place.action === "reuse" && !options.latency) continue;
      const built = await buildSystem(system, systemDeps(job, system, passages, notes, deps));
      try {
        if (place.action !== "reuse") {
          const asked = await answering(built, { system, plan, run: place.run, project: job.project }, options, deps);
          const ready = await withWindowCheck(asked.system, system, { plan, job, passages }, notes, deps);
          const result = await carryOut(plan, place, { system: ready, passages }, options.quiet, deps);
          const exitCode = exitCodeOf(result, job.suite.config.max_failures);
          const interrupted = exitCode === EXIT.interrupted;
          line(interrupted ? stderr : notes, describeResult(result, relative(deps.cwd, place.dir)));
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
  const pilot =
    options.limit !== undefined && job.parts.some(({ system }) => system.config.generator?.kind === "openai");
  if (pilot)
    line(
      notes,
      "\nThis was a pilot: with --dry-run in place of --limit the command says what all questions would take",
    );
  line(notes, "\nNext: `bench report` builds the leaderboard; `bench gate BASELINE CANDIDATE` compares two runs");
  return failures ? EXIT.unavailable : EXIT.ok;
}

const STAGES = { index: "indexed", embed: "embedded", match: "read for matching" } as const;

function systemDeps(job: Job, system: System, passages: PassageStore, notes: Output, deps: Deps): SystemDeps {
  return {
    passages: () => job.dataset.passages(),
    corpusSha256: job.fingerprint.corpusSha256,
    cacheDir: job.project.cache,
    env: deps.env,
    signal: deps.signal,
    clock: deps.clock,
    random: deps.random,
    lookup: (ids) => passages.get(ids),
    onProgress: ({ stage, done }) => line(notes, `${system.id}: ${done} passages ${STAGES[stage]}`),
  };
}

async function carryOut(
  plan: Plan,
  place: Placement,
  parts: { readonly system: BuiltSystem; readonly passages: PassageStore },
  quiet: boolean,
  deps: Deps,
): Promise<RunResult> {
  const progress = startProgress(plan.manifest.system.id, quiet, deps);
  try {
    return await executeRun(plan, place, {
      ...parts,
      clock: deps.clock,
      signal: deps.signal,
      owner: deps.owner,
      onEvent: (event) => {
        if (event.type !== "finished") progress.update(event);
      },
    });
  } finally {
    progress.stop();
  }
}

function describeResult({ run, state, counts, done, total }: RunResult, dir: string): string {
  if (state === "interrupted") {
    return `${run}: interrupted at ${done} of ${total}; the same command with --resume goes on`;
  }
  const failed = counts.failures > 0 ? `, ${counts.failures} failed` : "";
  return `${run}: ${counts.retrievals} rankings, ${counts.answers} answers${failed}; log in ${dir}`;
}

function tooManyFailures({ suite }: Job): string {
  return [
    `more questions failed than the suite's max_failures (${suite.config.max_failures}) allows`,
    "  fix: `bench log show RUN --failed` lists them; mend the system, then repeat with --fresh",
  ].join("\n");
}
