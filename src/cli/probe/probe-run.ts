import { relative } from "node:path";
import { loadPrice, loadRefusalJudge, type Suite, type System } from "../../config/index.ts";
import { type Condition, formatCondition } from "../../core/condition.ts";
import { DataError, EXIT, UsageError } from "../../core/errors.ts";
import { formatProblem } from "../../core/problem.ts";
import { openPassageStore, type PassageStore } from "../../dataset/passage-store.ts";
import { hashValue } from "../../lib/hash.ts";
import { quoteValue } from "../../lib/text.ts";
import { type Metric, parseMetric } from "../../metric/index.ts";
import { formatProbe } from "../../report/probe/format-probe.ts";
import { probePage } from "../../report/probe/probe-page.ts";
import { type Probe, probeTable } from "../../report/probe/probe-table.ts";
import { requirePrices } from "../../run/cost/require-prices.ts";
import { type Plan, placeRun, planRun, type Questions } from "../../run/index.ts";
import type { MadeContexts } from "../../run/probe/made-contexts.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { readScores } from "../../runlog/read-scores.ts";
import type { Scores } from "../../runlog/scores.ts";
import { buildSystem } from "../../system/index.ts";
import { type Deps, line, type Output, terminalOf } from "../deps.ts";
import { codeState } from "../job/code-state.ts";
import { datasetFacts } from "../job/dataset-facts.ts";
import { type Opened, openJob } from "../job/prepare-job.ts";
import { answering } from "../run/answering.ts";
import { carryOut, describeResult, systemDeps } from "../run/carry-out.ts";
import { dryRunJob } from "../run/dry-run.ts";
import { requireTextPlan } from "../terminal/text-plan.ts";
import { writePage } from "../terminal/write-page.ts";
import type { ProbeOptions } from "./probe-flags.ts";

/** A system, and the suite whose questions are put to it differently. */
export interface OpenedProbe extends Opened {
  readonly system: System;
  readonly passages: PassageStore;
}

/** What a probe asks: a suite of its own, made of another. */
export interface ProbePlan {
  readonly kind: "context" | "distractors" | "paraphrase";
  readonly title: string;
  /** Without the parts that the probe does not use. */
  readonly system: System;
  readonly questions: Questions;
  readonly conditions: readonly Condition[];
  readonly metrics: readonly Metric[];
  /** How deep is retrieved; the suite's depth when left out. */
  readonly depth?: number;
  readonly cluster?: "document";
  /** All that the results depend on besides suite and system, as JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly contexts?: MadeContexts;
}

/** A probe's run: finished, or at an end of another kind with its exit code. */
export type ProbeRun =
  | { readonly done: true; readonly scores: Scores; readonly dir: string; readonly exitCode: number }
  | { readonly done: false; readonly exitCode: number };

/** Opens suite, system and corpus for a probe; the corpus is closed afterwards. @throws BenchError with what is wrong */
export async function withProbe(
  name: string,
  { suite, seed }: Pick<ProbeOptions, "suite" | "seed">,
  deps: Deps,
  work: (opened: OpenedProbe) => Promise<number>,
): Promise<number> {
  const job = await openJob({ suite, seed, system: [name] }, deps);
  const system = job.systems[0]!;
  for (const part of ["retriever", "generator"] as const) {
    if (system.config[part]?.kind === "replay") throw replayed(system, part);
  }
  const passages = await openPassageStore(job.dataset);
  try {
    return await work({ ...job, system, passages });
  } finally {
    await passages.close();
  }
}

/**
 * Carries a probe out as a run of a suite of its own, `<suite>-probe-<kind>`, in `runs/`: it is resumed, limited, cached and
 * logged as every run, and a finished one is used again.
 */
export async function runProbe(
  opened: OpenedProbe,
  probe: ProbePlan,
  options: ProbeOptions,
  deps: Deps,
): Promise<ProbeRun> {
  if (options.dryRun) requireTextPlan(options.format);
  const { project, passages, fingerprint, dataset } = opened;
  const { system } = probe;
  const notes: Output = options.quiet ? { ...deps.stderr, write: () => undefined } : deps.stderr;
  const suite = suiteOf(opened.suite, probe);
  const refusalJudge = await loadRefusalJudge(project, suite, deps.env);
  const plan = planRun({
    ...{ suite, system, questions: probe.questions, machine: deps.machine, command: deps.commandLine },
    dataset: datasetFacts(dataset, fingerprint),
    code: await codeState(project.root),
    refusalJudge,
    price: await loadPrice(project, system),
    probe: { kind: probe.kind, ...probe.settings },
    ...(probe.contexts && { contexts: probe.contexts }),
  });
  const job = { ...opened, suite, parts: [{ system, plan }], refusalJudge };
  requirePrices(options.maxCost, job.parts);
  if (options.dryRun) return { done: false, exitCode: await dryRunJob(job, options, deps) };
  for (const warning of plan.warnings) line(notes, `warning: ${formatProblem(warning)}`);
  const place = await placeRun(project.runs, plan, { ...options, owner: deps.owner });
  if (place.action === "reuse") line(notes, `${place.run}: finished before; --fresh runs it again`);
  else {
    const built = await buildSystem(
      system,
      systemDeps({ job, system, questionTimeout: undefined }, passages, notes, deps),
    );
    try {
      const asked = await answering(built, { system, plan, run: place.run, project }, options, deps);
      const parts = { system: asked.system, passages };
      const result = await carryOut(plan, place, parts, options, undefined, deps);
      const stopped = result.state === "interrupted";
      line(stopped ? deps.stderr : notes, describeResult(result, relative(deps.cwd, place.dir)));
      for (const note of [...built.notes(), ...asked.notes()]) line(notes, `${system.id}: ${note}`);
      if (stopped) return { done: false, exitCode: EXIT.interrupted };
    } finally {
      await built.close();
    }
  }
  let undecided: number = EXIT.ok;
  if (job.refusalJudge) {
    const { decideRefusals } = await import("../refusal/decide-refusals.ts");
    undecided = await decideRefusals(job.refusalJudge, [place.dir], { ...options, project }, notes, deps);
    if (undecided === EXIT.interrupted) return { done: false, exitCode: undecided };
  }
  const scores = await readScores(place.dir);
  return {
    done: true,
    scores,
    dir: place.dir,
    exitCode: exitCodeOf(scores, plan, suite.config.max_failures) || undecided,
  };
}

/** Prints the table of a probe, and writes its page where one is wanted. */
export async function printProbe(probe: Probe, options: Pick<ProbeOptions, "format" | "html">, deps: Deps) {
  const table = probeTable(probe);
  deps.stdout.write(formatProbe(table, options.format, terminalOf(deps.stdout).columns));
  if (options.html !== undefined) await writePage((facts) => probePage(table, facts), options.html, deps);
}

/**
 * The metrics that are asked for, else the suite's first of each kind: of rankings the first nDCG or else the first, of answers
 * the first that compares with references.
 * @throws UsageError for a name that is no metric or of another kind; DataError when the suite has none
 */
export function probeMetrics(
  { suite }: Pick<Opened, "suite">,
  names: readonly string[],
  kinds: readonly Metric["kind"][],
): Metric[] {
  if (names.length > 0) return names.map((name) => namedMetric(name, kinds));
  const all = suite.config.metrics.flatMap((name) => {
    const parsed = parseMetric(name);
    return parsed.ok ? [parsed.metric] : [];
  });
  const rankings = all.filter(({ kind }) => kind === "ranking");
  const ranking = rankings.find(({ name }) => name.startsWith("nDCG")) ?? rankings[0];
  const answer = all.find(({ kind, definition }) => kind === "answer" && definition.group === "reference");
  const found = [ranking, answer].filter((metric) => metric !== undefined && kinds.includes(metric.kind));
  if (found.length > 0) return found as Metric[];
  const expected = `a metric of ${kinds.join("s or ")}s`;
  const fix = `name one: --metric ${kinds.includes("answer") ? "F1" : "nDCG@10"}`;
  throw new DataError([{ code: "E_SUITE", where: suite.file, expected, got: "none", fix }]);
}

/** A system without the part that a probe does not need: nothing is indexed, and no server has to be there, for its sake. */
export function withoutPart(system: System, part: "retriever" | "generator"): System {
  const { [part]: _, ...config } = system.config;
  const { [part]: __, ...publicConfig } = system.publicConfig;
  return { ...system, config, publicConfig };
}

/** @throws DataError (E_SYSTEM) when the system lacks a part that the probe asks */
export function requirePart(system: System, part: "retriever" | "generator", fix: string): void {
  if (system.config[part] !== undefined) return;
  throw new DataError([{ code: "E_SYSTEM", where: system.file, expected: `a ${part}`, got: "none", fix }]);
}

/** Numbers of the documents that questions come from, where the suite counts them as one; one without a document stands alone. */
export function clustersOf({ suite }: Pick<Opened, "suite">, questions: readonly QuestionRecord[]) {
  if (suite.config.cluster !== "document") return {};
  const numbers = new Map<string, number>();
  const clusters = Int32Array.from(questions, ({ id, document }) => {
    const key = document === undefined ? `q ${id}` : `d ${document}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  return { clusters };
}

/** Each question is asked once in every cell. */
function suiteOf(suite: Suite, { kind, title, conditions, metrics, depth, cluster, settings }: ProbePlan): Suite {
  return {
    ...suite,
    id: `${suite.id}-probe-${kind}`,
    sha256: hashValue({ suite: suite.sha256, probe: kind, settings }),
    config: {
      ...suite.config,
      title: `${suite.config.title ?? suite.id}: ${title}`,
      conditions: conditions.map(formatCondition),
      metrics: metrics.map(({ name }) => name),
      trials: 1,
      ...(depth !== undefined && { depth }),
      ...(cluster && { cluster }),
    },
    conditions,
  };
}

/** That a context which the probe made is too long for the server is a result, no failure. */
function exitCodeOf({ groups }: Scores, { manifest, contexts }: Plan, maxFailures: number): number {
  let failed = 0;
  for (const { failures } of groups.values()) {
    for (const [code, count] of failures) if (contexts === undefined || code !== TOO_LONG) failed += count;
  }
  const asked = manifest.dataset.queries * Math.max(1, manifest.conditions.length);
  return failed / asked > maxFailures ? EXIT.unavailable : EXIT.ok;
}

/** How a server says that a prompt does not fit the model's window. */
export const TOO_LONG = "E_ENDPOINT_CONTEXT";

function namedMetric(name: string, kinds: readonly Metric["kind"][]): Metric {
  const parsed = parseMetric(name);
  if (!parsed.ok) throw new UsageError({ code: "E_METRIC", where: "--metric", ...parsed.problem });
  if (kinds.includes(parsed.metric.kind)) return parsed.metric;
  throw new UsageError({
    ...{ code: "E_METRIC", where: "--metric", expected: `a metric of ${kinds.join("s or ")}s` },
    got: `${quoteValue(name)}, which is of ${parsed.metric.kind}s`,
    fix: `name for example ${kinds.includes("answer") ? "F1" : "nDCG@10"}`,
  });
}

function replayed({ file }: System, part: string): DataError {
  const expected = `a ${part} that can be asked anew`;
  const fix = "name a system that runs: what was recorded says nothing of other questions and contexts";
  return new DataError([{ code: "E_SYSTEM", where: file, expected, got: "a replayed one", fix }]);
}
