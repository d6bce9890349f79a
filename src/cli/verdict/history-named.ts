import { findProject, type Project } from "../../config/project.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { HistoryWalk } from "../../gate/history/history-walk.ts";
import { restrict } from "../../gate/shared-questions.ts";
import { nearest } from "../../lib/nearest.ts";
import { quoteValue } from "../../lib/text.ts";
import { type ChosenSeries, chooseSeries } from "../../report/history/choose-series.ts";
import { collectHistory } from "../../report/history/collect-history.ts";
import { formatHistory } from "../../report/history/format-history.ts";
import { historyPage } from "../../report/history/history-page.ts";
import type { SummaryFormat } from "../../report/summary/summary-formats.ts";
import { listRuns } from "../../runlog/list-runs.ts";
import type { Run } from "../../runlog/open-run.ts";
import { readQuestions } from "../../runlog/read-run.ts";
import type { Scores } from "../../runlog/scores.ts";
import { type Deps, line, terminalOf } from "../deps.ts";
import { readCalibrations } from "../judge/judge-calibrations.ts";
import { refuseEdited } from "../project/refuse-edited.ts";
import { writePage } from "../terminal/write-page.ts";
import { baselineOf } from "./baseline-of.ts";
import { canonicalMetric, requireSameQuestions } from "./compare-runs.ts";

export interface HistoryNamedOptions {
  readonly metric: readonly string[];
  readonly condition: readonly string[];
  readonly last: number | undefined;
  readonly protocol: string | undefined;
  readonly shared: boolean;
  readonly alpha: number | undefined;
  readonly horizon: number;
  readonly seed: number | undefined;
  readonly format: SummaryFormat;
  readonly html: string | undefined;
}

/** Carries out `bench history`. @param names a suite and a system, or suite/system @returns the exit code */
export async function historyNamed(
  names: readonly string[],
  options: HistoryNamedOptions,
  deps: Deps,
): Promise<number> {
  const project = await findProject(deps.cwd);
  const [suite, system] = suiteAndSystem(names);
  const { runs, problems, accepted } = await runsOf(project, suite, system);
  for (const problem of problems) line(deps.stderr, formatProblem(problem));
  const { metric, condition, last, protocol, shared, alpha, horizon, seed, format, html } = options;
  const series = chooseSeries(runs, { protocol, shared });
  if (series.runs.length === 0) throw noRuns(runs, protocol);
  const chosen = { metrics: metric.map(canonicalMetric), conditions: condition };
  const table = await collectHistory(series, {
    ...chosen,
    last,
    walk: new HistoryWalk({
      ...chosen,
      horizon,
      shared,
      accepted,
      ...(alpha !== undefined && { alpha }),
      ...(seed !== undefined && { seed }),
    }),
    calibrations: (await readCalibrations(project)).calibrations,
    ...(shared && { narrow: await sharedByAll(series) }),
  });
  deps.stdout.write(formatHistory(table, format, terminalOf(deps.stdout).columns));
  if (html !== undefined) await writePage((page) => historyPage(table, page), html, deps);
  return problems.length > 0 ? EXIT.data : EXIT.ok;
}

function suiteAndSystem(names: readonly string[]): [suite: string, system: string] {
  const [first = "", second] = names;
  const slash = first.indexOf("/");
  if (second !== undefined) return [first, second];
  if (slash > 0) return [first.slice(0, slash), first.slice(slash + 1)];
  throw new UsageError({
    code: "E_HISTORY_SYSTEM",
    where: first,
    expected: "a suite and a system",
    got: "a suite alone",
    fix: `name the system: bench history ${first} <system>`,
  });
}

/** The sound runs of a system on a suite, in `runs/` and as its baseline, and which of them a person accepted. */
async function runsOf(project: Project, suite: string, system: string) {
  const { runs, problems } = await listRuns(project.runs);
  const baseline = await baselineOf(project, suite, system);
  const all = [...(baseline ? [baseline] : []), ...runs];
  const found = all.filter(({ manifest }) => manifest.suite.id === suite && manifest.system.id === system);
  if (found.length === 0) throw unknown(`${suite}/${system}`, all);
  const accepted = new Set(baseline ? [baseline.manifest.run] : []);
  const sound = await refuseEdited({ runs: found, problems }, false);
  if (sound.runs.length === 0) throw new DataError(sound.problems);
  return { ...sound, accepted };
}

/** Narrows runs to the questions that all of them were asked, which must be the same questions in all. */
async function sharedByAll({ runs }: ChosenSeries): Promise<(scores: Scores) => Scores> {
  const [first, ...others] = runs.map(({ dir }) => dir);
  await requireSameQuestions(first!, others);
  let shared: Set<string> | undefined;
  for (const { dir } of runs) {
    const ids = new Set<string>();
    for await (const { id } of readQuestions(dir)) if (shared === undefined || shared.has(id)) ids.add(id);
    shared = ids;
  }
  const keep = shared ?? new Set();
  if (keep.size === 0) {
    throw new DataError([
      {
        code: "E_COMPARE_QUERIES",
        where: `${runs.length} runs`,
        expected: "at least one question that all of them were asked",
        got: "none",
        fix: "leave --shared out: runs over the same questions make a series of their own",
      },
    ]);
  }
  return (scores) => restrict(scores, keep);
}

function unknown(name: string, runs: readonly Run[]): DataError {
  const known = runs.map(({ manifest }) => `${manifest.suite.id}/${manifest.system.id}`);
  const near = nearest(name, known);
  return new DataError([
    {
      code: "E_RUN_UNKNOWN",
      where: name,
      expected: "a suite and a system with a run in runs/",
      got: known.length === 0 ? "no runs yet" : quoteValue(name),
      fix: near === undefined ? "start one with `bench run`; `bench show` lists them" : `did you mean "${near}"?`,
    },
  ]);
}

function noRuns(runs: readonly Run[], protocol: string | undefined): DataError {
  const finished = runs.filter(({ state }) => state === "complete");
  const { suite, system } = runs[0]!.manifest;
  return new DataError([
    {
      code: "E_HISTORY_EMPTY",
      where: `${suite.id}/${system.id}`,
      expected:
        protocol === undefined
          ? "at least one finished run"
          : `a finished run whose protocol begins with ${quoteValue(protocol)}`,
      got:
        finished.length === 0
          ? `${runs.length} interrupted`
          : `only ${[...new Set(finished.map(({ manifest }) => manifest.protocol))].join(", ")}`,
      fix: finished.length === 0 ? "finish it with --resume" : "leave --protocol out, or name one of these",
    },
  ]);
}
