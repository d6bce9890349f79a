import type { System } from "../../config/index.ts";
import { UsageError } from "../../core/errors.ts";
import { loadQuestions, type Questions } from "../../run/index.ts";
import type { SystemDeps } from "../../system/index.ts";
import type { Deps } from "../deps.ts";
import { byDocument, type Opened, openJob } from "../job/prepare-job.ts";
import { systemWorld } from "../job/system-world.ts";

/** A system with questions to choose its settings on. */
export interface Fitting extends Opened {
  readonly system: System;
  readonly questions: Questions;
  readonly systemDeps: SystemDeps;
}

/**
 * Opens a system and the split its settings are chosen on, which is never the one that the suite tests.
 * @throws UsageError when it is
 */
export async function prepareFitting(
  name: string,
  { suite, split, metric }: { readonly suite: string | undefined; readonly split: string; readonly metric?: string },
  deps: Deps,
): Promise<Fitting> {
  const job = await openJob({ suite, system: [name] }, deps);
  if (split === job.suite.config.split) throw tested(split);
  const systemDeps: SystemDeps = {
    passages: () => job.dataset.passages(),
    corpusSha256: job.fingerprint.corpusSha256,
    ...systemWorld(job.project.cache, deps),
  };
  const questions = await loadQuestions(job.dataset, split, {
    documents: metric !== undefined && byDocument([metric]),
  });
  return { ...job, system: job.systems[0]!, questions, systemDeps };
}

function tested(split: string): UsageError {
  return new UsageError({
    code: "E_USAGE",
    where: "--split",
    expected: "a split that the suite does not test on",
    got: JSON.stringify(split),
    fix: "name another split, usually eval: a setting chosen on the test split flatters the system",
  });
}
