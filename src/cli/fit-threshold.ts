import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isScalar, parseDocument } from "yaml";
import type { Retriever } from "../core/contracts.ts";
import { EXIT, UsageError } from "../core/errors.ts";
import { openPassageStore, type PassageStore } from "../dataset/index.ts";
import { replaceFile } from "../lib/atomic.ts";
import { parseMetric, rankIds } from "../metric/index.ts";
import { loadQuestions, type Questions } from "../run/index.ts";
import { buildSystem, fitReader, openReader, type ReaderSample, type SystemDeps } from "../system/index.ts";
import { type Deps, line } from "./deps.ts";
import { prepareJob } from "./prepare-job.ts";

export interface FitOptions {
  readonly suite: string | undefined;
  readonly split: string;
  readonly topk: number;
  readonly write: boolean;
}

/**
 * Carries out `bench fit`: finds the threshold below which a reader declines.
 * @param name the system's id
 * @returns the exit code
 */
export async function fitThreshold(
  name: string,
  { suite, split, topk, write }: FitOptions,
  deps: Deps,
): Promise<number> {
  const {
    project,
    dataset,
    fingerprint,
    parts,
    suite: loaded,
  } = await prepareJob(
    { suite, system: [name], topk: [], trials: undefined, seed: undefined, limit: undefined, query: [] },
    deps,
  );
  if (split === loaded.config.split) throw tested(split);
  const { system } = parts[0]!;
  const systemDeps: SystemDeps = {
    passages: () => dataset.passages(),
    corpusSha256: fingerprint.corpusSha256,
    cacheDir: project.cache,
    env: deps.env,
    signal: deps.signal,
    clock: deps.clock,
  };
  const reader = await openReader(system, systemDeps);
  const built = await buildSystem(system, systemDeps);
  const store = await openPassageStore(dataset);
  try {
    const questions = await loadQuestions(dataset, split);
    const fitted = await fitReader(samples(questions, built.retriever, store, topk, deps.signal), {
      ...reader,
      score: scoreF1,
    });
    line(deps.stdout, `decline_below: ${fitted.declineBelow}`);
    line(
      deps.stdout,
      `mean F1 ${fitted.mean.toFixed(3)} on ${fitted.n} questions of ${split} (${fitted.meanWithout.toFixed(3)} without a threshold), the best of ${fitted.looked} thresholds`,
    );
    line(deps.stdout, "It was chosen on these questions, so it is too good for them: measure it on the test split.");
    if (write) {
      await writeThreshold(resolve(project.cwd, system.file), fitted.declineBelow);
      line(deps.stdout, `written to ${system.file}`);
    }
  } finally {
    await store.close();
    await built.close();
  }
  return EXIT.ok;
}

async function* samples(
  questions: Questions,
  retriever: Retriever | undefined,
  store: PassageStore,
  topk: number,
  signal: AbortSignal,
): AsyncGenerator<ReaderSample> {
  for (const { judgements: _, ...query } of questions.records) {
    const ranking = retriever ? (await retriever.search([query], topk, signal))[0]! : [];
    const passages = await store.get(rankIds(ranking).slice(0, topk));
    yield {
      request: { query, passages: passages.filter((p) => p !== undefined), condition: `rag@${topk}`, trial: 0 },
      references: query.answers ?? [],
      answerable: query.answerable ?? true,
    };
  }
}

/** Token F1 under the no-answer rule; a question without references is worth nothing either way. */
function scoreF1(answer: string | undefined, { references, answerable }: ReaderSample): number {
  const parsed = parseMetric("F1");
  if (!parsed.ok || parsed.metric.kind !== "answer") throw new Error("F1 is an answer metric");
  const outcome = parsed.metric.compute({
    answer: answer ?? "",
    refused: answer === undefined,
    references,
    answerable,
  });
  return outcome.state === "scored" ? outcome.value : 0;
}

/** Sets the threshold in a system file; every other character of it stays. */
async function writeThreshold(file: string, declineBelow: number): Promise<void> {
  const text = await readFile(file, "utf8");
  const document = parseDocument(text);
  const old = document.getIn(["generator", "decline_below"], true);
  if (isScalar(old) && old.range) {
    await replaceFile(file, text.slice(0, old.range[0]) + String(declineBelow) + text.slice(old.range[1]));
  } else {
    document.setIn(["generator", "decline_below"], declineBelow);
    await replaceFile(file, document.toString({ lineWidth: 0 }));
  }
}

function tested(split: string): UsageError {
  return new UsageError({
    code: "E_USAGE",
    where: "--split",
    expected: "a split that the suite does not test on",
    got: JSON.stringify(split),
    fix: "name another split, usually eval: a threshold chosen on the test split flatters the system",
  });
}
