import { DataError } from "../../core/errors.ts";
import type { Passage } from "../../core/passage.ts";
import type { Query } from "../../core/query.ts";
import { IdTable } from "../../lib/id-table.ts";
import { quoteValue } from "../../lib/text.ts";
import {
  LinePlaces,
  type QuestionRecord,
  type RetrievalLine,
  type Run,
  RunPassages,
  readQuestions,
  runFolder,
} from "../../runlog/index.ts";

export interface PoolOptions {
  /** Passages of each ranking, from the top. */
  readonly depth: number;
  /** Pairs that the dataset judges, too. */
  readonly all: boolean;
  /** Only the first questions. @default all */
  readonly limit?: number;
  /** A passage whose text no run keeps, where it is known from elsewhere. */
  textOf?(id: string): Promise<Passage | undefined>;
}

/** A question and a passage that a run ranked for it. */
export interface PooledPair {
  readonly query: Query;
  readonly passage: string;
  /** As a judge is shown it: its title, where it has one, and its text. */
  readonly text: string;
  /** The dataset's grade of the pair, where it has one. */
  readonly gold?: number;
}

/** What a pool holds. */
export interface PoolCounts {
  questions: number;
  pairs: number;
  /** Pairs among the first `depth` that the dataset judges; left out of `pairs` unless asked for. */
  judged: number;
}

interface Part {
  readonly run: Run;
  readonly ids: IdTable;
  readonly rankings: LinePlaces;
  readonly passages: RunPassages;
}

/**
 * The pairs of question and passage that runs of one dataset put among their first `depth`, each once: pooling as TREC does it.
 * Rankings and texts are read from the runs' folders when they come up.
 */
export class PassagePool {
  readonly #parts: readonly Part[];
  readonly #options: PoolOptions;

  private constructor(parts: readonly Part[], options: PoolOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** @throws DataError (E_POOL_DATASET, E_POOL_RANKING) with every run that is of another dataset or ranks nothing */
  static async open(runs: readonly Run[], options: PoolOptions): Promise<PassagePool> {
    checkRuns(runs);
    const parts: Part[] = [];
    for (const run of runs) {
      const ids = new IdTable();
      for await (const { id } of readQuestions(run.dir)) ids.add(id);
      const rankings = await LinePlaces.scan(runFolder(run.dir).log, ids.length, (value) => {
        const { kind, query } = value as Partial<RetrievalLine>;
        return kind === "retrieval" ? ids.numberOf(query!) : undefined;
      });
      parts.push({ run, ids, rankings, passages: await RunPassages.open(run.dir) });
    }
    return new PassagePool(parts, options);
  }

  /**
   * The pairs, question by question in the order of the first run; questions that it lacks come after.
   * @param counts is filled in on the way @throws DataError (E_POOL_TEXT) at a passage whose text is nowhere
   */
  async *pairs(counts: PoolCounts = { questions: 0, pairs: 0, judged: 0 }): AsyncGenerator<PooledPair> {
    const { all, limit = Number.POSITIVE_INFINITY } = this.#options;
    for await (const { id, text, answers, history, judgements } of this.#questions(limit)) {
      const query = { id, text, ...(answers && { answers }), ...(history && { history }) };
      counts.questions += 1;
      const judged = new Map(judgements);
      for (const passage of await this.#pool(id)) {
        const gold = judged.get(passage);
        if (gold !== undefined) counts.judged += 1;
        if (gold !== undefined && !all) continue;
        counts.pairs += 1;
        yield { query, passage, text: await this.#textOf(passage), ...(gold !== undefined && { gold }) };
      }
    }
  }

  async close(): Promise<void> {
    for (const { rankings, passages } of this.#parts) {
      await rankings.close();
      await passages.close();
    }
  }

  async *#questions(limit: number): AsyncGenerator<QuestionRecord> {
    let number = 0;
    for (const [at, { run }] of this.#parts.entries()) {
      for await (const question of readQuestions(run.dir)) {
        if (this.#parts.slice(0, at).some(({ ids }) => ids.has(question.id))) continue;
        if (number >= limit) return;
        number += 1;
        yield question;
      }
    }
  }

  /** Best first within each run; a failed retrieval has no ranking. */
  async #pool(query: string): Promise<ReadonlySet<string>> {
    const pool = new Set<string>();
    for (const { ids, rankings } of this.#parts) {
      const number = ids.numberOf(query);
      const line = number === undefined ? undefined : ((await rankings.read(number)) as RetrievalLine | undefined);
      for (const [id] of line?.ranking.slice(0, this.#options.depth) ?? []) pool.add(id);
    }
    return pool;
  }

  async #textOf(id: string): Promise<string> {
    for (const { passages } of this.#parts) {
      const found = await passages.get(id);
      if (found) return shown(found);
    }
    const found = await this.#options.textOf?.(id);
    if (found) return shown(found);
    const { run, dataset } = this.#parts[0]!.run.manifest;
    throw new DataError([
      {
        code: "E_POOL_TEXT",
        where: run,
        expected: `the text of passage ${quoteValue(id)}`,
        got: "none: a run keeps the passages that its contexts use",
        fix: `put the dataset ${dataset.id} back as it was, or choose a smaller --depth`,
      },
    ]);
  }
}

function shown({ title, text }: Passage): string {
  return title ? `${title}\n${text}` : text;
}

function checkRuns(runs: readonly Run[]): void {
  const of = ({ manifest: { dataset } }: Run): string =>
    `${dataset.id} ${dataset.split} (${dataset.sha256.slice(0, 8)})`;
  const [first] = runs;
  const others = runs.filter((run) => of(run) !== of(first!));
  const unranked = runs.filter(({ manifest }) => manifest.depth === 0);
  const problems = [
    ...others.map((run) => ({
      code: "E_POOL_DATASET",
      where: run.manifest.run,
      expected: `a run on ${of(first!)}`,
      got: `on ${of(run)}`,
      fix: "pool runs of one dataset and split",
    })),
    ...unranked.map(({ manifest }) => ({
      code: "E_POOL_RANKING",
      where: manifest.run,
      expected: "a run with rankings",
      got: "answers only",
      fix: "name runs of systems with a retriever",
    })),
  ];
  if (problems.length > 0) throw new DataError(problems);
}
