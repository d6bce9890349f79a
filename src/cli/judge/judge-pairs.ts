import { rm } from "node:fs/promises";
import { relative } from "node:path";
import { findProject, loadJudge, type ModelJudge } from "../../config/index.ts";
import { DataError, EXIT } from "../../core/errors.ts";
import type { Estimate } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { type JudgedPairs, judgePairs, pairRequests } from "../../judge/index.ts";
import { printable } from "../../lib/text.ts";
import { type PairSummary, summarisePairs } from "../../report/pairs/summarise-pairs.ts";
import { formatCount, formatValue } from "../../report/text/format-number.ts";
import { pairsFile, type Run } from "../../runlog/index.ts";
import { type Deps, line, type Output } from "../deps.ts";
import { findCompleteRun } from "../project/find-run.ts";
import { startPacedProgress } from "../terminal/paced-progress.ts";
import { requireTextPlan } from "../terminal/text-plan.ts";
import { textTable } from "../terminal/text-table.ts";
import { JudgeBudget, requireJudgePrices } from "./judge-budget.ts";
import { type JudgingTask, planOnly, requireRoom } from "./judge-cost.ts";
import { buildGrader } from "./judge-grader.ts";
import { ownModelWarnings, referencesBy } from "./own-model.ts";

export interface JudgePairsOptions {
  readonly judge: string;
  readonly repeats: number | undefined;
  readonly condition: readonly string[];
  readonly limit: number | undefined;
  readonly fresh: boolean;
  readonly dryRun: boolean;
  /** US dollars. */
  readonly maxCost: number | undefined;
  readonly seed: number;
  readonly format: "text" | "json";
  readonly quiet: boolean;
}

/** Carries out `bench judge pairs`. @returns the exit code */
export async function comparePairs(
  [a, b]: readonly [string, string],
  options: JudgePairsOptions,
  deps: Deps,
): Promise<number> {
  if (options.dryRun) requireTextPlan(options.format);
  const { stdout, stderr } = deps;
  const notes: Output = options.quiet ? { ...stderr, write: () => undefined } : stderr;
  const project = await findProject(deps.cwd);
  const judge = pairwiseJudge(await loadJudge(project, options.judge, deps.env));
  await requireJudgePrices(options.maxCost, [judge], project);
  const [first, second] = [await findCompleteRun(project, a), await findCompleteRun(project, b)];
  const { grader, concurrency, preflight, pace } = await buildGrader(judge, project, deps);
  const { contextWindow } = await preflight(deps.signal);
  const authors = await referencesBy(project, first);
  for (const warning of ownModelWarnings(judge, [first, second], authors)) line(notes, printable(warning));
  const { condition, limit, maxCost, fresh } = options;
  const chosen = {
    repeats: options.repeats ?? judge.config.repeats,
    referencesBy: authors,
    ...(condition.length > 0 && { conditions: condition }),
    ...(limit !== undefined && { limit }),
  };
  const task: JudgingTask = {
    judge,
    about: `${judge.id} on ${first.manifest.run} and ${second.manifest.run}`,
    path: pairsFile(first.dir, judge, second.manifest.run),
    fresh,
    requests: () => pairRequests(first, second, judge, chosen),
  };
  if (options.dryRun) return planOnly(task, contextWindow, project, deps);
  await requireRoom(task, contextWindow, notes);
  const budget = maxCost === undefined ? undefined : await JudgeBudget.open(maxCost, task, project);
  if (fresh) await rm(task.path, { force: true });
  const total = 2 * chosen.repeats * Math.min(limit ?? Number.POSITIVE_INFINITY, first.end?.counts.answers ?? 0);
  const progress = startPacedProgress(
    `${judge.id} on ${first.manifest.system.id} and ${second.manifest.system.id}`,
    options.quiet,
    pace,
    deps,
  );
  let judged: JudgedPairs;
  try {
    judged = await judgePairs(first, second, judge, chosen, {
      grader,
      concurrency,
      clock: deps.clock,
      owner: deps.owner,
      signal: deps.signal,
      onEvent({ line: verdict, graded, failed }) {
        if (verdict) budget?.add(verdict);
        progress.update({ done: graded + failed, total, failed, refused: 0, inFlight: concurrency, retries: 0 });
      },
      ...(budget && { enough: () => budget.spent }),
    });
  } finally {
    progress.stop();
  }
  const { level } = first.manifest;
  const summary = await summarisePairs(judged.path, { level, rng: seeded(options.seed).fork("judge-pairs") });
  if (options.format === "json") stdout.write(`${JSON.stringify({ ...summary, apart: judged.apart }, undefined, 1)}\n`);
  else stdout.write(`${summaryText(first, second, judge, summary.conditions, judged, level)}\n`);
  const tokens = judged.usage.promptTokens + judged.usage.completionTokens;
  const why = deps.signal.aborted || budget === undefined ? "interrupted" : `ended at ${budget.describe()}`;
  const ended = judged.state === "interrupted" ? `; ${why}, the same command goes on` : "";
  line(
    notes,
    `${judged.graded} verdicts, ${judged.failed} failures, ${tokens} tokens; in ${relative(deps.cwd, judged.path)}${ended}`,
  );
  return judged.state === "complete" ? EXIT.ok : EXIT.interrupted;
}

function summaryText(
  first: Run,
  second: Run,
  { id }: ModelJudge,
  conditions: readonly PairSummary[],
  { apart }: JudgedPairs,
  level: number,
): string {
  const [a, b] = [first.manifest.system.id, second.manifest.system.id];
  const apartCounts = [
    [apart.bothRefused, "declined by both"],
    [apart.firstRefused, `declined by ${a}`],
    [apart.secondRefused, `declined by ${b}`],
    [apart.unpaired, `not answered by ${b}`],
  ] as const;
  const left = apartCounts.flatMap(([count, what]) => (count > 0 ? [`${formatCount(count)} ${what}`] : []));
  return [
    printable(`${a} against ${b} by ${id}, every pair in both orders`),
    "",
    textTable(
      ["context", "pairs", `${a} wins`, "ties", `${b} wins`, `preference for ${a}`, "better"],
      conditions.map(({ condition, pairs, win, tie, loss, preference }) => [
        condition,
        formatCount(pairs),
        ...[win, tie, loss, preference].map(formatEstimate),
        better(preference, a, b),
      ]),
    ),
    "",
    "Position bias",
    textTable(
      ["context", "verdicts that change with the order", "verdicts for the answer shown first", "without a verdict"],
      conditions.map(({ condition, position, undecided }) => [
        condition,
        formatEstimate(position.changed),
        formatEstimate(position.first),
        formatCount(undecided),
      ]),
    ),
    "",
    "A verdict that changes with the order counts as a tie. Preference: 1 for a win, ½ for a tie, 0 for a loss.",
    `[low, high]: ${Math.round(level * 1000) / 10} % interval. Shown first: .500 where place does not matter.`,
    ...(left.length > 0 ? [printable(`Not compared: ${left.join(", ")}.`)] : []),
  ].join("\n");
}

function better(preference: Estimate, a: string, b: string): string {
  if (preference.state !== "estimated") return "cannot tell";
  return preference.low > 0.5 ? a : preference.high < 0.5 ? b : "cannot tell";
}

function formatEstimate(estimate: Estimate): string {
  if (estimate.state !== "estimated") return "—";
  const show = (value: number): string => formatValue(value, [0, 1]);
  return `${show(estimate.mean)} [${show(estimate.low)}, ${show(estimate.high)}]`;
}

function pairwiseJudge(judge: Awaited<ReturnType<typeof loadJudge>>): ModelJudge {
  if (judge.kind === "pairwise") return judge;
  const fix = "`bench judge init pairwise` brings one; single answers are graded by `bench judge run`";
  throw new DataError([
    { code: "E_JUDGE", where: judge.file, expected: "a judge of kind pairwise", got: `kind ${judge.kind}`, fix },
  ]);
}
