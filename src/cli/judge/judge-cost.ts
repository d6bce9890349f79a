import { type ModelJudge, type Project, priceOfModel } from "../../config/index.ts";
import { EXIT, UnavailableError } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { compileJudgePrompt, type PlacedRequest } from "../../judge/index.ts";
import { printable } from "../../lib/text.ts";
import { formatUsd } from "../../report/cost/cost-text.ts";
import { formatCount } from "../../report/text/format-number.ts";
import { checkWindow } from "../../run/estimate/check-window.ts";
import { estimateRun } from "../../run/estimate/estimate-run.ts";
import { byteLength, ROUGH } from "../../run/estimate/token-measure.ts";
import { gradeKey, listGradings, listRuns } from "../../runlog/index.ts";
import { type Deps, line, type Output } from "../deps.ts";
import { formatSpan } from "../terminal/format-span.ts";
import { gradesSoFar } from "./grades-so-far.ts";

/** All that a judge of a model is to be asked for one file of grades. */
export interface JudgingTask {
  readonly judge: ModelJudge;
  /** What it is about, in words. */
  readonly about: string;
  /** Of the grades. */
  readonly path: string;
  /** Whose grades are looked at besides those of runs, where the file is in none. */
  readonly folder?: string;
  /** Whether what the file has is thrown away. */
  readonly fresh: boolean;
  requests(): AsyncIterable<PlacedRequest>;
}

/** Prompts in tokens, without those that were answered. */
interface OpenPrompts {
  readonly prompts: number;
  readonly mean: number;
  readonly longest: number;
}

/** Renders every prompt that a judge would be sent. */
async function openPrompts({ judge, path, fresh, requests }: JudgingTask): Promise<OpenPrompts> {
  const prompt = compileJudgePrompt(judge);
  const done = new Set<string>();
  if (!fresh) for await (const graded of gradesSoFar(path)) done.add(gradeKey(graded));
  let [prompts, total, longest] = [0, 0, 0];
  for await (const request of requests()) {
    if (request.answer === request.other || done.has(gradeKey({ ...request, query: request.query.id }))) continue;
    const size = prompt(request).reduce((sum, { content }) => sum + byteLength(content), 0);
    prompts += 1;
    total += size;
    longest = Math.max(longest, size);
  }
  return { prompts, mean: prompts === 0 ? 0 : ROUGH.tokens(total / prompts), longest: ROUGH.tokens(longest) };
}

/**
 * Holds the prompts of a judge against the context window that its server lists: what is too long would be cut or refused, and
 * both would be paid for.
 * @param window in tokens; without it nothing is checked
 * @throws UnavailableError (E_CONTEXT_WINDOW)
 */
export async function requireRoom(task: JudgingTask, window: number | undefined, notes: Output): Promise<void> {
  if (window === undefined) return;
  const { problems, warnings } = roomFor(task.judge, await openPrompts(task), window);
  for (const warning of warnings) line(notes, `warning: ${formatProblem(warning)}`);
  if (problems.length > 0) throw new UnavailableError(problems);
}

const NO_PROBLEMS = { problems: [], warnings: [] };

function roomFor({ file, id, model }: ModelJudge, { prompts, mean, longest }: OpenPrompts, window: number) {
  if (prompts === 0) return NO_PROBLEMS;
  const where = `${file} /model/max_tokens`;
  return checkWindow([{ condition: id, mean, longest, exact: true }], { window, answer: model!.max_tokens, where });
}

export const NOTHING_JUDGED = "a dry run: nothing was judged and nothing written";

/** A dry run of one task: its plan and nothing else. @returns the exit code, 4 where a prompt would not fit the judge's window */
export async function planOnly(
  task: JudgingTask,
  window: number | undefined,
  project: Project,
  deps: Pick<Deps, "stdout" | "stderr">,
): Promise<number> {
  const fits = await printPlan(task, window, project, deps);
  line(deps.stderr, NOTHING_JUDGED);
  return fits ? EXIT.ok : EXIT.unavailable;
}

/** Prints what a task would take; nothing is asked but the server's list of models. @returns whether all prompts fit the window */
export async function printPlan(
  task: JudgingTask,
  window: number | undefined,
  project: Project,
  { stdout }: Pick<Deps, "stdout">,
): Promise<boolean> {
  const { judge, about } = task;
  const open = await openPrompts(task);
  const price = await priceOfModel(project, judge.model!.model);
  const earlier = await earlierGrades(project.runs, task);
  const { max_tokens, concurrency } = judge.model!;
  const expected = {
    condition: judge.id,
    answers: open.prompts,
    promptTokens: earlier?.promptTokens ?? open.mean,
    answerTokens: earlier?.answerTokens ?? max_tokens,
    ms: earlier?.ms,
  };
  const { promptTokens, answerTokens, usd, ms } = estimateRun([expected], { price, budgets: {}, concurrency });
  const roughly = earlier?.answerTokens === undefined ? "at most about" : "about";
  const priced = price && `prices of ${price.on} in ${price.file}`;
  const { problems, warnings } = window === undefined ? NO_PROBLEMS : roomFor(judge, open, window);
  const lines = [
    `${about}: ${formatCount(open.prompts)} ${judge.kind === "pairwise" ? "verdicts" : "grades"} to ask for`,
    `  context window: ${window === undefined ? "unknown, the server does not list it" : `${formatCount(window)} tokens`}; the longest prompt has about ${formatCount(open.longest)}, its verdict at most ${formatCount(max_tokens)}`,
    `  tokens: about ${formatCount(promptTokens)} of prompts, ${roughly} ${formatCount(answerTokens)} of verdicts`,
    `  cost: ${usd === undefined ? (priced ? `unknown until some were timed (${priced})` : "unknown: prices.yaml names no price of the model") : `${roughly} ${formatUsd(usd)} (${priced})`}`,
    `  time: ${ms === undefined ? "unknown: judge a few with --limit 4 first" : `about ${formatSpan(ms)} at ${concurrency} at once`}`,
    earlier === undefined
      ? `  Tokens are estimates: ${BYTES_HINT}.`
      : `  Counted and timed on ${formatCount(earlier.grades)} earlier grades of this judge.`,
    ...[...problems, ...warnings].flatMap((problem) =>
      formatProblem(problem)
        .split("\n")
        .map((text) => `  ${text}`),
    ),
  ];
  line(stdout, `${lines.map(printable).join("\n")}\n`);
  return problems.length === 0;
}

const BYTES_HINT = "4 bytes a token, and the longest verdict";

interface EarlierGrades {
  readonly grades: number;
  /** As the server counted them; absent where it did not. */
  readonly promptTokens?: number;
  readonly answerTokens?: number;
  readonly ms: number;
}

/** What one grade of this judge took on average in what it has graded. */
async function earlierGrades(runsDir: string, { judge, folder }: JudgingTask): Promise<EarlierGrades | undefined> {
  const sums = { grades: 0, counted: 0, prompt: 0, answer: 0, ms: 0 };
  const dirs = (await listRuns(runsDir)).runs.map(({ dir }) => dir);
  for (const dir of folder === undefined ? dirs : [...dirs, folder]) {
    for (const { path, head } of await listGradings(dir, judge.kind === "pairwise" ? "pairs" : "grades")) {
      if (head.judge.sha256 !== judge.sha256) continue;
      for await (const { usage, timing, asked } of gradesSoFar(path)) {
        if (asked === 0 || timing === undefined) continue;
        sums.grades += 1;
        sums.ms += timing.ms;
        if (usage === undefined) continue;
        sums.counted += 1;
        sums.prompt += usage.promptTokens;
        sums.answer += usage.completionTokens;
      }
    }
  }
  if (sums.grades === 0) return undefined;
  return {
    grades: sums.grades,
    ...(sums.counted > 0 && { promptTokens: sums.prompt / sums.counted, answerTokens: sums.answer / sums.counted }),
    ms: sums.ms / sums.grades,
  };
}
