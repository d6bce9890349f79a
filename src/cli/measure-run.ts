import { relative } from "node:path";
import type { System } from "../config/index.ts";
import { measureLatency, type Placement, type Plan, searchThreads } from "../run/index.ts";
import type { BuiltSystem } from "../system/index.ts";
import { type Deps, line, type Output } from "./deps.ts";
import type { Job } from "./prepare-job.ts";
import { startProgress } from "./progress.ts";

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
  line(notes, `${place.run}: measuring latency`);
  const progress = startProgress(`${system.id} latency`, options.quiet, deps);
  const measured = measureLatency(
    place.dir,
    { warmup: options.latencyWarmup, batch: options.latencyBatch },
    {
      retriever: built.retriever,
      threads: searchThreads({
        system,
        corpusSha256: job.fingerprint.corpusSha256,
        cacheDir: job.project.cache,
        env: deps.env,
      }),
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
