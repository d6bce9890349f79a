import { rm } from "node:fs/promises";
import { relative } from "node:path";
import { findProject, type Judge, loadJudge, type Project } from "../config/index.ts";
import { DataError, EXIT, UsageError } from "../core/errors.ts";
import { type GradeProgress, gradeRun, modelJudge } from "../judge/index.ts";
import { printable } from "../lib/text.ts";
import { summarise } from "../report/summary.ts";
import { formatSummary } from "../report/summary-format.ts";
import type { SummaryFormat } from "../report/summary-formats.ts";
import { gradesFile, openRun, type Run, readScores } from "../runlog/index.ts";
import { buildChatModel } from "../system/openai/build-chat-model.ts";
import { type Deps, line, type Output, terminalOf } from "./deps.ts";
import { findCompleteRun } from "./find-run.ts";
import { startProgress } from "./progress.ts";

export interface JudgeRunOptions {
  readonly judge: readonly string[];
  readonly repeats: number | undefined;
  readonly condition: readonly string[];
  readonly limit: number | undefined;
  readonly fresh: boolean;
  readonly format: SummaryFormat;
  readonly quiet: boolean;
}

/**
 * Carries out `bench judge run`: every judge on every run, one after the other, then the tables of the runs.
 * @returns the exit code
 */
export async function judgeRuns(names: readonly string[], options: JudgeRunOptions, deps: Deps): Promise<number> {
  if (options.judge.length === 0) {
    const fix = "name one: --judge answer-0-3; `bench judge init` brings them";
    throw new UsageError({ code: "E_OPTION", where: "--judge", expected: "at least one judge", got: "none", fix });
  }
  const { stdout, stderr } = deps;
  const notes: Output = options.quiet ? { ...stderr, write: () => undefined } : stderr;
  const project = await findProject(deps.cwd);
  const judges: Judge[] = [];
  for (const id of options.judge) judges.push(await loadJudge(project, id, deps.env));
  const runs: Run[] = [];
  for (const name of names) runs.push(await findCompleteRun(project, name));
  for (const run of runs) checkConditions(run, options.condition);
  for (const judge of judges) {
    for (const run of runs) {
      if (!(await grade(judge, run, project, options, notes, deps))) return EXIT.interrupted;
    }
  }
  const dirs = runs.map(({ dir }) => dir);
  stdout.write(formatSummary(await summarise(dirs), options.format, terminalOf(stdout)));
  line(
    notes,
    `\nNext: bench calibrate --judge ${judges[0]!.id} --labels FILE; a judge that was not measured against people is a guess`,
  );
  return EXIT.ok;
}

/** @returns false when it was interrupted */
async function grade(
  judge: Judge,
  { dir, manifest }: Run,
  project: Project,
  options: JudgeRunOptions,
  notes: Output,
  deps: Deps,
): Promise<boolean> {
  if (judge.kind !== "model") throw notGrading(judge);
  const { chat, concurrency, preflight } = buildChatModel(judge, deps);
  const grader = modelJudge(judge, chat);
  if (options.fresh) await rm(gradesFile(dir, judge), { force: true });
  const repeats = options.repeats ?? judge.config.repeats;
  const total = (await answersOf(dir, options.condition)) * repeats;
  await preflight(deps.signal);
  const progress = startProgress(`${judge.id} on ${manifest.system.id}`, options.quiet, deps);
  try {
    const { conditions, limit } = { conditions: options.condition, limit: options.limit };
    const result = await gradeRun(
      dir,
      judge,
      { repeats, ...(conditions.length > 0 && { conditions }), ...(limit !== undefined && { limit }) },
      {
        grader,
        concurrency,
        clock: deps.clock,
        owner: deps.owner,
        signal: deps.signal,
        onEvent: (event) => progress.update(stepOf(event, total, concurrency)),
      },
    );
    progress.stop();
    const { graded, failed, usage, state, path } = result;
    const tokens = usage.promptTokens + usage.completionTokens;
    const facts = [
      `${graded} grades`,
      ...(failed > 0 ? [`${failed} without a verdict`] : []),
      ...(tokens > 0 ? [`${tokens} tokens`] : []),
    ];
    const interrupted = state === "interrupted" ? "; interrupted, the same command goes on" : "";
    line(
      notes,
      `${judge.id} on ${printable(manifest.run)}: ${facts.join(", ")}; in ${relative(project.cwd, path)}${interrupted}`,
    );
    return state === "complete";
  } finally {
    progress.stop();
  }
}

function stepOf({ graded, failed }: GradeProgress, total: number, concurrency: number) {
  return { done: graded + failed, total, failed, refused: 0, inFlight: concurrency, retries: 0 };
}

/** Answers that a judge may be shown: those that declined count too, so that the total may be a little high. */
async function answersOf(dir: string, conditions: readonly string[]): Promise<number> {
  const { end } = await openRun(dir);
  if (conditions.length === 0) return end?.counts.answers ?? 0;
  const { groups, queries, manifest } = await readScores(dir);
  return conditions.filter((name) => groups.has(name)).length * queries.length * manifest.trials;
}

function checkConditions({ manifest }: Run, wanted: readonly string[]): void {
  if (manifest.conditions.length === 0) {
    const fix = "judge a run of a system with a generator";
    throw new DataError([
      { code: "E_RUN_ANSWERS", where: manifest.run, expected: "a run with answers", got: "rankings only", fix },
    ]);
  }
  const unknown = wanted.filter((name) => !manifest.conditions.includes(name));
  if (unknown.length === 0) return;
  const expected = `conditions of the run: ${manifest.conditions.join(", ")}`;
  const got = unknown.map((name) => JSON.stringify(name)).join(", ");
  throw new UsageError({ code: "E_CONDITION", where: "--condition", expected, got, fix: "name one of them" });
}

function notGrading({ file, kind }: Judge): DataError {
  const fix =
    kind === "pairwise"
      ? "compare two runs with a pairwise judge by `bench judge pairs`"
      : "name a judge of kind model";
  return new DataError([{ code: "E_JUDGE", where: file, expected: "a judge of kind model", got: `kind ${kind}`, fix }]);
}
