import type { Condition } from "../../core/condition.ts";
import { BadArgument } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import type { Rng } from "../../core/rng.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { besideGold, shuffled } from "./draw-pool.ts";
import { type ContextSource, goldIds, goldOf, type MadeContexts } from "./made-contexts.ts";
import { LONGEST_GOLD, type Place, placeGold, sum } from "./place-gold.ts";

/** One context of a question: how long it is, and in which third of it the gold stands. */
export interface ContextCell {
  readonly name: string;
  readonly tokens: number;
  readonly place: Place;
}

export interface ContextProbeOptions {
  readonly tokens: readonly number[];
  readonly places: readonly Place[];
  /** What contexts are filled from. */
  readonly pool: readonly Passage[];
  tokensOf(passage: Passage): number;
  readonly rng: Rng;
}

/** Which questions can be asked at every length, and why the others cannot. */
export interface ContextFit {
  readonly questions: readonly QuestionRecord[];
  /** Questions of which the corpus has no gold passage. */
  readonly withoutGold: number;
  /** Questions whose gold is longer than a third of the shortest context. */
  readonly longGold: number;
  /** Questions beside whose gold the corpus cannot fill the longest context. */
  readonly unfilled: number;
}

/** The gold among other passages of the corpus: at these lengths, in these thirds, the shortest first. */
export class ContextProbe implements MadeContexts {
  readonly cells: readonly ContextCell[];
  readonly #options: ContextProbeOptions;

  constructor(options: ContextProbeOptions) {
    this.#options = options;
    const lengths = [...new Set(options.tokens)].sort((a, b) => a - b);
    const places = [...new Set(options.places)];
    this.cells = lengths.flatMap((tokens) => places.map((place) => ({ name: `${place}@${tokens}`, tokens, place })));
  }

  get conditions(): Condition[] {
    return this.cells.map(({ name }) => ({ kind: "probe", name, ranked: 0 }));
  }

  async contextOf(source: Omit<ContextSource, "ranking">, condition: string): Promise<readonly Passage[]> {
    const cell = this.cells.find(({ name }) => name === condition);
    const gold = await goldOf(source);
    const context = cell && this.#place(source.question, gold, cell);
    if (context === undefined) throw new BadArgument(`no context ${condition} of ${source.question.id}`);
    return context;
  }

  /** The questions that have a context in every cell, so that all cells are of the same questions. */
  async fit(
    questions: Iterable<QuestionRecord>,
    passages: (ids: readonly string[]) => Promise<readonly (Passage | undefined)[]>,
  ): Promise<ContextFit> {
    const fitting: QuestionRecord[] = [];
    let [withoutGold, longGold, unfilled] = [0, 0, 0];
    const { tokensOf } = this.#options;
    const shortest = this.cells[0]!.tokens;
    for (const question of questions) {
      const gold = await goldOf({ question, passages });
      if (gold.length === 0) withoutGold += 1;
      else if (sum(gold, tokensOf) > shortest * LONGEST_GOLD) longGold += 1;
      else if (this.cells.some((cell) => this.#place(question, gold, cell) === undefined)) unfilled += 1;
      else fitting.push(question);
    }
    return { questions: fitting, withoutGold, longGold, unfilled };
  }

  #place(question: QuestionRecord, gold: readonly Passage[], { tokens, place }: ContextCell): Passage[] | undefined {
    const { pool, tokensOf, rng } = this.#options;
    const fillers = shuffled(besideGold(pool, gold, goldIds(question)), rng.fork(`fillers/${question.id}`));
    return placeGold({ gold, fillers, tokens, place, tokensOf });
  }
}
