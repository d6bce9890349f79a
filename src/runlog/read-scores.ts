import type { Outcome } from "../core/outcome.ts";
import { addGrades } from "./grades/grade-columns.ts";
import { RefusalVerdicts } from "./grades/refusal-verdicts.ts";
import { withoutUnjudged } from "./grades/unjudged-columns.ts";
import { openRun, type Run } from "./open-run.ts";
import { readQuestions, readRun } from "./read-run.ts";
import type { AnswerLine, Manifest, Outcomes, QuestionRecord, ResultLine, RetrievalLine } from "./schema.ts";
import { ANSWERED, CELL, RETRIEVAL, type ScoreColumn, type ScoreGroup, type Scores } from "./scores.ts";
import { groupOf, type SlotGroup, Slots } from "./slots.ts";

/**
 * Reads the scores of a run into columns; texts, rankings and lines are not held.
 * @throws DataError when it is no run folder or a line is damaged
 */
export async function readScores(dir: string): Promise<Scores> {
  const scores = await ScoresReader.begin(await openRun(dir));
  for await (const line of readRun(dir, scores.verdicts)) {
    if (line.kind !== "manifest" && line.kind !== "end") scores.take(line);
  }
  return scores.finish();
}

/** Makes the scores of a run from its results, for who reads its log for other things too. */
export class ScoresReader {
  /** Of the judge that decides which answers are refusals; results are to have its word in them. */
  readonly verdicts: RefusalVerdicts | undefined;
  /** Ids of the questions in the dataset's order. */
  readonly queries: readonly string[];
  readonly #run: Run;
  readonly #clusters: Clusters;
  readonly #slots: Slots;
  readonly #groups: ReadonlyMap<string, GroupBuilder>;

  private constructor(
    run: Run,
    queries: readonly string[],
    clusters: Clusters,
    slots: Slots,
    verdicts: RefusalVerdicts | undefined,
  ) {
    this.verdicts = verdicts;
    this.#run = run;
    this.queries = queries;
    this.#clusters = clusters;
    this.#slots = slots;
    this.#groups = new Map(slots.groups.map((group) => [group.name, new GroupBuilder(group, queries.length)]));
  }

  /** Reads the ids of the questions. @throws DataError when the file, or one of the verdicts, is damaged */
  static async begin(run: Run): Promise<ScoresReader> {
    const queries: string[] = [];
    const clusters = new Clusters();
    for await (const question of readQuestions(run.dir)) {
      queries.push(question.id);
      clusters.add(question);
    }
    const slots = new Slots(queries, run.manifest);
    const verdicts = await RefusalVerdicts.open(run, async () => slots);
    return new ScoresReader(run, queries, clusters, slots, verdicts);
  }

  take(line: ResultLine): void {
    if (this.#slots.slotOfLine(line) === undefined) return;
    this.#groups.get(groupOf(line))?.add(this.#slots.queryIndex(line.query)!, line);
  }

  /** With what judges said, once all results were taken. @throws DataError when a file of grades is damaged */
  async finish(): Promise<Scores> {
    const { dir, manifest, state, end } = this.#run;
    const judging = this.verdicts?.judging;
    const all = new Map(Array.from(this.#groups, ([name, group]) => [name, group.build(manifest)]));
    const built = withoutUnjudged(all, judging);
    const graded = end && (await addGrades(dir, end.sha256, built, (query) => this.#slots.queryIndex(query)));
    return {
      manifest,
      state,
      ...(end && { sha256: end.sha256 }),
      queries: this.queries,
      ...(manifest.cluster === "document" && { clusters: this.#clusters.indices() }),
      groups: graded?.groups ?? built,
      judged: graded?.judged ?? new Map(),
      ...(judging && { refusals: judging }),
    };
  }
}

/** Numbers documents in the order of the questions; a question without a document stands alone. */
class Clusters {
  readonly #index = new Map<string, number>();
  readonly #of: number[] = [];
  #next = 0;

  add({ document }: QuestionRecord): void {
    let index = document === undefined ? undefined : this.#index.get(document);
    if (index === undefined) {
      index = this.#next++;
      if (document !== undefined) this.#index.set(document, index);
    }
    this.#of.push(index);
  }

  indices(): Uint32Array {
    return Uint32Array.from(this.#of);
  }
}

class GroupBuilder {
  readonly #group: SlotGroup;
  readonly #cells: number;
  readonly #metrics = new Map<string, ScoreColumn>();
  readonly #answered: Uint8Array;
  readonly #failures = new Map<string, number>();
  readonly #ms: number[] = [];
  readonly #msQueries: number[] = [];
  readonly #firstTokenMs: number[] = [];
  #costs: Float64Array | undefined;
  readonly #costStates: Uint8Array;
  #cached = 0;
  readonly #usage = { answers: 0, promptTokens: 0, completionTokens: 0 };

  constructor(group: SlotGroup, queries: number) {
    this.#group = group;
    this.#cells = queries * group.trials;
    this.#answered = new Uint8Array(this.#cells);
    this.#costStates = new Uint8Array(this.#cells);
  }

  add(query: number, line: ResultLine): void {
    const cell = query * this.#group.trials + line.trial;
    this.#score(cell, line.outcomes, line.kind === "failure");
    if (line.kind === "failure") {
      this.#answered[cell] = ANSWERED.failed;
      // Where retrieval failed the generator was not asked.
      if (line.stage === "answer") this.#costStates[cell] = CELL.unscored;
      this.#failures.set(line.code, (this.#failures.get(line.code) ?? 0) + 1);
      return;
    }
    this.#answered[cell] = answeredOf(line);
    if (line.timing.source === "measured") {
      this.#ms.push(line.timing.ms);
      this.#msQueries.push(query);
      if (line.timing.firstTokenMs !== undefined) this.#firstTokenMs.push(line.timing.firstTokenMs);
    }
    if (line.timing.source === "cached") this.#cached += 1;
    if (line.kind === "answer") this.#price(cell, line);
    if (line.kind === "answer" && line.usage) {
      this.#usage.answers += 1;
      this.#usage.promptTokens += line.usage.promptTokens;
      this.#usage.completionTokens += line.usage.completionTokens;
    }
  }

  #price(cell: number, { cost, timing }: AnswerLine): void {
    this.#costStates[cell] = timing.source === "measured" ? CELL.unscored : CELL.notApplicable;
    if (cost === undefined || timing.source !== "measured") return;
    this.#costs ??= new Float64Array(this.#cells);
    this.#costs[cell] = cost.usd;
    this.#costStates[cell] = CELL.scored;
  }

  #score(cell: number, outcomes: Outcomes, failed: boolean): void {
    for (const [metric, outcome] of Object.entries(outcomes)) {
      let column = this.#metrics.get(metric);
      if (column === undefined) {
        column = { values: new Float64Array(this.#cells), states: new Uint8Array(this.#cells) };
        this.#metrics.set(metric, column);
      }
      column.states[cell] = stateOf(outcome, failed);
      if (outcome.state === "scored") column.values[cell] = outcome.value;
    }
  }

  build(manifest: Manifest): ScoreGroup {
    const { name, trials } = this.#group;
    // In the manifest's order, not in that of the first line, whose question may leave a metric out.
    const metrics = new Map<string, ScoreColumn>();
    for (const metric of [...manifest.metrics, ...this.#metrics.keys()]) {
      const column = this.#metrics.get(metric);
      if (column !== undefined) metrics.set(metric, column);
    }
    // With a price and no known cost, that nothing is known is worth telling.
    const costs = this.#costs ?? (manifest.price === undefined ? undefined : new Float64Array(this.#cells));
    return {
      name,
      trials,
      metrics,
      answered: this.#answered,
      failures: this.#failures,
      ms: Float64Array.from(this.#ms),
      msQueries: Uint32Array.from(this.#msQueries),
      firstTokenMs: Float64Array.from(this.#firstTokenMs),
      usage: this.#usage,
      ...(costs && name !== RETRIEVAL && { cost: { values: costs, states: this.#costStates } }),
      cached: this.#cached,
    };
  }
}

function answeredOf(line: RetrievalLine | AnswerLine): number {
  if (line.kind === "retrieval") return ANSWERED.answered;
  if (line.undecided) return line.undecided === "not-judged" ? ANSWERED.notJudged : ANSWERED.noVerdict;
  return line.refused ? ANSWERED.refused : ANSWERED.answered;
}

function stateOf(outcome: Outcome, failed: boolean): number {
  if (outcome.state === "scored") return failed ? CELL.failed : CELL.scored;
  return outcome.reason === "not-applicable" ? CELL.notApplicable : CELL.unscored;
}
