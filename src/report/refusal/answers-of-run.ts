import { readQuestions, readRun, type Scores } from "../../runlog/index.ts";
import type { Rightness } from "../conditions/rightness.ts";

/** One answer of a run as decisions about declining see it. */
export interface DecidedAnswer {
  /** Position of its question in the run's list. */
  readonly at: number;
  readonly answerable: boolean;
  readonly state: "answered" | "refused" | "failed";
  /** How sure the system was, on its own scale; absent where it did not say. */
  readonly confidence?: number;
  /** Value of the metric that says what is right, in [0, 1]; 0 for an answer to an unanswerable question. */
  readonly value: number;
  readonly right: boolean;
}

/**
 * Streams the answers of a complete run, each trial on its own. Answers to answerable questions that have no value of the
 * metric are left out: nobody can say whether they are right. So are answers of which a judge has yet to say whether they are refusals.
 *
 * @param rightness by a metric that the run measured
 * @throws DataError when a file is damaged
 */
export async function* answersOfRun(
  dir: string,
  { queries }: Pick<Scores, "queries">,
  { metric, from }: Rightness,
): AsyncGenerator<DecidedAnswer & { readonly condition: string }> {
  const place = new Map(queries.map((id, at) => [id, at]));
  const unanswerable = new Uint8Array(queries.length);
  for await (const { id, answerable } of readQuestions(dir)) {
    if (answerable === false) unanswerable[place.get(id)!] = 1;
  }
  for await (const line of readRun(dir)) {
    if ((line.kind !== "answer" && line.kind !== "failure") || line.condition === undefined) continue;
    const { condition } = line;
    const at = place.get(line.query);
    if (at === undefined) continue;
    const answerable = unanswerable[at] === 0;
    // Parsed JSON: a metric named like a property of every object is not there unless it is the line's own.
    const outcome = Object.hasOwn(line.outcomes, metric) ? line.outcomes[metric] : undefined;
    if (answerable && outcome?.state !== "scored") continue;
    const value = answerable && outcome?.state === "scored" ? outcome.value : 0;
    const decided = { condition, at, answerable, value };
    if (line.kind === "failure") yield { ...decided, state: "failed", right: false };
    else {
      const { refused, confidence, undecided } = line;
      if (undecided) continue;
      const state = refused ? "refused" : "answered";
      const right = answerable && value >= from;
      yield { ...decided, state, right, ...(confidence !== undefined && { confidence }) };
    }
  }
}

/** Those of one condition, together. */
export async function answersUnder(
  dir: string,
  scores: Pick<Scores, "queries">,
  wanted: string,
  rightness: Rightness,
): Promise<DecidedAnswer[]> {
  const found: DecidedAnswer[] = [];
  for await (const { condition, ...answer } of answersOfRun(dir, scores, rightness)) {
    if (condition === wanted) found.push(answer);
  }
  return found;
}
