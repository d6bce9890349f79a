import { parseCondition } from "../../core/condition.ts";
import type { Estimate } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { ANSWERED, type AskedQuestion, CELL, type Manifest, readByQuestion, type Scores } from "../../runlog/index.ts";
import { estimateMean } from "../../stats/index.ts";
import { type Attributed, COMPARED, type FailureClass, OUTCOMES } from "./failure-classes.ts";
import { type Rightness, rightnessOf } from "./rightness.ts";

/** Why the answers under one rag condition are right or wrong. Plain data: it goes through JSON unchanged. */
export interface FailureAttribution {
  readonly condition: string;
  /** What is right; of several trials their mean counts. */
  readonly right: Rightness;
  /** Questions with a gold passage and a value of the metric: the one denominator. */
  readonly n: number;
  /** Each question is in exactly one of them. */
  readonly outcomes: readonly FailureClass[];
  /** What closed-book and oracle tell, where the run has them; a question may be in several. */
  readonly compared: readonly FailureClass[];
}

/** Attributes the answers of a complete run from its folder. @param scores of the same run @throws DataError when a file is damaged */
export async function attributeFailures(dir: string, scores: Scores): Promise<FailureAttribution[]> {
  const given = new GoldGiven(scores.manifest, scores.queries.length);
  for await (const asked of readByQuestion(dir)) given.take(asked);
  return given.attribute(scores);
}

/**
 * Attributes the answers of a complete run to retrieval and generator. What is right says {@link rightnessOf}; of several trials
 * their mean counts. Held is, of every question, whether it has a gold passage, and under which conditions one was among the
 * passages given.
 */
export class GoldGiven {
  readonly #hasGold: Uint8Array;
  readonly #given: ReadonlyMap<string, Uint8Array>;

  /** @param questions how many the run asked */
  constructor({ conditions }: Manifest, questions: number) {
    const rag = conditions.filter((name) => parseCondition(name)?.kind === "rag");
    this.#hasGold = new Uint8Array(questions);
    this.#given = new Map(rag.map((name) => [name, new Uint8Array(questions)]));
  }

  take({ at, question, results }: AskedQuestion): void {
    const gold = new Set(question.judgements.flatMap(([passage, grade]) => (grade >= 1 ? [passage] : [])));
    if (gold.size === 0) return;
    this.#hasGold[at] = 1;
    for (const line of results) {
      if (line.kind !== "answer" || !line.context.some((passage) => gold.has(passage))) continue;
      const given = this.#given.get(line.condition);
      if (given) given[at] = 1;
    }
  }

  /** @returns one per rag condition; none where the run has no metric that says what is right, or no such condition */
  attribute(scores: Scores): FailureAttribution[] {
    const right = rightnessOf(scores.manifest.metrics);
    if (right === undefined) return [];
    return Array.from(this.#given, ([condition, given]) => attribution(scores, condition, right, this.#hasGold, given));
  }
}

function attribution(
  scores: Scores,
  condition: string,
  right: Rightness,
  hasGold: Uint8Array,
  given: Uint8Array,
): FailureAttribution {
  const { clusters, queries, manifest } = scores;
  const questions: Attributed[] = [];
  for (let at = 0; at < queries.length; at += 1) {
    const result = hasGold[at] === 1 ? resultOf(scores, condition, right, at) : undefined;
    if (result === undefined) continue;
    const closedBook = resultOf(scores, "closed-book", right, at);
    const oracle = resultOf(scores, "oracle", right, at);
    questions.push({
      at,
      ...(clusters && { cluster: clusters[at]! }),
      given: given[at] === 1,
      result,
      ...(closedBook && { closedBook: closedBook === "right" }),
      ...(oracle && { oracle: oracle === "right" }),
    });
  }
  const share = (holds: (question: Attributed) => boolean, id: string): Estimate =>
    estimateMean(
      {
        values: questions.map((question) => Number(holds(question))),
        failed: 0,
        unscored: 0,
        ...(clusters && { clusters: questions.map(({ cluster }) => cluster!) }),
      },
      {
        level: manifest.level,
        proportion: true,
        rng: seeded(manifest.seed).fork(`attribution/${manifest.run}/${condition}/${id}`),
      },
    );
  const classes = (rules: typeof OUTCOMES): FailureClass[] =>
    rules.map(({ id, title, hint, holds }) => ({
      id,
      title,
      hint,
      questions: questions.filter(holds).map(({ at }) => at),
      share: share(holds, id),
    }));
  const has = (name: string): boolean => scores.groups.has(name);
  return {
    condition,
    right,
    n: questions.length,
    outcomes: classes(OUTCOMES).filter(({ id, questions: found }) => id !== "failed" || found.length > 0),
    compared: classes(COMPARED).filter(({ id }) =>
      id === "memory" || id === "astray" ? has("closed-book") : has("oracle"),
    ),
  };
}

/** @returns undefined where the question has no value under that condition */
function resultOf(
  scores: Scores,
  condition: string,
  { metric, from }: Rightness,
  query: number,
): Attributed["result"] | undefined {
  const group = scores.groups.get(condition);
  const column = group?.metrics.get(metric);
  if (group === undefined || column === undefined) return undefined;
  let [total, n, failed, declined] = [0, 0, 0, 0];
  for (let cell = query * group.trials; cell < (query + 1) * group.trials; cell += 1) {
    const state = column.states[cell];
    if (state !== CELL.scored && state !== CELL.failed) continue;
    total += column.values[cell]!;
    n += 1;
    if (state === CELL.failed) failed += 1;
    else if (group.answered[cell] === ANSWERED.refused) declined += 1;
  }
  if (n === 0) return undefined;
  if (total / n >= from) return "right";
  if (failed > n / 2) return "failed";
  return declined > n / 2 ? "declined" : "wrong";
}
