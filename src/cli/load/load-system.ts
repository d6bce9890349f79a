import { join, relative, resolve } from "node:path";
import type { Answer, AnswerRequest } from "../../core/contracts.ts";
import { EXIT, SystemFailure, UnavailableError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { openDataset } from "../../dataset/index.ts";
import { openPassageStore, type PassageStore } from "../../dataset/passage-store.ts";
import { replaceFile } from "../../lib/atomic.ts";
import { sleepFor } from "../../lib/retry.ts";
import { printable, truncate } from "../../lib/text.ts";
import { type LoadFigures, loadFigures } from "../../report/load/load-figures.ts";
import { loadPage } from "../../report/load/load-page.ts";
import { loadText } from "../../report/load/load-text.ts";
import { formatLoadRate } from "../../report/load/load-words.ts";
import { measureLoad } from "../../run/load/measure-load.ts";
import type { LoadProgress } from "../../run/load/measure-step.ts";
import type { LoadRecord } from "../../runlog/load-record.ts";
import { type BuiltSystem, buildSystem, inspectEndpoint } from "../../system/index.ts";
import { type Deps, line, terminalOf } from "../deps.ts";
import { systemWorld } from "../job/system-world.ts";
import { type Progress, startProgress } from "../terminal/progress.ts";
import { requireTextPlan } from "../terminal/text-plan.ts";
import { VERSION } from "../version.ts";
import { dryRunLoad } from "./load-dry-run.ts";
import { type LoadJob, type LoadOptions, prepareLoad } from "./load-job.ts";
import { type LoadRequests, madeUpPrompts, suitePrompts } from "./load-prompts.ts";
import { loadSuiteOf } from "./load-suite-of.ts";

const LEVEL = 0.95;

/**
 * Carries out `bench load`.
 * @returns the exit code
 * @throws UnavailableError when the system does not answer the first request; then nothing is written
 */
export async function measureSystemLoad(options: LoadOptions, deps: Deps): Promise<number> {
  if (options.dryRun) requireTextPlan(options.format);
  const job = await prepareLoad(options, deps);
  if (options.dryRun) return dryRunLoad(job, options, deps);
  const { stdout, stderr, signal } = deps;
  const record = await withSystem(job, options, deps, (built, requests) =>
    measure(job, options, built, requests, deps),
  );
  const figures = loadFigures(record, LEVEL);
  const out = await write(record, figures, job, options, deps);
  const { steps: _, ...head } = record;
  const text = options.format === "json" ? `${JSON.stringify({ ...head, figures }, undefined, 2)}\n` : undefined;
  stdout.write(text ?? loadText(record, figures, terminalOf(stdout).columns));
  if (!options.quiet) line(stderr, `\n${out.map((path) => printable(relative(deps.cwd, path))).join(", ")}`);
  if (signal.aborted) return EXIT.interrupted;
  if (figures.steps.some(({ n, answered }) => n === 0 || answered > 0)) return EXIT.ok;
  line(stderr, "no request was answered");
  return EXIT.unavailable;
}

/** Builds the system and what is asked of it, sends the first request, and lets go of all in the end. */
async function withSystem(
  job: LoadJob,
  options: LoadOptions,
  deps: Deps,
  work: (built: BuiltSystem, requests: LoadRequests) => Promise<LoadRecord>,
): Promise<LoadRecord> {
  const { system, promptTokens } = job;
  const { signal } = deps;
  // Before anything is sent under load, and with what it holds let go of then.
  const ofSuite = promptTokens === undefined ? await retrieved(job, options, deps) : undefined;
  const noPassages = { passages: async function* () {}, corpusSha256: "" };
  const built = await buildSystem(system, { ...systemWorld(job.project.cache, deps), ...noPassages, unpaced: true });
  try {
    await built.preflight(signal);
    if (ofSuite !== undefined) {
      await first(built, ofSuite.request(0), system.file, signal);
      return await work(built, ofSuite);
    }
    const madeUp = madeUpPrompts(promptTokens!, options.seed, await inspectEndpoint(system, deps));
    const { usage } = await first(built, madeUp.first, system.file, signal);
    return await work(built, madeUp.corrected(usage?.promptTokens));
  } finally {
    await built.close();
  }
}

/** The suite's questions with the passages that the system's retriever finds, at its own pace. */
async function retrieved(job: LoadJob, options: LoadOptions, deps: Deps): Promise<LoadRequests> {
  const { id: suite, datasetDir, split, k } = await loadSuiteOf(job.project, options);
  const dataset = await openDataset(datasetDir);
  const { corpusSha256 } = await dataset.fingerprint();
  const store = await openPassageStore(dataset);
  const lookup: PassageStore["get"] = (ids) => store.get(ids);
  let built: BuiltSystem | undefined;
  try {
    if (job.retrieval) {
      const corpus = { passages: () => dataset.passages(), corpusSha256, lookup };
      built = await buildSystem(job.retrieval, { ...systemWorld(job.project.cache, deps), ...corpus });
      await built.preflight(deps.signal);
    }
    const source = { suite, dataset, split, k, retriever: built?.retriever, passages: lookup };
    const fix = "see what the retriever or its server says; `bench ask` puts one question";
    const place = { where: job.system.file, expected: "the passages of the suite's questions", fix };
    return await orUnavailable(suitePrompts(source, deps.signal), place);
  } finally {
    await built?.close();
    await store.close();
  }
}

/** A server that does not answer one request need not be sent a thousand. */
function first(built: BuiltSystem, request: AnswerRequest, where: string, signal: AbortSignal): Promise<Answer> {
  const fix = "see what the server says; `bench ask` puts one question, and --prompt-tokens sets the length of prompts";
  return orUnavailable(built.generator!.answer(request, signal), {
    where,
    expected: "an answer to the first request",
    fix,
  });
}

/** A failure that would belong to one question of a run ends the command here. */
async function orUnavailable<T>(work: Promise<T>, place: Pick<Problem, "where" | "expected" | "fix">): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SystemFailure)) throw error;
    throw new UnavailableError([{ ...place, code: error.code, got: truncate(error.message, 500) }]);
  }
}

async function measure(
  { system, plan, outputTokens }: LoadJob,
  { quiet }: LoadOptions,
  built: BuiltSystem,
  { prompts, request }: LoadRequests,
  deps: Deps,
): Promise<LoadRecord> {
  const { clock, signal, machine, commandLine } = deps;
  const startedAt = new Date(clock.now()).toISOString();
  const { arrivals, seed, limits, share, maxInFlight } = plan;
  const shown = stepProgress(system.id, quiet, deps);
  try {
    const steps = await measureLoad(plan, {
      generator: built.generator!,
      ...{ request, clock, signal },
      sleep: sleepFor,
      onProgress: shown.update,
    });
    return {
      ...{ kind: "load", schema: 1 },
      id: `${startedAt.slice(0, 19).replace(/[-:]/g, "")}Z-${system.id}`,
      startedAt,
      status: signal.aborted ? "interrupted" : "complete",
      system: { id: system.id, sha256: system.sha256, generator: nameOf(system) },
      prompts,
      ...(outputTokens !== undefined && { outputTokens }),
      ...{ arrivals, seed, limits, share, maxInFlight, steps },
      plumbline: VERSION,
      machine,
      command: commandLine,
    };
  } finally {
    shown.stop();
  }
}

/** `openai raft-8b`: the kind, and the model as the file writes it. */
function nameOf({ publicConfig: { generator } }: LoadJob["system"]): string {
  return [generator?.kind ?? "", ...(generator && "model" in generator ? [generator.model] : [])].join(" ");
}

/** A display of its own for each rate. */
function stepProgress(title: string, quiet: boolean, deps: Deps): { update(step: LoadProgress): void; stop(): void } {
  let shown: Progress | undefined;
  let current: number | undefined;
  return {
    update({ rate, ...step }) {
      if (rate !== current) {
        shown?.stop();
        shown = startProgress(`${title} ${formatLoadRate(rate)}`, quiet, deps);
        current = rate;
      }
      shown!.update({ ...step, refused: 0, retries: 0 });
    },
    stop: () => shown?.stop(),
  };
}

/** Writes the result and the page beside it. @returns where they are */
async function write(
  record: LoadRecord,
  figures: LoadFigures,
  { project }: LoadJob,
  { out }: LoadOptions,
  { cwd, packageRoot }: Deps,
): Promise<string[]> {
  const json = out === undefined ? join(project.root, "loads", `${record.id}.json`) : resolve(cwd, out);
  const html = `${json.replace(/\.json$/i, "")}.html`;
  await replaceFile(json, `${JSON.stringify({ ...record, figures })}\n`);
  await replaceFile(html, await loadPage(record, figures, join(packageRoot, "reports", "templates")));
  return [json, html];
}
