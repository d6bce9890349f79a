import { relative } from "node:path";
import type { System } from "../../config/index.ts";
import { systemParts } from "../../config/system-parts.ts";
import { type LatencyDeps, measureLatency, type Placement, type Plan, searchThreads } from "../../run/index.ts";
import { openBm25 } from "../../search/index.ts";
import { type BuiltSystem, bm25Settings } from "../../system/index.ts";
import { type Deps, line, type Output } from "../deps.ts";
import { bm25Threads } from "../job/bm25-threads.ts";
import type { Job } from "../job/prepare-job.ts";
import { startProgress } from "../terminal/progress.ts";

export interface LatencyOptions {
  readonly latency: boolean;
  readonly latencyWarmup: number;
  readonly latencyBatch: number;
  readonly quiet: boolean;
}

/** A finished run and the system that made it. */
export interface Finished {
  readonly job: Job;
  readonly system: System;
  readonly plan: Plan;
  readonly place: Placement;
  readonly built: BuiltSystem;
}

/** Makes the latency pass of a finished run, or says why it has none. */
export async function measureRun(
  { job, system, plan, place, built }: Finished,
  options: LatencyOptions,
  notes: Output,
  deps: Deps,
): Promise<void> {
  if (built.retriever === undefined) {
    line(notes, `${place.run}: no retriever, so no latency to measure`);
    return;
  }
  if (plan.retrievalSource !== "measured") {
    line(notes, `${place.run}: its rankings are ${plan.retrievalSource}, so they have no latency of their own`);
    return;
  }
  const budget = systemParts({ retriever: system.config.retriever }).find(({ values }) => values.rate !== undefined);
  if (budget !== undefined) {
    const where = `${system.file} ${budget.pointer}/rate`;
    line(notes, `${place.run}: ${where} holds calls back, and what they wait would be measured; no latency is`);
    return;
  }
  line(notes, `${place.run}: measuring latency`);
  const progress = startProgress(`${system.id} latency`, options.quiet, deps);
  const measured = measureLatency(
    place.dir,
    { warmup: options.latencyWarmup, batch: options.latencyBatch },
    {
      retriever: built.retriever,
      threads: threadsOf({ job, system }, deps),
      clock: deps.clock,
      signal: deps.signal,
      owner: deps.owner,
      code: plan.manifest.code,
      machine: plan.manifest.machine,
      onProgress: (step) => progress.update({ ...step, refused: 0, inFlight: 1, retries: 0 }),
    },
  ).finally(() => progress.stop());
  await measured.catch((error: unknown) => {
    if (deps.signal.aborted) line(deps.stderr, `${place.run}: latency not measured; the run itself is finished`);
    throw error;
  });
  line(notes, `${place.run}: latency in ${relative(deps.cwd, place.dir)}/latency.jsonl`);
}

/** Threads with a retriever each; plain BM25, which needs nothing of its own but the index, shares one. */
function threadsOf({ job, system }: Pick<Finished, "job" | "system">, { env, signal }: Deps): LatencyDeps["threads"] {
  const { corpusSha256 } = job.fingerprint;
  const cacheDir = job.project.cache;
  const { retriever } = system.config;
  if (retriever?.kind !== "bm25") return searchThreads({ system, corpusSha256, cacheDir, env });
  const settings = bm25Settings(retriever);
  const passages = () => job.dataset.passages();
  return bm25Threads(() => openBm25({ passages, corpusSha256, settings, cacheDir, signal }));
}
