import { stat } from "node:fs/promises";
import type { AskableJudge, LexicalJudge, ModelJudge, Project, RefusalJudge } from "../../config/index.ts";
import { BenchError, EXIT } from "../../core/errors.ts";
import { printable } from "../../lib/text.ts";
import { CELL, gradesFile, openRun, type Run, readGrades, readScores } from "../../runlog/index.ts";
import { type Deps, line, type Output } from "../deps.ts";
import { gradeBy } from "../judge/judge-grade.ts";
import type { JudgeRunOptions } from "../judge/judge-runs.ts";
import { printError } from "../terminal/print-error.ts";

export interface DecideOptions {
  readonly project: Project;
  /** US dollars, answers and verdicts of a run together. */
  readonly maxCost?: number | undefined;
  readonly quiet: boolean;
}

/** The judges that are asked: of a panel its members. */
export function askedJudges(judge: AskableJudge): readonly (ModelJudge | LexicalJudge)[] {
  return judge.kind === "panel" ? judge.members : [judge];
}

/**
 * Has the judge of a suite say which answers of finished runs are refusals. What it has said already is not asked again. A judge
 * that cannot be asked takes nothing from the runs: the message says how to go on.
 * @returns the exit code: 130 when interrupted or the money is spent, that of the error when the judge cannot be asked
 */
export async function decideRefusals(
  { judge }: RefusalJudge,
  dirs: readonly string[],
  { project, maxCost, quiet }: DecideOptions,
  notes: Output,
  deps: Deps,
): Promise<number> {
  for (const dir of dirs) {
    const run = await openRun(dir);
    if (run.manifest.refusalJudge === undefined || (await allJudged(gradesFile(dir, judge)))) continue;
    const again = printable(`bench judge run --judge ${judge.id} ${run.manifest.run}`);
    try {
      const options = {
        ...EVERY_ANSWER,
        quiet,
        maxCost: maxCost === undefined ? undefined : await leftOf(maxCost, run, judge),
      };
      const context = { project, options, notes, deps };
      if (await gradeBy(judge, run, context)) continue;
      line(deps.stderr, `the answers are kept; the same command, or ${again}, has the rest judged`);
      return EXIT.interrupted;
    } catch (error) {
      if (!(error instanceof BenchError)) throw error;
      const exitCode = printError(error, deps.stderr);
      const name = printable(run.manifest.run);
      line(
        deps.stderr,
        `${name} is finished and kept; its refusals are not all judged. Then: the same command again, or ${again}`,
      );
      return exitCode;
    }
  }
  return EXIT.ok;
}

const EVERY_ANSWER = {
  ...{ judge: [], repeats: undefined, condition: [], limit: undefined, fresh: false, dryRun: false, format: "text" },
} as const satisfies Partial<JudgeRunOptions>;

/** Whether a judge has finished a file of grades. */
export async function allJudged(path: string): Promise<boolean> {
  if (!(await stat(path).catch(() => undefined))) return false;
  const lines = readGrades(path);
  let next = await lines.next();
  while (!next.done) next = await lines.next();
  return next.value.end !== undefined;
}

/** What the answers of a run have left of its money, for each judge that is asked. */
async function leftOf(maxCost: number, { dir }: Run, judge: AskableJudge): Promise<number> {
  const { groups } = await readScores(dir);
  let usd = 0;
  for (const { cost } of groups.values())
    for (const [cell, state] of cost?.states.entries() ?? []) if (state === CELL.scored) usd += cost!.values[cell]!;
  return Math.max(0, maxCost - usd) / askedJudges(judge).length;
}
