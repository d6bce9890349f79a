import { join, relative } from "node:path";
import { findProject, type Judge, type LexicalJudge, loadJudge, type ModelJudge } from "../../config/index.ts";
import type { GradeRequest } from "../../core/contracts.ts";
import { DataError, EXIT, UnavailableError, UsageError } from "../../core/errors.ts";
import { probeItems, probeJudge, probeRequests } from "../../judge/index.ts";
import { replaceFile } from "../../lib/atomic.ts";
import { printable } from "../../lib/text.ts";
import { formatValue } from "../../report/text/format-number.ts";
import { type JudgeProbes, PROBES_SCHEMA, type ProbeFigures, readJudgeProbes } from "../../runlog/index.ts";
import { type Deps, line, type Output } from "../deps.ts";
import { findCompleteRun } from "../project/find-run.ts";
import { startPacedProgress } from "../terminal/paced-progress.ts";
import { requireTextPlan } from "../terminal/text-plan.ts";
import { textTable } from "../terminal/text-table.ts";
import { requireAnswerJudge } from "./answer-judge.ts";
import { type JudgingTask, planOnly, requireRoom } from "./judge-cost.ts";
import { buildGrader } from "./judge-grader.ts";

export interface JudgeProbeOptions {
  readonly judge: string;
  readonly condition: string | undefined;
  readonly criterion: string | undefined;
  readonly limit: number;
  readonly level: number;
  readonly dryRun: boolean;
  readonly format: "text" | "json";
  readonly quiet: boolean;
}

/** Carries out `bench judge probe`. @returns the exit code */
export async function judgeProbe(name: string, options: JudgeProbeOptions, deps: Deps): Promise<number> {
  if (options.dryRun) requireTextPlan(options.format);
  const { stdout, stderr, clock } = deps;
  const notes: Output = options.quiet ? { ...stderr, write: () => undefined } : stderr;
  const project = await findProject(deps.cwd);
  const judge = singleJudge(await loadJudge(project, options.judge, deps.env));
  const criterion = criterionOf(judge, options.criterion);
  const { dir, manifest, end } = await findCompleteRun(project, name);
  const condition = options.condition ?? manifest.conditions[0];
  if (condition === undefined || !manifest.conditions.includes(condition))
    throw noSuchAnswers(manifest.run, manifest.conditions, condition);
  const items = await probeItems(dir, condition, options.limit);
  if (items.length === 0) throw noSuchAnswers(manifest.run, manifest.conditions, condition);
  const { grader, concurrency, preflight, pace } = await buildGrader(judge, project, deps);
  const { contextWindow } = await preflight(deps.signal);
  const path = join(judge.folder, "probes.json");
  if (judge.kind !== "lexical") {
    const about = `${judge.id} probed with ${items.length} answers of ${manifest.run}`;
    const task = taskOf(judge, about, path, await probeRequests(judge, items));
    if (options.dryRun) return planOnly(task, contextWindow, project, deps);
    await requireRoom(task, contextWindow, notes);
  }
  // What is damaged is replaced.
  const before = await readJudgeProbes(path).catch(() => undefined);
  const progress = startPacedProgress(`probing ${judge.id}`, options.quiet, pace, deps);
  let probed = 0;
  let probes: ProbeFigures[];
  try {
    probes = await probeJudge(judge, items, options.level, {
      grader,
      concurrency,
      signal: deps.signal,
      criterion,
      onItem(done) {
        probed = done;
        progress.update({ done, total: items.length, failed: 0, refused: 0, inFlight: concurrency, retries: 0 });
      },
    });
  } catch (error) {
    progress.stop();
    const as = before ? `${relative(deps.cwd, path)} is as it was on ${before.at.slice(0, 10)}` : "nothing was kept";
    if (!deps.signal.aborted) {
      if (error instanceof UnavailableError) line(notes, `broken off: ${as}`);
      throw error;
    }
    line(notes, `interrupted after ${probed} of ${items.length} answers: ${as}; the same command begins anew`);
    return EXIT.interrupted;
  } finally {
    progress.stop();
  }
  const { id, sha256 } = judge;
  const result: JudgeProbes = {
    kind: "judge-probes",
    schema: PROBES_SCHEMA,
    judge: { id, sha256 },
    criterion,
    run: manifest.run,
    log: end!.sha256,
    at: new Date(clock.now()).toISOString(),
    level: options.level,
    probes,
  };
  if (!options.dryRun) await replaceFile(path, `${JSON.stringify(result, undefined, 1)}\n`);
  stdout.write(
    options.format === "json" ? `${JSON.stringify(result, undefined, 1)}\n` : `${probesText(result, items.length)}\n`,
  );
  line(notes, options.dryRun ? "a dry run: nothing was kept" : `kept in ${relative(deps.cwd, path)}`);
  return EXIT.ok;
}

/** Probes have no file that could be gone on with: all is asked. */
function taskOf(judge: ModelJudge, about: string, path: string, requests: readonly GradeRequest[]): JudgingTask {
  return {
    judge,
    about,
    path,
    fresh: true,
    async *requests() {
      for (const [trial, request] of requests.entries()) yield { ...request, condition: "", trial };
    },
  };
}

function probesText({ judge, criterion, run, level, probes }: JudgeProbes, answers: number): string {
  const share = (value: number | undefined): string => (value === undefined ? "—" : formatValue(value, [0, 1]));
  return [
    printable(`${judge.id}, probed with ${answers} answers of ${run}`),
    "",
    textTable(
      ["probe", "what is done", "a sound judge's", "passed", "of", "pass rate", "no verdict", "not applicable"],
      probes.map(({ id, title, expects, passed, n, rate, low, high, noVerdict, notApplicable }) => [
        id,
        title,
        expects,
        String(passed),
        String(n),
        n === 0 ? "—" : `${share(rate)} [${share(low)}, ${share(high)}]`,
        String(noVerdict),
        String(notApplicable),
      ]),
    ),
    "",
    `By the grades of ${printable(criterion ?? "the first criterion")}. [low, high]: Wilson's ${Math.round(level * 1000) / 10} % interval.`,
    "Not applicable: a grade at the top cannot rise, a reference without a number cannot be given a wrong one.",
  ].join("\n");
}

/** @throws DataError for a judge that is not asked itself, and for one of passages: the probes change answers */
function singleJudge(judge: Judge): ModelJudge | LexicalJudge {
  requireAnswerJudge(judge);
  if (judge.kind !== "panel" && judge.kind !== "people") return judge;
  const fix =
    judge.kind === "panel" ? "probe its members one by one" : "probe the judges that are measured against them";
  throw new DataError([
    { code: "E_JUDGE", where: judge.file, expected: "a judge that is asked itself", got: `kind ${judge.kind}`, fix },
  ]);
}

/** @throws UsageError when the judge's rubric has none of that name */
function criterionOf({ rubric }: ModelJudge | LexicalJudge, asked: string | undefined): string {
  const ids = rubric.criteria.map(({ id }) => id);
  if (asked === undefined || ids.includes(asked)) return asked ?? ids[0]!;
  const fix = "name one of them";
  const expected = `one of ${ids.join(", ")}`;
  throw new UsageError({ code: "E_OPTION", where: "--criterion", expected, got: JSON.stringify(asked), fix });
}

function noSuchAnswers(where: string, conditions: readonly string[], condition: string | undefined): DataError {
  const expected =
    conditions.length === 0
      ? "a run with answers"
      : `answers that decline nothing, under one of ${conditions.join(", ")}`;
  const got = condition === undefined ? "rankings only" : `none under ${JSON.stringify(condition)}`;
  return new DataError([{ code: "E_RUN_ANSWERS", where, expected, got, fix: "name another run or condition" }]);
}
