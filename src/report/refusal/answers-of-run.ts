import { type AskedQuestion, readByQuestion } from "../../runlog/index.ts";
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
 * The answers to one question, each trial on its own. Answers to an answerable question that have no value of the metric are left
 * out: nobody can say whether they are right. So are answers of which a judge has yet to say whether they are refusals.
 * @param rightness by a metric that the run measured
 */
export function answersTo(
  { at, question, results }: AskedQuestion,
  { metric, from }: Rightness,
): (DecidedAnswer & { readonly condition: string })[] {
  const answerable = question.answerable !== false;
  return results.flatMap((line) => {
    if (line.kind === "retrieval" || line.condition === undefined) return [];
    // Parsed JSON: a metric named like a property of every object is not there unless it is the line's own.
    const outcome = Object.hasOwn(line.outcomes, metric) ? line.outcomes[metric] : undefined;
    if (answerable && outcome?.state !== "scored") return [];
    const value = answerable && outcome?.state === "scored" ? outcome.value : 0;
    const decided = { condition: line.condition, at, answerable, value };
    if (line.kind === "failure") return { ...decided, state: "failed" as const, right: false };
    const { refused, confidence, undecided } = line;
    if (undecided) return [];
    const state = refused ? ("refused" as const) : ("answered" as const);
    const right = answerable && value >= from;
    return { ...decided, state, right, ...(confidence !== undefined && { confidence }) };
  });
}

/** Those of a complete run under one condition, together. @throws DataError when a file is damaged */
export async function answersUnder(dir: string, wanted: string, rightness: Rightness): Promise<DecidedAnswer[]> {
  const found: DecidedAnswer[] = [];
  for await (const asked of readByQuestion(dir)) {
    for (const { condition, ...answer } of answersTo(asked, rightness)) if (condition === wanted) found.push(answer);
  }
  return found;
}
