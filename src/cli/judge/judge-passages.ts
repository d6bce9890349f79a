import { rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { findProject, gradesPassages, type Judge, loadJudge, type ModelJudge } from "../../config/index.ts";
import { DataError, EXIT } from "../../core/errors.ts";
import {
  type GradeRunResult,
  judgePassages,
  PassagePool,
  type PoolCounts,
  passageRequests,
} from "../../judge/index.ts";
import { fileNameOf, printable } from "../../lib/text.ts";
import { gradesFile, type Run } from "../../runlog/index.ts";
import { type Deps, line, type Output } from "../deps.ts";
import { findCompleteRun } from "../project/find-run.ts";
import { startPacedProgress } from "../terminal/paced-progress.ts";
import { requireTextPlan } from "../terminal/text-plan.ts";
import { JudgeBudget, requireJudgePrices } from "./judge-budget.ts";
import { type JudgingTask, planOnly, requireRoom } from "./judge-cost.ts";
import { buildGrader } from "./judge-grader.ts";
import { checkOut, judgedQrelsText, sidecarOf, writeJudgedQrels } from "./judged-qrels.ts";
import { poolTexts } from "./pool-texts.ts";
import { surveyPool } from "./survey-pool.ts";

export interface JudgePassagesOptions {
  readonly judge: string;
  readonly depth: number;
  readonly all: boolean;
  readonly repeats: number | undefined;
  readonly limit: number | undefined;
  readonly out: string | undefined;
  readonly dryRun: boolean;
  /** US dollars. */
  readonly maxCost: number | undefined;
  readonly fresh: boolean;
  readonly seed: number;
  readonly format: "text" | "json";
  readonly quiet: boolean;
}

/** Carries out `bench judge passages`. @returns the exit code */
export async function gradePassages(
  names: readonly string[],
  options: JudgePassagesOptions,
  deps: Deps,
): Promise<number> {
  if (options.dryRun) requireTextPlan(options.format);
  const notes: Output = options.quiet ? { ...deps.stderr, write: () => undefined } : deps.stderr;
  const project = await findProject(deps.cwd);
  const judge = passageJudge(await loadJudge(project, options.judge, deps.env));
  await requireJudgePrices(options.maxCost, [judge], project);
  const runs: Run[] = [];
  for (const name of names) runs.push(await findCompleteRun(project, name));
  const { dataset, level } = runs[0]!.manifest;
  const folder = join(project.root, "judgements", fileNameOf(`${dataset.id}-${dataset.split}`));
  const path = gradesFile(folder, judge);
  const out =
    options.out === undefined
      ? join(folder, `${fileNameOf(judge.id)}-${judge.sha256.slice(0, 8)}.tsv`)
      : resolve(deps.cwd, options.out);
  await checkOut(out, deps.cwd);
  const { depth, all, limit, maxCost, fresh } = options;
  const repeats = options.repeats ?? judge.config.repeats;
  const texts = poolTexts(project, dataset);
  const pool = await PassagePool.open(runs, {
    depth,
    all,
    ...(limit !== undefined && { limit }),
    textOf: texts.get,
  });
  try {
    const counts = await surveyPool(pool);
    noteShallow(runs, depth, notes);
    const { grader, concurrency, preflight, pace } = await buildGrader(judge, project, deps);
    const { contextWindow } = await preflight(deps.signal);
    const task: JudgingTask = {
      judge,
      about: `${judge.id} on ${about(runs, options, counts)}`,
      path,
      folder,
      fresh,
      requests: () => passageRequests(pool, repeats),
    };
    if (options.dryRun) return await planOnly(task, contextWindow, project, deps);
    await requireRoom(task, contextWindow, notes);
    const budget = maxCost === undefined ? undefined : await JudgeBudget.open(maxCost, task, project);
    if (fresh) await rm(path, { force: true });
    const total = counts.pairs * repeats;
    const progress = startPacedProgress(`${judge.id} on ${dataset.id}`, options.quiet, pace, deps);
    let judged: GradeRunResult;
    try {
      judged = await judgePassages(
        folder,
        judge,
        dataset,
        { pool, repeats },
        {
          grader,
          concurrency,
          clock: deps.clock,
          owner: deps.owner,
          signal: deps.signal,
          onEvent({ line: grade, graded, failed }) {
            if (grade) budget?.add(grade);
            // What earlier pools brought is in the file, too.
            const done = Math.min(graded + failed, total);
            progress.update({ done, total, failed, refused: 0, inFlight: concurrency, retries: 0 });
          },
          ...(budget && { enough: () => budget.spent }),
        },
      );
    } finally {
      progress.stop();
    }
    const tokens = judged.usage.promptTokens + judged.usage.completionTokens;
    if (judged.state === "interrupted") {
      const why = deps.signal.aborted || budget === undefined ? "interrupted" : `ended at ${budget.describe()}`;
      const so = `${judged.graded + judged.failed} grades are kept in ${relative(deps.cwd, path)}`;
      line(notes, printable(`${why}: ${so}, the same command goes on; no qrels were written`));
      return EXIT.interrupted;
    }
    const made = { judge, runs, pool, counts, repeats, depth, all, limit, path, level, seed: options.seed };
    const sheet = await writeJudgedQrels(out, made, deps);
    if (options.format === "json") deps.stdout.write(`${JSON.stringify(sheet, undefined, 1)}\n`);
    else deps.stdout.write(`${judgedQrelsText(sheet, about(runs, options, counts))}\n`);
    const files = [out, sidecarOf(out), path].map((file) => relative(deps.cwd, file)).join(", ");
    line(notes, printable(`${tokens} tokens; in ${files}`));
    return EXIT.ok;
  } finally {
    await pool.close();
    await texts.close();
  }
}

function about(runs: readonly Run[], { depth }: JudgePassagesOptions, { questions }: PoolCounts): string {
  const { id, split } = runs[0]!.manifest.dataset;
  return `${id}/${split}: the first ${depth} passages of ${runs.length} run${runs.length === 1 ? "" : "s"}, ${questions} questions`;
}

/** A ranking that ends above the depth brings fewer passages to the pool than others do. */
function noteShallow(runs: readonly Run[], depth: number, notes: Output): void {
  for (const { manifest } of runs)
    if (manifest.depth < depth)
      line(notes, printable(`note: ${manifest.run} ranks ${manifest.depth} passages a question, fewer than ${depth}`));
}

function passageJudge(judge: Judge): ModelJudge {
  if (gradesPassages(judge)) return judge as ModelJudge;
  const kind = judge.kind === "model" ? "a judge of answers" : `kind ${judge.kind}`;
  const fix = "`bench judge init relevance-0-3` brings one; answers are graded by `bench judge run`";
  const expected = "a model judge with `grades: passages`";
  throw new DataError([{ code: "E_JUDGE", where: judge.file, expected, got: kind, fix }]);
}
