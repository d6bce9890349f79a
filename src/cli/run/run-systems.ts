import { relative } from "node:path";
import type { System } from "../../config/index.ts";
import { EXIT } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { openPassageStore } from "../../dataset/passage-store.ts";
import { checkFailures } from "../../gate/failures.ts";
import { printable } from "../../lib/text.ts";
import { formatSummary } from "../../report/summary/summary-format.ts";
import type { SummaryFormat } from "../../report/summary/summary-formats.ts";
import { summarise } from "../../report/summary.ts";
import { requirePrices } from "../../run/cost/require-prices.ts";
import { exitCodeOf, type PlaceOptions, placeRun } from "../../run/index.ts";
import { readScores } from "../../runlog/read-scores.ts";
import { buildSystem } from "../../system/index.ts";
import { type Deps, line, type Output, terminalOf } from "../deps.ts";
import { type ChoiceOptions, type Job, type JobOptions, prepareJob } from "../job/prepare-job.ts";
import { readCalibrations } from "../judge/judge-calibrations.ts";
import { findCompleteRun } from "../project/find-run.ts";
import { answering, type CacheOptions } from "./answering.ts";
import { carryOut, describeResult, type Limits, systemDeps } from "./carry-out.ts";
import { withWindowCheck } from "./look-ahead.ts";
import type { LatencyOptions } from "./measure-run.ts";
import { type FullRun, Pilot } from "./pilot.ts";
import { keepHeapSmall } from "./small-heap.ts";

export interface RunOptions extends JobOptions, ChoiceOptions, PlaceOptions, LatencyOptions, CacheOptions, Limits {
  /** Milliseconds. */
  readonly questionTimeout: number | undefined;
  /** A finished run, named as for `bench compare`. */
  readonly baseline: string | undefined;
  readonly format: SummaryFormat;
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
  requirePrices(options.maxCost, job.parts);
  // A baseline that is not there is told before the first question and not after the last.
  const baseline = options.baseline === undefined ? undefined : await findCompleteRun(job.project, options.baseline);
  const warnings = job.parts.flatMap(({ plan }) => plan.warnings.map(formatProblem));
  for (const warning of new Set(warnings)) line(notes, `warning: ${warning}`);

  if (job.refusalJudge) {
    const { requireJudgePrices } = await import("../judge/judge-budget.ts");
    await requireJudgePrices(options.maxCost, [job.refusalJudge.judge], job.project);
  }

  const dirs: string[] = [];
  let failures = false;
  const passages = await openPassageStore(job.dataset);
  try {
    for (const { system, plan } of job.parts) {
      const place = await placeRun(job.project.runs, plan, { ...options, owner: deps.owner });
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
        if (options.latency) {
          const { measureRun } = await import("./measure-run.ts");
          await measureRun({ job, system, plan, place, built }, options, notes, deps);
        }
      } finally {
        await built.close();
      }
    }
  } finally {
    await passages.close();
  }
  let undecided: number = EXIT.ok;
  if (job.refusalJudge) {
    const { decideRefusals } = await import("../refusal/decide-refusals.ts");
    undecided = await decideRefusals(job.refusalJudge, dirs, { ...options, project: job.project }, notes, deps);
    if (deps.signal.aborted) return EXIT.interrupted;
  }
  stdout.write(
    formatSummary(await summarise(dirs, await readCalibrations(job.project)), options.format, terminalOf(stdout)),
  );
  if (baseline !== undefined) {
    const { printComparison } = await import("../verdict/compare-runs.ts");
    await printComparison(baseline.dir, dirs, options, deps);
  }
  if (failures) line(stderr, tooManyFailures(job));
  line(
    notes,
    "\nNext: `bench report` builds the leaderboard; `bench compare BASELINE RUN` says what differs, `bench gate` decides",
  );
  return failures ? EXIT.unavailable : undecided;
}

/** All questions of the suite's split, as this system would be asked them. */
async function fullRun({ dataset, suite }: Job, system: System, concurrency: number): Promise<FullRun> {
  let questions = 0;
  for await (const _ of dataset.queries(suite.config.split)) questions += 1;
  const { generator } = system.config;
  return { questions, concurrency, rate: generator?.kind === "openai" ? generator.rate : undefined };
}

function tooManyFailures({ suite }: Job): string {
  return [
    `more questions failed than the suite's max_failures (${suite.config.max_failures}) allows`,
    "  fix: `bench log show RUN --failed` lists them; mend the system, then ask them again with --retry-failed",
  ].join("\n");
}
