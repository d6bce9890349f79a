import { findProject, loadSuite, type Project } from "../../config/index.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import { openDataset } from "../../dataset/index.ts";
import { type PlanOptions, planQuestions } from "../../gate/index.ts";
import { printable } from "../../lib/text.ts";
import { planText } from "../../report/compare/plan-text.ts";
import { listRuns } from "../../runlog/list-runs.ts";
import type { Run } from "../../runlog/open-run.ts";
import { readScores } from "../../runlog/read-scores.ts";
import { type Deps, line, terminalOf } from "../deps.ts";
import { findCompleteRun } from "../project/find-run.ts";
import { canonicalMetric } from "./compare-runs.ts";

export interface PrintPlanOptions extends Required<Pick<PlanOptions, "power" | "alpha" | "family">> {
  readonly suite: string | undefined;
  readonly effect: number | undefined;
  readonly metric: readonly string[];
  readonly condition: readonly string[];
  readonly format: "text" | "json";
}

/** Carries out `bench plan`. @param names of one run or two; none for the suite's newest @returns the exit code */
export async function printPlan(names: readonly string[], options: PrintPlanOptions, deps: Deps): Promise<number> {
  const { suite, effect, metric, condition, format, ...rest } = options;
  if (names.length > 2) throw tooMany(names);
  const project = await findProject(deps.cwd);
  const [first, second] = names.length === 0 ? [await newestOf(project, suite)] : await findAll(project, names);
  for (const { manifest } of [first!, ...(second ? [second] : [])]) {
    if (suite !== undefined && manifest.suite.id !== suite) throw otherSuite(manifest.run, manifest.suite.id, suite);
  }
  const questions = await countQuestions(project, first!, suite);
  const scores = await readScores(first!.dir);
  const plan = planQuestions(second ? [scores, await readScores(second.dir)] : [scores], {
    ...rest,
    metrics: metric.map(canonicalMetric),
    conditions: condition,
    ...(effect !== undefined && { effect }),
    ...(questions !== undefined && { questions }),
  });
  if (format === "json") line(deps.stdout, JSON.stringify(plan, null, 2));
  else {
    const runs = [first!, ...(second ? [second] : [])].map(({ manifest }) => manifest.run);
    line(deps.stdout, `pilot: ${runs.map(printable).join(" and ")}\n`);
    deps.stdout.write(planText(plan, terminalOf(deps.stdout).columns));
  }
  return EXIT.ok;
}

async function findAll(project: Project, names: readonly string[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (const name of names) runs.push(await findCompleteRun(project, name));
  return runs;
}

async function newestOf(project: Project, suite: string | undefined): Promise<Run> {
  const { runs } = await listRuns(project.runs);
  const newest = runs
    .filter(({ state, manifest }) => state === "complete" && (suite === undefined || manifest.suite.id === suite))
    .sort((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? 1 : -1))[0];
  if (newest) return findCompleteRun(project, newest.dir);
  throw new DataError([
    {
      code: "E_PLAN_PILOT",
      where: suite === undefined ? "runs" : `suite ${suite}`,
      expected: "a finished run to take the spread from",
      got: "none",
      fix: `make a pilot: bench run --suite ${suite ?? "SUITE"} --system SYSTEM --limit 50`,
    },
  ]);
}

/** The questions of the suite's split; a run may come from elsewhere, and then its suite need not be here. */
async function countQuestions(
  project: Project,
  { manifest }: Run,
  named: string | undefined,
): Promise<number | undefined> {
  const count = async (): Promise<number> => {
    const suite = await loadSuite(project, named ?? manifest.suite.id);
    const dataset = await openDataset(suite.datasetDir);
    let questions = 0;
    for await (const _ of dataset.queries(suite.config.split)) questions += 1;
    return questions;
  };
  if (named !== undefined) return count();
  return count().catch((error: unknown) => {
    if (error instanceof DataError) return undefined;
    throw error;
  });
}

function tooMany(names: readonly string[]): UsageError {
  return new UsageError({
    code: "E_USAGE",
    where: "plan",
    expected: "at most two runs",
    got: `${names.length}`,
    fix: "name the two whose differences are to be told",
  });
}

function otherSuite(run: string, got: string, expected: string): DataError {
  const fix = `leave --suite out, or name a run of ${expected}`;
  return new DataError([{ code: "E_PLAN_SUITE", where: run, expected: `a run of suite ${expected}`, got, fix }]);
}
