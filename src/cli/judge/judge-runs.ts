import {
  findProject,
  type Judge,
  type LexicalJudge,
  loadJudge,
  type ModelJudge,
  type PanelJudge,
  type PeopleJudge,
  type Project,
} from "../../config/index.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import { judgesRefusals } from "../../judge/index.ts";
import { printable } from "../../lib/text.ts";
import { formatSummary } from "../../report/summary/summary-format.ts";
import type { SummaryFormat } from "../../report/summary/summary-formats.ts";
import { summarise } from "../../report/summary.ts";
import { judgeRefusalsCommand, type Run, readScores } from "../../runlog/index.ts";
import { type Deps, line, type Output, terminalOf } from "../deps.ts";
import { findCompleteRun } from "../project/find-run.ts";
import { requireTextPlan } from "../terminal/text-plan.ts";
import { requireAnswerJudge } from "./answer-judge.ts";
import { requireJudgePrices } from "./judge-budget.ts";
import { readCalibrations } from "./judge-calibrations.ts";
import { NOTHING_JUDGED, printPlan } from "./judge-cost.ts";
import { gradeBy, gradingTask } from "./judge-grade.ts";
import { buildGrader } from "./judge-grader.ts";

export interface JudgeRunOptions {
  readonly judge: readonly string[];
  readonly repeats: number | undefined;
  readonly condition: readonly string[];
  readonly limit: number | undefined;
  readonly fresh: boolean;
  readonly dryRun: boolean;
  /** US dollars, of each judge on each run. */
  readonly maxCost: number | undefined;
  readonly format: SummaryFormat;
  readonly quiet: boolean;
}

type GradingJudge = ModelJudge | LexicalJudge | PanelJudge | PeopleJudge;

/**
 * Carries out `bench judge run`: every judge on every run, one after the other, then the tables of the runs.
 * @returns the exit code
 */
export async function judgeRuns(names: readonly string[], options: JudgeRunOptions, deps: Deps): Promise<number> {
  if (options.judge.length === 0) {
    const fix = "name one: --judge answer-0-3; `bench judge init` brings them";
    throw new UsageError({ code: "E_OPTION", where: "--judge", expected: "at least one judge", got: "none", fix });
  }
  if (options.dryRun) requireTextPlan(options.format);
  const { stdout, stderr } = deps;
  const notes: Output = options.quiet ? { ...stderr, write: () => undefined } : stderr;
  const project = await findProject(deps.cwd);
  const judges: GradingJudge[] = [];
  for (const id of options.judge) judges.push(gradingJudge(await loadJudge(project, id, deps.env)));
  await requireJudgePrices(options.maxCost, judges, project);
  const runs: Run[] = [];
  for (const name of names) runs.push(await findCompleteRun(project, name));
  for (const run of runs) checkConditions(run, options.condition);
  if (options.dryRun) return planJudging(judges, runs, options, project, deps);
  const context = { project, options, notes, deps };
  for (const run of runs) await noteUndecided(run, judges, notes);
  for (const judge of judges) {
    for (const run of runs) {
      if (!(await gradeBy(judge, run, context))) return EXIT.interrupted;
    }
  }
  const dirs = runs.map(({ dir }) => dir);
  stdout.write(
    formatSummary(await summarise(dirs, await readCalibrations(project)), options.format, terminalOf(stdout)),
  );
  line(notes, `\nNext: ${nextStep(judges[0]!)}`);
  return EXIT.ok;
}

function nextStep({ kind, id }: GradingJudge): string {
  return kind === "people"
    ? `bench calibrate --judge ID --people ${id} measures a judge against these labels; bench report shows them beside the answers`
    : `bench calibrate --judge ${id} --labels FILE; a judge that was not measured against people is a guess`;
}

/** Says before anything is paid that grades would not decide a run's refusals, or that refusals may be graded like answers. */
async function noteUndecided({ dir, manifest }: Run, judges: readonly GradingJudge[], notes: Output): Promise<void> {
  const { refusalJudge } = manifest;
  if (refusalJudge === undefined) return;
  const changed = judges.find(({ id, sha256 }) => id === refusalJudge.id && sha256 !== refusalJudge.sha256);
  if (changed) {
    const said = `${manifest.run} was made with another version of ${changed.id}: these grades do not decide its refusals`;
    line(notes, printable(`note: ${said}; bench run makes a run with the judge as it is`));
  }
  if (judges[0]?.id === refusalJudge.id || judges.every(judgesRefusals)) return;
  const { refusals } = await readScores(dir);
  const command = refusals && judgeRefusalsCommand(manifest, refusals);
  if (command === undefined) return;
  const said = `of ${refusals!.notJudged} answers of ${manifest.run} it is not known whether they are refusals, so that they are graded all the same; first: ${command}`;
  line(notes, printable(`note: ${said}`));
}

const ASKS_NOBODY = "no model is asked; no cost";

/** Says what each judge would ask of each run. @returns 0, or 4 where a prompt would not fit the judge's window */
async function planJudging(
  judges: readonly GradingJudge[],
  runs: readonly Run[],
  options: JudgeRunOptions,
  project: Project,
  deps: Deps,
): Promise<number> {
  let fits = true;
  for (const judge of judges.flatMap((one): readonly GradingJudge[] => (one.kind === "panel" ? one.members : [one]))) {
    if (judge.kind === "panel") continue;
    if (judge.kind === "people") {
      for (const { manifest } of runs) line(deps.stdout, `${judge.id} on ${printable(manifest.run)}: ${ASKS_NOBODY}`);
      continue;
    }
    const { preflight } = await buildGrader(judge, project, deps);
    const { contextWindow } = await preflight(deps.signal);
    for (const run of runs) {
      if (judge.kind === "lexical") line(deps.stdout, `${judge.id} on ${printable(run.manifest.run)}: ${ASKS_NOBODY}`);
      else fits = (await printPlan(gradingTask(judge, run, options), contextWindow, project, deps)) && fits;
    }
  }
  line(deps.stderr, NOTHING_JUDGED);
  return fits ? EXIT.ok : EXIT.unavailable;
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

/** @throws DataError for a judge of pairs and for one of passages */
function gradingJudge(judge: Judge): GradingJudge {
  requireAnswerJudge(judge);
  if (judge.kind !== "pairwise") return judge as GradingJudge;
  const fix = `compare two runs: bench judge pairs --judge ${judge.id} RUN_A RUN_B`;
  const expected = "a judge of single answers";
  throw new DataError([{ code: "E_JUDGE", where: judge.file, expected, got: "kind pairwise", fix }]);
}
