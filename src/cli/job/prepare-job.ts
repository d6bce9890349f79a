import {
  findProject,
  listSuites,
  listSystems,
  loadPrice,
  loadRefusalJudge,
  loadSuite,
  loadSystem,
  type Project,
  type RefusalJudge,
  type Suite,
  type System,
} from "../../config/index.ts";
import { UsageError } from "../../core/errors.ts";
import { type Dataset, type Fingerprint, openDataset } from "../../dataset/index.ts";
import { parseMetric } from "../../metric/index.ts";
import { loadQuestions, type Plan, planRun } from "../../run/index.ts";
import type { Deps } from "../deps.ts";
import { codeState } from "./code-state.ts";
import { datasetFacts } from "./dataset-facts.ts";

/** What the command line asks for. */
export interface JobOptions {
  readonly suite: string | undefined;
  readonly system: readonly string[];
  readonly topk?: readonly number[];
  readonly trials?: number | undefined;
  readonly seed?: number | undefined;
}

/** Which questions of the split are asked. */
export interface ChoiceOptions {
  readonly limit: number | undefined;
  readonly query: readonly string[];
}

/** A suite with its dataset and the systems named, read and checked. */
export interface Opened {
  readonly project: Project;
  readonly suite: Suite;
  readonly dataset: Dataset;
  readonly fingerprint: Fingerprint;
  readonly systems: readonly System[];
}

/** Systems to run on one suite, planned before the first question is asked. */
export interface Job extends Opened {
  readonly parts: readonly { readonly system: System; readonly plan: Plan }[];
  /** Where the suite leaves its refusals to a judge. */
  readonly refusalJudge?: RefusalJudge | undefined;
}

/** @throws BenchError with what is wrong with suite, systems or dataset */
export async function openJob(options: JobOptions, deps: Deps): Promise<Opened> {
  const project = await findProject(deps.cwd);
  const { topk = [], trials, seed } = options;
  const suite = await loadSuite(project, options.suite ?? (await onlySuite(project)), {
    ...(topk.length > 0 && { topk: [...new Set(topk)] }),
    ...(trials !== undefined && { trials }),
    ...(seed !== undefined && { seed }),
  });
  if (options.system.length === 0) throw await noSystem(project);
  const systems: System[] = [];
  for (const id of new Set(options.system)) systems.push(await loadSystem(project, id, deps.env));
  const dataset = await openDataset(suite.datasetDir);
  return { project, suite, dataset, fingerprint: await dataset.fingerprint(), systems };
}

/** @throws BenchError with what is wrong, the fit of suite and systems included */
export async function prepareJob(options: JobOptions & ChoiceOptions, deps: Deps): Promise<Job> {
  const opened = await openJob(options, deps);
  const { project, suite, dataset, fingerprint } = opened;
  const refusalJudge = await loadRefusalJudge(project, suite, deps.env);
  const questions = await loadQuestions(dataset, suite.config.split, {
    documents: byDocument(suite.config.metrics),
    ...(options.limit !== undefined && { limit: options.limit, seed: suite.config.seed }),
    ...(options.query.length > 0 && { only: options.query }),
  });
  const code = await codeState(project.root);
  const plan = async (system: System): Promise<Plan> =>
    planRun({
      suite,
      system,
      dataset: datasetFacts(dataset, fingerprint),
      questions,
      refusalJudge,
      code,
      machine: deps.machine,
      price: await loadPrice(project, system),
      command: deps.commandLine,
    });
  const parts: Job["parts"][number][] = [];
  for (const system of opened.systems) parts.push({ system, plan: await plan(system) });
  return { ...opened, parts, refusalJudge };
}

/** Whether any of the metrics is taken by document. */
export function byDocument(names: readonly string[]): boolean {
  return names.some((name) => {
    const parsed = parseMetric(name);
    return parsed.ok && parsed.metric.kind === "ranking" && parsed.metric.gold === "document";
  });
}

/** The suite that is meant where none is named. @throws UsageError unless there is exactly one */
export async function onlySuite(project: Project): Promise<string> {
  const suites = await listSuites(project);
  if (suites.length === 1) return suites[0]!;
  throw missing("--suite", "benchmarks/<id>/suite.yaml", suites);
}

async function noSystem(project: Project): Promise<UsageError> {
  return missing("--system", "benchmarks/systems/<id>.yaml", await listSystems(project));
}

function missing(where: string, place: string, known: readonly string[]): UsageError {
  const none = known.length === 0;
  return new UsageError({
    code: "E_USAGE",
    where,
    expected: none ? `a file ${place}` : `one of ${known.join(", ")}`,
    got: "nothing",
    fix: none ? "make a project with `bench init`" : `add ${where} ${known[0]}`,
  });
}
