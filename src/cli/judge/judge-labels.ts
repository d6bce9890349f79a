import { type Judge, listJudges, loadJudge, type Project } from "../../config/index.ts";
import { DataError, UsageError } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { type CalibratedGrades, type GradedRuns, gradedRuns, type LabelSet, readLabels } from "../../judge/index.ts";
import { type Grading, listGradings, listRuns, type Run } from "../../runlog/index.ts";
import { type Deps, line } from "../deps.ts";
import { findCompleteRun } from "../project/find-run.ts";
import type { LabelSource } from "./label-options.ts";

/** A run with the grades that a judge, as it is now, gave its answers. */
export interface GradedRun {
  readonly run: Run;
  readonly grading: Grading;
}

/** People's labels of graded answers. */
export interface LabelledAnswers {
  readonly labels: LabelSet;
  readonly graded: GradedRuns;
  /** The label files. */
  readonly paths: readonly string[];
}

/** The judge that is named, or the only one. Grades that are there are looked at without asking the model. */
export async function chosenJudge(project: Project, id: string | undefined, { env }: Deps): Promise<Judge> {
  const known = await listJudges(project);
  if (id !== undefined || known.length === 1)
    return measurable(await loadJudge(project, id ?? known[0]!, withoutModel(env)));
  const expected = known.length === 0 ? "a judge in judges/" : `one of ${known.join(", ")}`;
  const fix = known.length === 0 ? "`bench judge init` brings one" : "name it: --judge ID";
  throw new UsageError({ code: "E_OPTION", where: "--judge", expected, got: "none named", fix });
}

/** @throws DataError for people, whom judges are measured against */
function measurable(judge: Judge): Judge {
  if (judge.kind !== "people") return judge;
  const fix = `name a judge to measure against them: --judge ID --people ${judge.id}`;
  const expected = "a judge that can be measured against people";
  throw new DataError([{ code: "E_JUDGE", where: judge.file, expected, got: "people", fix }]);
}

/** Where the model is served does not matter to grades that are there. */
export function withoutModel(env: Deps["env"]): Deps["env"] {
  return new Proxy(env, { get: (known, name: string) => known[name] ?? "http://not-asked.invalid/v1" });
}

/**
 * The runs named, or of every suite and system the newest finished run that the judge has graded.
 * @throws DataError when a named run has no grades of the judge as it is (E_NOT_GRADED), or two are of one system (E_RUN_TWICE)
 */
export async function gradedBy(judge: Judge, names: readonly string[], project: Project): Promise<GradedRun[]> {
  return oneRunEach(
    project,
    names,
    async (run) => {
      const grading = (await listGradings(run.dir)).find(
        ({ head }) => head.judge.sha256 === judge.sha256 && head.log === run.end?.sha256,
      );
      return grading && { run, grading };
    },
    (where) => notGraded(judge, where),
  );
}

/**
 * One finished run of each system, since labels could not tell the answers of two apart: those named, else of every suite and system
 * the newest that serves.
 * @param take what a run serves as; undefined where it does not
 * @param none the error where a named run does not serve, or no run at all
 * @throws DataError (E_RUN_TWICE) when two of the runs named are of one system
 */
export async function oneRunEach<T extends { readonly run: Run }>(
  project: Project,
  names: readonly string[],
  take: (run: Run) => Promise<T | undefined>,
  none: (where: string) => DataError,
): Promise<T[]> {
  const runs: Run[] = [];
  for (const name of names) runs.push(await findCompleteRun(project, name));
  if (names.length === 0) runs.push(...(await finishedRuns(project)));
  const found = new Map<string, T>();
  for (const run of runs) {
    const taken = await take(run);
    const { suite, system } = run.manifest;
    const key = JSON.stringify(names.length === 0 ? [suite.id, system.id] : system.id);
    if (taken === undefined) {
      if (names.length > 0) throw none(run.manifest.run);
    } else if (!found.has(key)) found.set(key, taken);
    else if (names.length > 0) throw sameSystem(system.id, run, found.get(key)!.run);
  }
  if (found.size === 0) throw none(project.runs);
  return [...found.values()];
}

/** Newest first. */
async function finishedRuns(project: Project): Promise<Run[]> {
  const { runs } = await listRuns(project.runs);
  return runs
    .filter(({ state }) => state === "complete")
    .toSorted((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? 1 : -1));
}

/** Reads labels of the answers of graded runs; what is odd in them is noted. @throws DataError with every problem of the files */
export async function labelledAnswers(
  judge: Judge,
  runs: readonly GradedRun[],
  { paths, form, criteria, otherCriteria }: LabelSource,
  deps: Deps,
): Promise<LabelledAnswers> {
  const graded = await gradedRuns(runs);
  const labels = await readLabels(paths, {
    criteria: judge.rubric.criteria.filter(({ id }) => criteria?.has(id) ?? true),
    ...(otherCriteria && { otherCriteria }),
    rubric: judge.rubric.sha256,
    items: graded.items,
    ...form,
  });
  for (const note of labels.notes) line(deps.stderr, `note: ${formatProblem(note)}`);
  return { labels, graded, paths };
}

/** The labels with the judge's grades beside them, a column per repeat. */
export function gradesOf({ labels, graded: { grades, repeats } }: LabelledAnswers): CalibratedGrades[] {
  return Array.from(labels.criteria, ([id, { scale, people }]) => ({
    id,
    scale,
    people,
    judge: Array.from({ length: repeats }, (_, repeat) =>
      labels.items.map((item) => grades.get(id)?.get(item.id)?.[repeat]),
    ),
  }));
}

function notGraded({ id }: Judge, where: string): DataError {
  const fix = `grade a run first: bench judge run --judge ${id} SUITE/SYSTEM; after an edit of the judge, again`;
  return new DataError([
    { code: "E_NOT_GRADED", where, expected: `grades of the judge ${id} as it is now`, got: "none", fix },
  ]);
}

function sameSystem(system: string, run: Run, other: Run): DataError {
  const where = run.manifest.run;
  const got = `${JSON.stringify(system)}, as of ${other.manifest.run}`;
  const fix = "name one run of each system: labels tell answers apart by system, query, condition and trial";
  return new DataError([{ code: "E_RUN_TWICE", where, expected: "a run of another system", got, fix }]);
}
