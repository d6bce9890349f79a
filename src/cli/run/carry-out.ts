import type { System } from "../../config/index.ts";
import type { PassageStore } from "../../dataset/passage-store.ts";
import { executeRun, type Placement, type Plan, type RunResult } from "../../run/index.ts";
import type { BuiltSystem, SystemDeps } from "../../system/index.ts";
import { type Deps, line, type Output } from "../deps.ts";
import type { Opened } from "../job/prepare-job.ts";
import { systemWorld } from "../job/system-world.ts";
import { startPacedProgress } from "../terminal/paced-progress.ts";
import type { Pilot } from "./pilot.ts";

/** How long and how dear a run may be at most. */
export interface Limits {
  /** Milliseconds. */
  readonly maxTime: number | undefined;
  /** US dollars. */
  readonly maxCost: number | undefined;
  readonly quiet: boolean;
}

const STAGES = { index: "indexed", embed: "embedded", match: "read for matching" } as const;

/** What a system of a job is built with: the corpus and the outside world. */
export function systemDeps(
  { job, system, questionTimeout }: { job: Opened; system: System; questionTimeout: number | undefined },
  passages: PassageStore,
  notes: Output,
  deps: Deps,
): SystemDeps {
  return {
    passages: () => job.dataset.passages(),
    corpusSha256: job.fingerprint.corpusSha256,
    ...systemWorld(job.project.cache, deps),
    ...(questionTimeout !== undefined && { questionTimeoutMs: questionTimeout }),
    lookup: (ids) => passages.get(ids),
    onProgress: ({ stage, done }) => line(notes, `${system.id}: ${done} passages ${STAGES[stage]}`),
  };
}

/** Executes a placed plan under the limits of the command line, and shows how it goes on. */
export async function carryOut(
  plan: Plan,
  place: Placement,
  parts: { readonly system: BuiltSystem; readonly passages: PassageStore },
  { quiet, maxTime, maxCost }: Limits,
  pilot: Pilot | undefined,
  deps: Deps,
): Promise<RunResult> {
  const progress = startPacedProgress(plan.manifest.system.id, quiet, () => parts.system.pace(), deps);
  try {
    return await executeRun(plan, place, {
      ...parts,
      clock: deps.clock,
      signal: deps.signal,
      owner: deps.owner,
      limits: {
        ...(maxTime !== undefined && { maxTimeMs: maxTime }),
        ...(maxCost !== undefined && { maxUsd: maxCost }),
      },
      onEvent: (event) => {
        if (event.type === "finished") return;
        if (event.type === "progress") pilot?.add(event.line);
        progress.update(event);
      },
    });
  } finally {
    progress.stop();
  }
}

/** What became of a run, in a line. */
export function describeResult({ run, state, counts, done, total, stopped }: RunResult, dir: string): string {
  if (state === "interrupted") {
    const why = stopped === undefined ? "interrupted" : `stopped, ${stopped},`;
    return `${run}: ${why} at ${done} of ${total}; the same command with --resume goes on`;
  }
  const failed = counts.failures > 0 ? `, ${counts.failures} failed` : "";
  return `${run}: ${counts.retrievals} rankings, ${counts.answers} answers${failed}; log in ${dir}`;
}
