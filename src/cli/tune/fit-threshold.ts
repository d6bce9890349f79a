import { resolve } from "node:path";
import type { Retriever } from "../../core/contracts.ts";
import { EXIT } from "../../core/errors.ts";
import { openPassageStore, type PassageStore } from "../../dataset/index.ts";
import { parseMetric, rankIds } from "../../metric/index.ts";
import type { Questions } from "../../run/index.ts";
import { buildSystem, fitReader, openReader, type ReaderSample } from "../../system/index.ts";
import { type Deps, line } from "../deps.ts";
import { prepareFitting } from "./eval-split.ts";
import { writeSetting } from "./write-setting.ts";

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
export async function fitThreshold(name: string, options: FitOptions, deps: Deps): Promise<number> {
  const { split, topk, write } = options;
  const { project, dataset, system, questions, systemDeps } = await prepareFitting(name, options, deps);
  const reader = await openReader(system, systemDeps);
  const built = await buildSystem(system, systemDeps);
  const store = await openPassageStore(dataset);
  try {
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
      await writeSetting(resolve(project.cwd, system.file), ["generator", "decline_below"], fitted.declineBelow);
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
