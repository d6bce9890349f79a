import { type Outcome, unscored } from "../core/outcome.ts";
import type { AnswerSample } from "./define.ts";
import { normalizedWords } from "./normalize.ts";

type Question = Pick<AnswerSample, "answerable" | "references">;

/** Unscored where an answerable question has no reference to compare with. */
export function lacksReferences(question: Question): Outcome | undefined {
  return question.answerable && !question.references?.length
    ? unscored("no-gold", "the question has no reference answer")
    : undefined;
}

/** Unscored where there is no reference text: an unanswerable question, or an answerable one without references. */
export function lacksReferenceText(question: Question): Outcome | undefined {
  return question.answerable
    ? lacksReferences(question)
    : unscored("not-applicable", "the question is unanswerable, so there is no text to compare with");
}

/** What is scored: a refusal counts as the empty answer. */
export function scoredText(sample: AnswerSample): string {
  return sample.refused ? "" : sample.answer;
}

/**
 * The accepted answers as SQuAD 2's script compares them: references that normalise to nothing are dropped, and where none is left,
 * as for an unanswerable question, the empty answer is the accepted one.
 */
export function goldWords(question: Question): readonly (readonly string[])[] {
  const references = question.answerable ? (question.references ?? []) : [];
  const words = references.map(normalizedWords).filter((reference) => reference.length > 0);
  return words.length > 0 ? words : [[]];
}
