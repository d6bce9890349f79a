import { basename, join, resolve } from "node:path";
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
  LABEL_FIELDS,
  type LabelField,
  type LabelSet,
  readLabels,
} from "../judge/index.ts";
import { replaceFile } from "../lib/atomic.ts";
import { sha256File } from "../lib/hash.ts";
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

export interface CalibrateJudgeOptions {
  readonly judge: string | undefined;
  readonly labels: readonly string[];
  readonly run: readonly string[];
  readonly score: readonly string[];
  readonly column: readonly string[];
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
  if (options.labels.length === 0) {
    const fix = "name a file: --labels labels.jsonl; `bench help calibrate` has its form";
    throw new UsageError({
      code: "E_OPTION",
      where: "--labels",
      expected: "at least one label file",
      got: "none",
      fix,
    });
  }
  const paths = options.labels.map((path) => resolve(deps.cwd, path));
  const project = await findProject(deps.cwd);
  const judge = await chosenJudge(project, options.judge, deps);
  const graded = await gradedRuns(await gradingsOf(project, judge, options.run));
  const labels = await readLabels(paths, {
    criteria: judge.rubric.criteria,
    rubric: judge.rubric.sha256,
    items: graded.items,
    columns: columnsOf(options.column),
    ...(options.score.length > 0 && { scores: scoresOf(options.score) }),
  });
  for (const note of labels.notes) line(stderr, `note: ${formatProblem(note)}`);
  const { level, resamples, seed } = options;
  const found = calibrate(labels.items, gradesOf(labels, graded), {
    level,
    resamples,
    rng: seeded(seed).fork(`calibrate/${judge.id}`),
  });
  const files: { name: string; sha256: string }[] = [];
  for (const path of paths) files.push({ name: basename(path), sha256: await sha256File(path) });
  const raters = new Set(Array.from(labels.criteria.values(), ({ people }) => [...people.keys()]).flat()).size;
  const calibration: Calibration = {
    kind: "calibration",
    schema: CALIBRATION_SCHEMA,
    judge: { id: judge.id, sha256: judge.sha256, rubric: judge.rubric.sha256 },
    at: new Date(clock.now()).toISOString(),
    level,
    labels: { files, labels: labels.labels, items: labelledItems(labels), raters },
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

/** `Yes=1` → what a score of the files counts as. */
function scoresOf(written: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    written.map((pair) => {
      const at = pair.lastIndexOf("=");
      const value = Number(pair.slice(at + 1));
      if (at > 0 && pair.slice(at + 1).trim() !== "" && Number.isFinite(value)) return [pair.slice(0, at), value];
      throw badPair("--score", "a score and the number it counts as", pair, "write for example --score Yes=1,No=0");
    }),
  );
}

function columnsOf(written: readonly string[]): Partial<Record<LabelField, string>> {
  return Object.fromEntries(
    written.map((pair) => {
      const [field = "", ...name] = pair.split("=");
      if (name.length > 0 && (LABEL_FIELDS as readonly string[]).includes(field)) return [field, name.join("=")];
      throw badPair(
        "--column",
        `one of ${LABEL_FIELDS.join(", ")} and the file's name of it`,
        pair,
        "write for example --column score=rating",
      );
    }),
  );
}

function badPair(where: string, expected: string, got: string, fix: string): UsageError {
  return new UsageError({ code: "E_OPTION", where, expected, got: JSON.stringify(got), fix });
}
