import type { Condition } from "../../core/condition.ts";
import { BadArgument, SystemFailure } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import type { Rng } from "../../core/rng.ts";
import { quoteValue } from "../../lib/text.ts";
import { besideGold, shuffled } from "./draw-pool.ts";
import { type ContextSource, goldIds, goldOf, type MadeContexts } from "./made-contexts.ts";

export const DISTRACTORS_FROM = ["retriever", "random"] as const;
export const DISTRACTOR_ORDERS = ["shuffled", "gold-first"] as const;

export interface DistractorProbeOptions {
  readonly counts: readonly number[];
  /** Whether the contexts are also made without the gold. */
  readonly dropOracle: boolean;
  readonly from: (typeof DISTRACTORS_FROM)[number];
  readonly order: (typeof DISTRACTOR_ORDERS)[number];
  /** What random distractors are drawn from. */
  readonly pool: readonly Passage[];
  readonly rng: Rng;
}

/** So many distractors beside the gold, or in its place. */
export interface DistractorCell {
  readonly name: string;
  readonly distractors: number;
  readonly oracle: boolean;
}

/** Hits that are retrieved beyond gold and distractors, since copies of the gold's text are passed over. */
const SPARE_HITS = 10;

/**
 * The gold with passages that do not answer the question: the best hits of the retriever that are not gold, or passages drawn
 * at random. More distractors are the fewer ones and others. Without any, the cells are `oracle` and `closed-book`.
 */
export class DistractorProbe implements MadeContexts {
  readonly cells: readonly DistractorCell[];
  readonly #options: DistractorProbeOptions;

  constructor(options: DistractorProbeOptions) {
    this.#options = options;
    const counts = [...new Set([0, ...options.counts])].sort((a, b) => a - b);
    const cells = (oracle: boolean) =>
      counts.map((distractors) => ({ name: nameOf(distractors, oracle), distractors, oracle }));
    this.cells = [...cells(true), ...(options.dropOracle ? cells(false) : [])];
  }

  get conditions(): Condition[] {
    const { from } = this.#options;
    return this.cells.map(({ name, distractors, oracle }): Condition => {
      if (distractors === 0) return { kind: oracle ? "oracle" : "closed-book" };
      return { kind: "probe", name, ranked: from === "retriever" ? distractors : 0 };
    });
  }

  /** How many hits have to be retrieved. @param gold the most gold passages of any question */
  depth(gold: number): number {
    return Math.max(...this.cells.map(({ distractors }) => distractors)) + gold + SPARE_HITS;
  }

  async contextOf(source: ContextSource, condition: string): Promise<readonly Passage[]> {
    const cell = this.cells.find(({ name }) => name === condition);
    if (cell === undefined) throw new BadArgument(`no context ${condition}`);
    const { from, order, pool, rng } = this.#options;
    const { question } = source;
    const gold = await goldOf(source);
    const ids = goldIds(question);
    const others =
      from === "random"
        ? shuffled(besideGold(pool, gold, ids), rng.fork(`distractors/${question.id}`))
        : await bestHits(source, gold, ids);
    const context = [...(cell.oracle ? gold : []), ...others.slice(0, cell.distractors)];
    return order === "gold-first" ? context : shuffled(context, rng.fork(`order/${question.id}/${condition}`));
  }
}

function nameOf(distractors: number, oracle: boolean): string {
  if (distractors === 0) return oracle ? "oracle" : "closed-book";
  return oracle ? `oracle+${distractors}` : `distractors@${distractors}`;
}

/** Passages of the gold's documents are among them: near misses are what a retriever brings. */
async function bestHits(
  { ranking, passages }: ContextSource,
  gold: readonly Passage[],
  ids: readonly string[],
): Promise<Passage[]> {
  const named = new Set(ids);
  const texts = new Set(gold.map(({ text }) => text));
  const hits = ranking.flatMap(([id]) => (named.has(id) ? [] : id));
  const found = hits.length === 0 ? [] : await passages(hits);
  return found.flatMap((passage, i) => {
    if (passage !== undefined) return texts.has(passage.text) ? [] : passage;
    const message = `the ranking names ${quoteValue(hits[i])}, a passage that the corpus does not have`;
    throw new SystemFailure("E_PASSAGE_UNKNOWN", message, { retryable: false });
  });
}
