import type { LexicalJudge, ModelJudge, Project } from "../config/index.ts";
import { priceOfModel } from "../config/index.ts";
import { UnavailableError } from "../core/errors.ts";
import { formatProblem } from "../core/problem.ts";
import { answersToGrade, compileJudgePrompt, judgesRefusals } from "../judge/index.ts";
import { formatUsd } from "../report/cost/cost-text.ts";
import { formatCount } from "../report/format-number.ts";
import { checkWindow } from "../run/estimate/check-window.ts";
import { estimateRun } from "../run/estimate/estimate-run.ts";
import { byteLength, ROUGH } from "../run/estimate/token-measure.ts";
import { gradeKey, gradesFile, listGradings, listRuns, type Run } from "../runlog/index.ts";
import { line, type Output } from "./deps.ts";
import { formatSpan } from "./format-span.ts";
import { gradesSoFar } from "./grades-so-far.ts";

/** Which answers a judge is to grade. */
export interface Grading {
  readonly repeats: number;
  readonly conditions?: readonly string[];
  readonly limit?: number;
}

/** What is asked of a judge before anything is spent: prompts in tokens, without those whose answers it has graded. */
interface OpenPrompts {
  readonly answers: number;
  readonly mean: number;
  readonly longest: number;
}

/** Renders every prompt that a judge would be sent. */
async function openPrompts(judge: ModelJudge, { dir }: Run, grading: Grading, fresh: boolean): Promise<OpenPrompts> {
  const prompt = compileJudgePrompt(judge);
  const done = new Set<string>();
  if (!fresh) for await (const graded of gradesSoFar(gradesFile(dir, judge))) done.add(gradeKey(graded));
  let [answers, total, longest] = [0, 0, 0];
  const options = { refusals: judgesRefusals(judge), ...grading };
  for await (const { query, answer, passages, goldPassages } of answersToGrade(dir, options)) {
    const { condition, trial, text } = answer;
    let size: number | undefined;
    for (let repeat = 0; repeat < grading.repeats; repeat += 1) {
      if (done.has(gradeKey({ query: query.id, condition, trial, repeat }))) continue;
      size ??= prompt({ query, passages, goldPassages, answer: text, repeat }).reduce(
        (sum, { content }) => sum + byteLength(content),
        0,
      );
      answers += 1;
      total += size;
    }
    longest = Math.max(longest, size ?? 0);
  }
  return { answers, mean: answers === 0 ? 0 : ROUGH.tokens(total / answers), longest: ROUGH.tokens(longest) };
}

/**
 * Holds the prompts of a judge against the context window that its server lists: what is too long would be cut or refused, and
 * both would be paid for.
 * @throws UnavailableError (E_CONTEXT_WINDOW)
 */
export async function requireRoom(
  judge: ModelJudge,
  run: Run,
  grading: Grading,
  { window, notes }: { readonly window: number; readonly notes: Output },
): Promise<void> {
  const { problems, warnings } = roomFor(judge, await openPrompts(judge, run, grading, false), window);
  for (const warning of warnings) line(notes, `warning: ${formatProblem(warning)}`);
  if (problems.length > 0) throw new UnavailableError(problems);
}

function roomFor({ file, id, model }: ModelJudge, { answers, mean, longest }: OpenPrompts, window: number) {
  if (answers === 0) return { problems: [], warnings: [] };
  const where = `${file} /model/max_tokens`;
  return checkWindow([{ condition: id, mean, longest, exact: true }], { window, answer: model!.max_tokens, where });
}

/** What grading one run would take, as lines; nothing is asked but the server's list of models. */
export async function judgingPlan(
  judge: ModelJudge | LexicalJudge,
  run: Run,
  grading: Grading,
  {
    project,
    fresh,
    window,
  }: { readonly project: Project; readonly fresh: boolean; readonly window?: number | undefined },
): Promise<{ readonly lines: readonly string[]; readonly fits: boolean }> {
  const head = `${judge.id} on ${run.manifest.run}`;
  if (judge.kind === "lexical") return { lines: [`${head}: no model is asked; no cost`], fits: true };
  const prompts = await openPrompts(judge, run, grading, fresh);
  const price = await priceOfModel(project, judge.model!.model);
  const earlier = await earlierGrades(project.runs, judge);
  const { max_tokens, concurrency } = judge.model!;
  const expected = {
    condition: judge.id,
    answers: prompts.answers,
    promptTokens: earlier?.promptTokens ?? prompts.mean,
    answerTokens: earlier?.answerTokens ?? max_tokens,
    ms: earlier?.ms,
  };
  const { promptTokens, answerTokens, usd, ms } = estimateRun([expected], { price, budgets: {}, concurrency });
  const about = earlier?.answerTokens === undefined ? "at most about" : "about";
  const priced = price && `prices of ${price.on} in ${price.file}`;
  const { problems, warnings } =
    window === undefined ? { problems: [], warnings: [] } : roomFor(judge, prompts, window);
  const lines = [
    `${head}: ${formatCount(prompts.answers)} grades to ask for`,
    `  context window: ${window === undefined ? "unknown, the server does not list it" : `${formatCount(window)} tokens`}; the longest prompt has about ${formatCount(prompts.longest)}, its verdict at most ${formatCount(max_tokens)}`,
    `  tokens: about ${formatCount(promptTokens)} of prompts, ${about} ${formatCount(answerTokens)} of verdicts`,
    `  cost: ${usd === undefined ? (priced ? `unknown until some were timed (${priced})` : "unknown: prices.yaml names no price of the model") : `${about} ${formatUsd(usd)} (${priced})`}`,
    `  time: ${ms === undefined ? "unknown: judge a few with --limit 4 first" : `about ${formatSpan(ms)} at ${concurrency} at once`}`,
    earlier === undefined
      ? `  Tokens are estimates: ${BYTES_HINT}.`
      : `  Counted and timed on ${formatCount(earlier.grades)} earlier grades of this judge.`,
    ...[...problems, ...warnings].map((problem) => `  ${formatProblem(problem).replaceAll("\n", "\n  ")}`),
  ];
  return { lines, fits: problems.length === 0 };
}

const BYTES_HINT = "4 bytes a token, and the longest verdict";

interface EarlierGrades {
  readonly grades: number;
  readonly promptTokens?: number;
  readonly answerTokens?: number;
  readonly ms?: number;
}

/** What one grade of this judge took on average in the runs that it has graded. */
async function earlierGrades(runsDir: string, judge: ModelJudge): Promise<EarlierGrades | undefined> {
  const sums = { grades: 0, counted: 0, prompt: 0, answer: 0, timed: 0, ms: 0 };
  for (const { dir } of (await listRuns(runsDir)).runs) {
    for (const { path, head } of await listGradings(dir)) {
      if (head.judge.sha256 !== judge.sha256) continue;
      for await (const { usage, timing, asked } of gradesSoFar(path)) {
        if (asked === 0 || timing === undefined) continue;
        sums.grades += 1;
        sums.timed += 1;
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
    ...(sums.timed > 0 && { ms: sums.ms / sums.timed }),
  };
}
