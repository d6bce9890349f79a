import { rm } from "node:fs/promises";
import { relative } from "node:path";
import type { Judge, LexicalJudge, ModelJudge, PanelJudge, PeopleJudge, Project } from "../../config/index.ts";
import { formatProblem, type Problem } from "../../core/problem.ts";
import { seeded } from "../../core/rng.ts";
import {
  type GradeProgress,
  type GradeRunResult,
  gradeRequests,
  gradeRun,
  readPanelVotes,
  readPeopleVotes,
} from "../../judge/index.ts";
import { printable } from "../../lib/text.ts";
import { formatFigure } from "../../report/calibration/calibration-text.ts";
import { type Figure, gradesFile, type Run, readScores } from "../../runlog/index.ts";
import { type Deps, line, type Output } from "../deps.ts";
import { startPacedProgress } from "../terminal/paced-progress.ts";
import { JudgeBudget } from "./judge-budget.ts";
import { type JudgingTask, requireRoom } from "./judge-cost.ts";
import { buildGrader } from "./judge-grader.ts";
import type { JudgeRunOptions } from "./judge-runs.ts";
import { ownModelWarnings, referencesBy } from "./own-model.ts";

export interface GradeContext {
  readonly project: Project;
  readonly options: JudgeRunOptions;
  readonly notes: Output;
  readonly deps: Deps;
}

/** Which answers of a run a judge that can be asked is to grade, and how often. */
function gradingOf(
  judge: ModelJudge | LexicalJudge,
  { condition, limit, repeats }: Pick<JudgeRunOptions, "condition" | "limit" | "repeats">,
) {
  // The same words overlap as much the second time.
  const times = judge.kind === "lexical" ? 1 : (repeats ?? judge.config.repeats);
  return { repeats: times, ...chosenOf({ condition, limit }) };
}

function chosenOf({ condition, limit }: Pick<JudgeRunOptions, "condition" | "limit">) {
  return { ...(condition.length > 0 && { conditions: condition }), ...(limit !== undefined && { limit }) };
}

/** All that a judge is to be asked of a run. */
export function gradingTask(
  judge: ModelJudge,
  { dir, manifest }: Run,
  options: Pick<JudgeRunOptions, "condition" | "limit" | "repeats" | "fresh">,
): JudgingTask {
  return {
    judge,
    about: `${judge.id} on ${manifest.run}`,
    path: gradesFile(dir, judge),
    fresh: options.fresh,
    requests: () => gradeRequests(dir, judge, gradingOf(judge, options)),
  };
}

/** Has a judge of any kind grade a run. @returns false when it was interrupted or its money is spent */
export function gradeBy(
  judge: ModelJudge | LexicalJudge | PanelJudge | PeopleJudge,
  run: Run,
  context: GradeContext,
): Promise<boolean> {
  if (judge.kind === "panel") return gradeByPanel(judge, run, context);
  if (judge.kind === "people") return gradeByPeople(judge, run, context);
  return gradeOneRun(judge, run, context);
}

/** Has a judge grade a run. @returns false when it was interrupted or its money is spent */
async function gradeOneRun(
  judge: ModelJudge | LexicalJudge,
  run: Run,
  { project, options, notes, deps }: GradeContext,
): Promise<boolean> {
  const { dir, manifest } = run;
  const { grader, concurrency, preflight, pace } = await buildGrader(judge, project, deps);
  const grading = { ...gradingOf(judge, options), referencesBy: await warned(judge, run, project, notes) };
  const total = (await answersOf(run, options)) * grading.repeats;
  const { contextWindow } = await preflight(deps.signal);
  let budget: JudgeBudget | undefined;
  if (judge.kind !== "lexical") {
    const task = gradingTask(judge, run, options);
    await requireRoom(task, contextWindow, notes);
    if (options.maxCost !== undefined) budget = await JudgeBudget.open(options.maxCost, task, project);
  }
  // Only now: what could not be replaced is not thrown away.
  if (options.fresh) await rm(gradesFile(dir, judge), { force: true });
  const progress = startPacedProgress(`${judge.id} on ${manifest.system.id}`, options.quiet, pace, deps);
  try {
    const result = await gradeRun(dir, judge, grading, {
      grader,
      concurrency,
      clock: deps.clock,
      owner: deps.owner,
      signal: deps.signal,
      onEvent: (event) => {
        if (event.line) budget?.add(event.line);
        progress.update(stepOf(event, total, concurrency));
      },
      ...(budget && { enough: () => budget.spent }),
    });
    progress.stop();
    const why = deps.signal.aborted || budget === undefined ? "interrupted" : `ended at ${budget.describe()}`;
    line(notes, resultLine(judge, manifest.run, result, why, project));
    return result.state === "complete";
  } finally {
    progress.stop();
  }
}

/**
 * Has the members of a panel grade a run, each into its own file, and writes the panel's vote. The vote asks nobody, so that it
 * is taken anew from whatever the members' files have.
 * @returns false when a member was interrupted: then there is no vote
 */
async function gradeByPanel(panel: PanelJudge, run: Run, context: GradeContext): Promise<boolean> {
  const { project, options, notes, deps } = context;
  // What members were paid for is theirs: a fresh vote does not ask them again.
  const asMember = { ...context, options: { ...options, fresh: false } };
  for (const member of panel.members) if (!(await gradeOneRun(member, run, asMember))) return false;
  const votes = await readPanelVotes(run.dir, panel);
  // Where all members graded all answers, a pilot's limit would only take votes away.
  const part = votes.complete ? {} : chosenOf(options);
  const level = run.manifest.level;
  const agreement = Array.from(
    votes.agreement({ level, rng: seeded(0).fork(`panel/${panel.id}`) }),
    ([criterion, alpha]) => ({ criterion, alpha }),
  );
  const members = panel.members.map(({ id, sha256 }) => ({ id, sha256 }));
  await rm(gradesFile(run.dir, panel), { force: true });
  const result = await gradeRun(
    run.dir,
    panel,
    {
      repeats: votes.repeats,
      ...part,
      panel: { members, agreement },
      referencesBy: await referencesBy(project, run),
    },
    { grader: votes.grader, concurrency: 1, clock: deps.clock, owner: deps.owner, signal: deps.signal },
  );
  line(notes, resultLine(panel, run.manifest.run, result, "interrupted", project));
  noteAgreement("its members agree", agreement, notes);
  return result.state === "complete";
}

/** Writes what people said of a run's answers, as their files have it now. @returns true */
async function gradeByPeople(
  people: PeopleJudge,
  run: Run,
  { project, options, notes, deps }: GradeContext,
): Promise<boolean> {
  const votes = await readPeopleVotes(run, people);
  // That files hold labels of other systems is as it should be; how many is said below.
  const [others, odd] = [votes.notes.filter(isOfOthers), votes.notes.filter((note) => !isOfOthers(note))];
  for (const note of odd) line(notes, `note: ${printable(formatProblem(note))}`);
  const { level } = run.manifest;
  const said = votes.agreement({ level, rng: seeded(0).fork(`people/${people.id}`) });
  await rm(gradesFile(run.dir, people), { force: true });
  const result = await gradeRun(
    run.dir,
    people,
    { repeats: 1, ...chosenOf(options), about: votes.labelled, people: said },
    { grader: votes.grader, concurrency: 1, clock: deps.clock, owner: deps.owner, signal: deps.signal },
  );
  line(notes, resultLine(people, run.manifest.run, result, "interrupted", project));
  for (const { got } of others) line(notes, printable(`  left out: ${got}`));
  noteAgreement("people agree", said.agreement, notes);
  return result.state === "complete";
}

function isOfOthers({ code }: Problem): boolean {
  return code === "E_LABEL_SYSTEM";
}

function noteAgreement(
  who: string,
  agreement: readonly { readonly criterion: string; readonly alpha: Figure }[],
  notes: Output,
): void {
  for (const { criterion, alpha } of agreement) {
    const figure = "value" in alpha ? formatFigure(alpha) : `not estimable (${alpha.reason})`;
    line(notes, printable(`  ${who} on ${criterion}: Krippendorff's α ${figure}`));
  }
}

/** Says what else the judge's model has to do with the run. @returns who wrote the references */
async function warned(judge: Judge, run: Run, project: Project, notes: Output): Promise<readonly string[]> {
  const authors = await referencesBy(project, run);
  for (const warning of ownModelWarnings(judge, [run], authors)) line(notes, printable(warning));
  return authors;
}

function resultLine(
  { id }: Judge,
  run: string,
  { graded, failed, usage, state, path }: GradeRunResult,
  why: string,
  { cwd }: Project,
): string {
  const tokens = usage.promptTokens + usage.completionTokens;
  const facts = [
    `${graded} grades`,
    ...(failed > 0 ? [`${failed} without a verdict`] : []),
    ...(tokens > 0 ? [`${tokens} tokens`] : []),
  ];
  const ended = state === "interrupted" ? `; ${why}, the same command goes on` : "";
  return `${id} on ${printable(run)}: ${facts.join(", ")}; in ${relative(cwd, path)}${ended}`;
}

function stepOf({ graded, failed }: GradeProgress, total: number, concurrency: number) {
  return { done: graded + failed, total, failed, refused: 0, inFlight: concurrency, retries: 0 };
}

/** Answers that a judge may be shown: failed and declined ones may count too, so that the total may be a little high. */
async function answersOf({ dir, manifest, end }: Run, { condition, limit }: JudgeRunOptions): Promise<number> {
  if (condition.length === 0 && limit === undefined) return end?.counts.answers ?? 0;
  const { groups, queries } = await readScores(dir);
  const conditions = condition.length === 0 ? manifest.conditions : condition.filter((name) => groups.has(name));
  return conditions.length * Math.min(limit ?? queries.length, queries.length) * manifest.trials;
}
