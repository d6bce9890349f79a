import { findProject, type Judge } from "../../config/index.ts";
import type { RankingFigure } from "../../config/ranking-figures.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { seeded } from "../../core/rng.ts";
import { type CriterionGrades, type GradedItem, rankJudges, readLlmJudge } from "../../judge/index.ts";
import { type RankingFacts, rankingText } from "../../report/calibration/ranking-text.ts";
import { type Deps, terminalOf } from "../deps.ts";
import { chosenJudge, gradedBy, gradesOf, labelledAnswers } from "./judge-labels.ts";
import { type LabelOptions, type LabelSource, labelSource } from "./label-options.ts";

export interface JudgeCompareOptions extends LabelOptions {
  readonly run: readonly string[];
  readonly criterion: string | undefined;
  readonly by: RankingFigure | undefined;
  readonly unit: "question" | "item";
  readonly level: number;
  readonly resamples: number;
  readonly seed: number;
  readonly published: string | undefined;
  readonly format: "text" | "json";
}

interface Matrix {
  readonly items: readonly GradedItem[];
  readonly id: string;
  readonly criterion: CriterionGrades;
}

/** Carries out `bench judge compare`. @returns the exit code */
export async function judgeCompare(
  names: readonly string[],
  options: JudgeCompareOptions,
  deps: Deps,
): Promise<number> {
  const { stdout } = deps;
  const { items, id, criterion } =
    options.published === undefined ? await ownMatrix(names, options, deps) : await publishedMatrix(options.published);
  const { level, resamples, unit, seed } = options;
  const by = options.by ?? (criterion.scale.length === 2 ? "kappa" : "quadratic_kappa");
  const ranked = rankJudges(items, criterion, { by, level, resamples, unit, rng: seeded(seed).fork(`compare/${id}`) });
  const labelled = items.filter((_, i) => [...criterion.people.values()].some((column) => column[i] !== undefined));
  const questions = new Set(labelled.map(({ query }) => query)).size;
  const facts: RankingFacts = { by, criterion: id, level, items: labelled.length, questions, unit };
  stdout.write(
    options.format === "json"
      ? `${JSON.stringify({ ...facts, judges: ranked }, undefined, 1)}\n`
      : `${rankingText(ranked, facts, terminalOf(stdout).columns)}\n`,
  );
  return EXIT.ok;
}

/** LLMJudge 2024: 33 judges of passages, from its folder. */
async function publishedMatrix(folder: string): Promise<Matrix> {
  const { items, criteria } = await readLlmJudge(folder);
  const id = "relevance";
  return { items, id, criterion: criteria.get(id)! };
}

/** Judges of the project on the answers that all of them have graded. */
async function ownMatrix(names: readonly string[], options: JudgeCompareOptions, deps: Deps): Promise<Matrix> {
  const project = await findProject(deps.cwd);
  const source = await labelSource(options, project, deps);
  const distinct = [...new Set(names)];
  if (distinct.length < 2) {
    const fix = "name them: bench judge compare answer-0-3 lexical-0-3 --labels FILE";
    throw new UsageError({
      code: "E_ARGUMENT",
      where: "<judge...>",
      expected: "two judges or more",
      got: String(distinct.length),
      fix,
    });
  }
  const judges: Judge[] = [];
  for (const name of distinct) judges.push(await chosenJudge(project, name, deps));
  const id = sharedCriterion(judges, options.criterion);
  const otherCriteria = otherThan(id, judges, source.criteria);
  const graded = [];
  for (const judge of judges) graded.push({ judge, runs: await gradedBy(judge, options.run, project) });
  const common = graded
    .map(({ runs }) => runs.map(({ run }) => run.manifest.run))
    .reduce((all, own) => all.filter((run) => own.includes(run)));
  if (common.length === 0) throw noCommonRun(distinct, project.runs);
  const columns = new Map<string, readonly (number | undefined)[]>();
  let first: { items: readonly GradedItem[]; people: CriterionGrades["people"]; scale: readonly number[] } | undefined;
  for (const { judge, runs } of graded) {
    const shared = runs.filter(({ run }) => common.includes(run.manifest.run));
    const labelled = await labelledAnswers(
      { ...judge, rubric: only(judge, id) },
      shared,
      { ...source, otherCriteria },
      deps,
    );
    const [grades] = gradesOf(labelled);
    // Items are those of the same runs in the same order, whoever graded them.
    first ??= { items: labelled.labels.items, people: grades!.people, scale: grades!.scale };
    columns.set(judge.id, grades!.judge[0] ?? []);
  }
  const { items, people, scale } = first!;
  return { items, id, criterion: { scale, people, judges: columns } };
}

/** The rubric's one criterion that is compared; which version of the rubric labels are of is for `bench calibrate` to check. */
function only({ rubric }: Judge, id: string): Judge["rubric"] {
  return { ...rubric, criteria: rubric.criteria.filter((criterion) => criterion.id === id) };
}

/** What else the labels may be of: the judges' criteria that are not compared, as far as people labelled them. */
function otherThan(id: string, judges: readonly Judge[], labelled: LabelSource["criteria"]): ReadonlySet<string> {
  const all = new Set(judges.flatMap(({ rubric }) => rubric.criteria.map((criterion) => criterion.id)));
  return new Set([...all].filter((one) => one !== id && (labelled?.has(one) ?? true)));
}

function sharedCriterion(judges: readonly Judge[], asked: string | undefined): string {
  const [first] = judges;
  const shared = first!.rubric.criteria
    .map(({ id }) => id)
    .filter((id) => judges.every(({ rubric }) => rubric.criteria.some((criterion) => criterion.id === id)));
  const id = asked ?? shared[0];
  if (id === undefined || !shared.includes(id)) {
    const expected = shared.length === 0 ? "judges with a criterion in common" : `one of ${shared.join(", ")}`;
    const got =
      asked === undefined
        ? judges.map(({ rubric }) => rubric.criteria.map((one) => one.id).join(" ")).join("; ")
        : JSON.stringify(asked);
    throw new UsageError({
      code: "E_OPTION",
      where: "--criterion",
      expected,
      got,
      fix: "compare judges of one rubric",
    });
  }
  const scaleOf = ({ rubric }: Judge) =>
    rubric.criteria
      .find((one) => one.id === id)!
      .steps.map(({ value }) => value)
      .join(", ");
  const problems = judges.slice(1).flatMap((judge): Problem[] => {
    if (scaleOf(judge) === scaleOf(first!)) return [];
    const expected = `${id} on ${scaleOf(first!)}, as ${first!.id} has it`;
    const fix = "compare judges on one scale, so that labels mean the same for all";
    return [{ code: "E_JUDGE_SCALE", where: judge.file, expected, got: scaleOf(judge), fix }];
  });
  if (problems.length > 0) throw new DataError(problems);
  return id;
}

function noCommonRun(judges: readonly string[], where: string): DataError {
  const fix = `grade one run by all of them: bench judge run ${judges.map((id) => `-j ${id}`).join(" ")} SUITE/SYSTEM`;
  const expected = `a run that ${judges.join(", ")} have all graded`;
  return new DataError([{ code: "E_NOT_GRADED", where, expected, got: "none", fix }]);
}
