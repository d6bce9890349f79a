import { relative } from "node:path";
import { findProject } from "../../config/project.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { type CompareOptions, compareRuns } from "../../gate/index.ts";
import { hashValue } from "../../lib/hash.ts";
import { quoteValue } from "../../lib/text.ts";
import { parseMetric } from "../../metric/index.ts";
import { formatComparison } from "../../report/compare/format-comparison.ts";
import { judgedHeads } from "../../report/compare/judged-heads.ts";
import { type ToldComparison, tellFlips } from "../../report/compare/tell-flips.ts";
import type { SummaryFormat } from "../../report/summary/summary-formats.ts";
import type { Calibrations } from "../../runlog/grades/calibration-note.ts";
import { readQuestions } from "../../runlog/read-run.ts";
import { readScores } from "../../runlog/read-scores.ts";
import type { Scores } from "../../runlog/scores.ts";
import { type Deps, terminalOf } from "../deps.ts";
import { readCalibrations } from "../judge/judge-calibrations.ts";
import { findCompleteRun } from "../project/find-run.ts";

export interface CompareNamedOptions {
  readonly metric: readonly string[];
  readonly condition: readonly string[];
  readonly flips: boolean;
  readonly by: string | undefined;
  readonly most: number;
  readonly shared: boolean;
  readonly alpha: number | undefined;
  readonly seed: number | undefined;
  readonly format: SummaryFormat;
}

/** Carries out `bench compare`. @param names the baseline, then one or more others @returns the exit code */
export async function compareNamed(
  names: readonly string[],
  options: CompareNamedOptions,
  deps: Deps,
): Promise<number> {
  const project = await findProject(deps.cwd);
  const dirs: string[] = [];
  for (const name of names) dirs.push((await findCompleteRun(project, name)).dir);
  const again = dirs.findIndex((dir, i) => dirs.indexOf(dir) < i);
  if (again > 0) throw sameRun(names[again]!, relative(deps.cwd, dirs[again]!));
  const { metric, condition, flips, by, most, shared, alpha, seed, format } = options;
  const { calibrations } = await readCalibrations(project);
  const told = await compareDirs(dirs[0]!, dirs.slice(1), calibrations, {
    metrics: metric.map(canonicalMetric),
    conditions: condition,
    shared,
    ...(alpha !== undefined && { alpha }),
    ...(seed !== undefined && { seed }),
    ...((flips || by !== undefined) && { flips: { most, by: by && canonicalMetric(by) } }),
  });
  deps.stdout.write(
    formatComparison(told, format, { columns: terminalOf(deps.stdout).columns, flips: flips || by !== undefined }),
  );
  return EXIT.ok;
}

/**
 * Ends `bench run --baseline`: what is better or worse in these runs than in the baseline. Beside tables for programs it goes to
 * standard error. A run over some of the questions is compared on those.
 */
export async function printComparison(
  baseline: string,
  dirs: readonly string[],
  {
    format,
    limit,
    query,
  }: { readonly format: SummaryFormat; readonly limit: number | undefined; readonly query: readonly string[] },
  deps: Deps,
): Promise<void> {
  const others = dirs.filter((dir) => dir !== baseline);
  if (others.length === 0) return;
  const { calibrations } = await readCalibrations(await findProject(deps.cwd));
  const told = await compareDirs(baseline, others, calibrations, { shared: limit !== undefined || query.length > 0 });
  const [output, as] =
    format === "json" || format === "csv" ? ([deps.stderr, "text"] as const) : ([deps.stdout, format] as const);
  output.write(`\n${formatComparison(told, as, { columns: terminalOf(output).columns, flips: false })}`);
}

/** Compares finished runs by their folders. @throws DataError with every reason why they cannot be compared */
export async function compareDirs(
  baseline: string,
  candidates: readonly string[],
  calibrations: Calibrations,
  options: CompareOptions,
): Promise<ToldComparison[]> {
  if (options.shared) await requireSameQuestions(baseline, candidates);
  const scores: Scores[] = [];
  for (const dir of [baseline, ...candidates]) scores.push(await readScores(dir));
  const compared = compareRuns(scores[0]!, scores.slice(1), options);
  const told = await tellFlips(compared.map((comparison, i) => ({ comparison, baseline, candidate: candidates[i]! })));
  return told.map((one, i) => ({
    ...one,
    judged: judgedHeads(one.metrics, [scores[0]!, scores[i + 1]!], calibrations),
  }));
}

/** Questions that two runs share by their ids must be the same questions, or nothing is paired. */
export async function requireSameQuestions(baseline: string, candidates: readonly string[]): Promise<void> {
  const hashes = new Map<string, string>();
  for await (const question of readQuestions(baseline)) hashes.set(question.id, identity(question));
  const changed: string[] = [];
  for (const dir of candidates) {
    for await (const question of readQuestions(dir)) {
      const known = hashes.get(question.id);
      if (known !== undefined && known !== identity(question)) changed.push(question.id);
    }
  }
  if (changed.length > 0) throw new DataError([changedQuestions(changed)]);
}

function identity({ text, answers, answerable, history, judgements }: AsyncYield<typeof readQuestions>): string {
  return hashValue({ text, answers, answerable, history, judgements });
}

type AsyncYield<F> = F extends (...args: never[]) => AsyncGenerator<infer T> ? T : never;

/** A metric as logs name it; another name, such as that of a judge's column, stays. */
export function canonicalMetric(name: string): string {
  const parsed = parseMetric(name);
  return parsed.ok ? parsed.metric.name : name;
}

function sameRun(name: string, dir: string): UsageError {
  return new UsageError({
    code: "E_COMPARE_SAME",
    where: name,
    expected: "another run than those named before",
    got: dir,
    fix: "name two different runs; `bench show` lists them",
  });
}

function changedQuestions(ids: readonly string[]): Problem {
  const more = ids.length > 3 ? ` and ${ids.length - 3} more` : "";
  return {
    code: "E_COMPARE_QUESTION",
    where: "questions",
    expected: "the same text, references and judgements under one id in both runs",
    got: `others under ${ids.slice(0, 3).map(quoteValue).join(", ")}${more}`,
    fix: "run the baseline again on the dataset as it is now",
  };
}
