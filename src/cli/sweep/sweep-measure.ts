import { setTimeout as wait } from "node:timers/promises";
import { type Outcome, unscored } from "../../core/outcome.ts";
import type { Ranking } from "../../core/ranking.ts";
import { openPassageStore, type PassageStore } from "../../dataset/index.ts";
import { forEachLimited } from "../../lib/pool.ts";
import { type Metric, type RankingMetric, type RefusalDetector, rankIds } from "../../metric/index.ts";
import type { SweepCell } from "../../report/sweep/sweep-table.ts";
import { type AskOptions, ask } from "../../run/ask.ts";
import { queryOf } from "../../run/ask-question.ts";
import { checkAnswer, settleRanking } from "../../run/check-reply.ts";
import { hasGold, judgementsFor } from "../../run/score.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { type BuiltSystem, buildSystem, type SystemDeps } from "../../system/index.ts";
import type { Deps } from "../deps.ts";
import { systemWorld } from "../job/system-world.ts";
import type { SweepCorpus } from "./sweep-corpora.ts";
import type { Variant } from "./sweep-systems.ts";

/** How often a retrieval is asked for, and an answer of a system that does not ask again by itself. */
const ATTEMPTS = 3;

/** What one system is measured on. */
export interface Measuring {
  readonly corpus: SweepCorpus;
  readonly variant: Variant;
  readonly questions: readonly QuestionRecord[];
  /** The `goldKey` of the questions that have gold in some cell; rankings say nothing of the others. */
  readonly gold: ReadonlySet<string>;
  readonly columns: readonly Metric[];
  /** How many passages are kept; none: the whole ranking. */
  readonly topk: readonly number[];
  /** How many passages a generator gets where `topk` has none; undefined: no answers are asked for. */
  readonly answersAt: number | undefined;
  readonly detectRefusal: RefusalDetector;
  /** How many passages are retrieved. */
  readonly depth: number;
  readonly cacheDir: string;
  /** Lets systems over this corpus have their common parts search once. */
  readonly share: NonNullable<SystemDeps["share"]>;
  /** Takes what the system says of itself. */
  readonly notes: Set<string>;
  step(done: number): void;
}

/** Retrieves once at the largest depth, scores the ranking at each k and, where asked to, an answer from each k passages. */
export async function measureCells(measuring: Measuring, deps: Deps): Promise<SweepCell[]> {
  const { corpus, variant, cacheDir, share, notes } = measuring;
  const passages = await openPassageStore(corpus.dataset);
  try {
    const built = await buildSystem(variant.system, {
      passages: () => corpus.dataset.passages(),
      corpusSha256: corpus.corpusSha256,
      ...systemWorld(cacheDir, deps),
      share,
      lookup: (ids) => passages.get(ids),
    });
    try {
      await built.preflight(deps.signal);
      const cells = await askAll(measuring, built, passages, deps);
      for (const note of built.notes()) notes.add(note);
      return cells;
    } finally {
      await built.close();
    }
  } finally {
    await passages.close();
  }
}

async function askAll(
  measuring: Measuring,
  { retriever, generator, concurrency }: BuiltSystem,
  passages: PassageStore,
  { clock, signal: stop }: Deps,
): Promise<SweepCell[]> {
  const { corpus, variant, questions, gold, columns, answersAt, detectRefusal, depth, step } = measuring;
  const topk = measuring.topk.length > 0 ? measuring.topk : [undefined];
  // The same questions in every corpus; what is judged relevant is of each corpus.
  const here = new Map(corpus.questions.map((question) => [question.id, question]));
  const values = topk.map(() => columns.map(() => new Float64Array(questions.length).fill(Number.NaN)));
  const failed = topk.map(() => columns.map(() => 0));
  const attempts = variant.system.config.generator?.kind === "openai" ? 1 : ATTEMPTS;
  let done = 0;
  await forEachLimited(questions.entries(), concurrency, stop, async ([i, question], signal) => {
    const options: AskOptions = { attempts: ATTEMPTS, clock, signal, sleep };
    const query = queryOf(question);
    const asked = await ask(async () => settleRanking(await retriever!.search([query], depth, signal), depth), options);
    const ranking: Ranking = asked.ok ? asked.value : [];
    for (const [at, k] of topk.entries()) {
      const kept = ranking.slice(0, k);
      const answer =
        answersAt !== undefined && asked.ok
          ? await ask(
              async () => {
                const found = await passages.get(kept.slice(0, k ?? answersAt).map(([id]) => id));
                const context = found.flatMap((passage) => passage ?? []);
                const condition = `rag@${k ?? answersAt}`;
                return checkAnswer(await generator!.answer({ query, passages: context, condition, trial: 0 }, signal));
              },
              { ...options, attempts },
            )
          : undefined;
      for (const [c, metric] of columns.entries()) {
        let outcome: Outcome;
        if (metric.kind === "ranking") {
          outcome = rankingOutcome(metric, kept, gold.has(goldKey(metric, question)), here.get(question.id));
        } else {
          const sample = { references: question.answers, answerable: question.answerable ?? true };
          outcome = metric.floor(sample);
          if (answer?.ok) {
            const { text, refused } = answer.value;
            outcome = metric.compute({ ...sample, answer: text, ...detectRefusal(text, refused) });
          }
        }
        if (outcome.state === "unscored") continue;
        values[at]![c]![i] = outcome.value;
        if (!asked.ok || (metric.kind === "answer" && !answer?.ok)) failed[at]![c]! += 1;
      }
    }
    done += 1;
    step(done);
  });
  stop.throwIfAborted();
  const missed = questions.filter((question) => {
    const found = here.get(question.id);
    return gold.has(goldKey(PASSAGES, question)) && !(found && hasGold(PASSAGES, found));
  }).length;
  const cut = corpus.label === undefined ? [] : [corpus.label];
  return topk.map((k, at) => ({
    settings: [...cut, ...variant.settings.map(([, value]) => value), ...(k === undefined ? [] : [String(k)])],
    values: values[at]!,
    passages: corpus.passages,
    failed: failed[at]!,
    missed,
    ...(k !== undefined && { k }),
    asFile: variant.asFile && corpus.label === undefined && k === undefined,
  }));
}

/** Of a question that has gold in some cell: what no passage of this cell holds is missed, not unscored. */
function rankingOutcome(
  metric: RankingMetric,
  ranking: Ranking,
  speaks: boolean,
  question: QuestionRecord | undefined,
): Outcome {
  if (!speaks) return unscored("not-applicable", "nothing is to be found");
  const { range, better } = metric.definition;
  const ids = rankIds(ranking);
  const outcome = metric.compute(ids, question ? judgementsFor(metric, question, ids) : new Map());
  return outcome.state === "scored" ? outcome : { state: "scored", value: range[better === "higher" ? 0 : 1] };
}

const PASSAGES = { gold: "lenient" } as const;

/** Tells the questions with gold apart: some have gold passages, some gold documents, some both. */
export function goldKey({ gold }: Pick<RankingMetric, "gold">, { id }: Pick<QuestionRecord, "id">): string {
  return `${gold === "document" ? "document" : "passage"} ${id}`;
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal });
}
