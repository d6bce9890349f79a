import { join } from "node:path";
import { findProject, type Judge, listJudges, loadJudge, type Project } from "../config/index.ts";
import { DataError, EXIT, UsageError } from "../core/errors.ts";
import { formatProblem } from "../core/problem.ts";
import { seeded } from "../core/rng.ts";
import {
  type CalibratedGrades,
  calibrate,
  checkThresholds,
  type GradedRuns,
  gradedRuns,
  type LabelSet,
  readLabels,
} from "../judge/index.ts";
import { replaceFile } from "../lib/atomic.ts";
import { formatCalibration } from "../report/calibration/calibration-text.ts";
import {
  CALIBRATION_SCHEMA,
  type Calibration,
  type Grading,
  listGradings,
  listRuns,
  type Run,
} from "../runlog/index.ts";
import type { CALIBRATION_FORMATS } from "./commands/calibrate.ts";
import { type Deps, line, terminalOf } from "./deps.ts";
import { findCompleteRun } from "./find-run.ts";
import { hashedFiles, type LabelOptions, labelForm, labelPaths } from "./label-options.ts";

export interface CalibrateJudgeOptions extends LabelOptions {
  readonly judge: string | undefined;
  readonly run: readonly string[];
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly dryRun: boolean;
  readonly format: (typeof CALIBRATION_FORMATS)[number];
}

/**
 * Carries out `bench calibrate`.
 * @returns 0, or 1 when the judge misses a threshold of its file
 */
export async function calibrateJudge(options: CalibrateJudgeOptions, deps: Deps): Promise<number> {
  const { stdout, stderr, clock } = deps;
  const paths = labelPaths(options, deps.cwd);
  const project = await findProject(deps.cwd);
  const judge = await chosenJudge(project, options.judge, deps);
  const graded = await gradedRuns(await gradingsOf(project, judge, options.run));
  const labels = await readLabels(paths, {
    criteria: judge.rubric.criteria,
    rubric: judge.rubric.sha256,
    items: graded.items,
    ...labelForm(options),
  });
  for (const note of labels.notes) line(stderr, `note: ${formatProblem(note)}`);
  const { level, resamples, seed } = options;
  const found = calibrate(labels.items, gradesOf(labels, graded), {
    level,
    resamples,
    rng: seeded(seed).fork(`calibrate/${judge.id}`),
  });
  const raters = new Set(Array.from(labels.criteria.values(), ({ people }) => [...people.keys()]).flat()).size;
  const calibration: Calibration = {
    kind: "calibration",
    schema: CALIBRATION_SCHEMA,
    judge: { id: judge.id, sha256: judge.sha256, rubric: judge.rubric.sha256 },
    at: new Date(clock.now()).toISOString(),
    level,
    labels: { files: await hashedFiles(paths), labels: labels.labels, items: labelledItems(labels), raters },
    ...found,
    thresholds: checkThresholds(found.criteria, judge.thresholds),
  };
  const path = join(judge.folder, "calibration.json");
  if (!options.dryRun) await replaceFile(path, `${JSON.stringify(calibration, undefined, 1)}\n`);
  stdout.write(formatCalibration(calibration, options.format, terminalOf(stdout)));
  return calibration.thresholds.every(({ met }) => met) ? EXIT.ok : EXIT.gateFailed;
}

async function chosenJudge(project: Project, id: string | undefined, { env }: Deps): Promise<Judge> {
  const known = await listJudges(project);
  if (id !== undefined || known.length === 1) return loadJudge(project, id ?? known[0]!, withoutModel(env));
  const expected = known.length === 0 ? "a judge in judges/" : `one of ${known.join(", ")}`;
  const fix = known.length === 0 ? "`bench judge init` brings one" : "name it: --judge ID";
  throw new UsageError({ code: "E_OPTION", where: "--judge", expected, got: "none named", fix });
}

/** Grades that are there are compared without asking the model: where it is served does not matter. */
function withoutModel(env: Deps["env"]): Deps["env"] {
  return new Proxy(env, { get: (known, name: string) => known[name] ?? "http://not-asked.invalid/v1" });
}

async function gradingsOf(project: Project, judge: Judge, names: readonly string[]) {
  const runs: Run[] = [];
  for (const name of names) runs.push(await findCompleteRun(project, name));
  if (names.length === 0) runs.push(...(await listRuns(project.runs)).runs.filter(({ state }) => state === "complete"));
  const found: { run: Run; grading: Grading }[] = [];
  for (const run of runs) {
    const grading = (await listGradings(run.dir)).find(
      ({ head }) => head.judge.sha256 === judge.sha256 && head.log === run.end?.sha256,
    );
    if (grading) found.push({ run, grading });
    else if (names.length > 0) throw notGraded(judge, run.manifest.run);
  }
  if (found.length === 0) throw notGraded(judge, project.runs);
  return found;
}

function notGraded({ id }: Judge, where: string): DataError {
  const fix = `grade a run first: bench judge run --judge ${id} SUITE/SYSTEM; after an edit of the judge, again`;
  return new DataError([
    { code: "E_NOT_GRADED", where, expected: `grades of the judge ${id} as it is now`, got: "none", fix },
  ]);
}

function gradesOf(labels: LabelSet, { grades, repeats }: GradedRuns): CalibratedGrades[] {
  return Array.from(labels.criteria, ([id, { scale, people }]) => ({
    id,
    scale,
    people,
    judge: Array.from({ length: repeats }, (_, repeat) =>
      labels.items.map((item) => grades.get(id)?.get(item.id)?.[repeat]),
    ),
  }));
}

function labelledItems({ items, criteria }: LabelSet): number {
  const columns = Array.from(criteria.values(), ({ people }) => [...people.values()]).flat();
  return items.filter((_, i) => columns.some((column) => column[i] !== undefined)).length;
}
