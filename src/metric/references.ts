import { type Outcome, unscored } from "../core/outcome.ts";
import type { AnswerSample } from "./define.ts";
import { normalizedWords } from "./normalize.ts";

type Question = Pick<AnswerSample, "answerable" | "references">;

/** Why EM and F1 do not speak of a question: no reference where there should be one; under SQuAD 1, no answer. */
export function lacksGold(question: Question, squad: number): Outcome | undefined {
  return squad === 1 && !question.answerable
    ? unscored("not-applicable", "SQuAD 1 has no unanswerable questions")
    : lacksReferences(question);
}

/** Unscored where there is no reference text: an unanswerable question, or an answerable one without references. */
export function lacksReferenceText(question: Question): Outcome | undefined {
  return question.answerable
    ? lacksReferences(question)
    : unscored("not-applicable", "the question is unanswerable, so there is no text to compare with");
}

function lacksReferences(question: Question): Outcome | undefined {
  return question.answerable && !question.references?.length
    ? unscored("no-gold", "the question has no reference answer")
    : undefined;
}

/** What is scored: a refusal counts as the empty answer. */
export function scoredText(sample: AnswerSample): string {
  return sample.refused ? "" : sample.answer;
}

/**
 * The accepted answers of EM and F1 as words. SQuAD 2: references that normalise to nothing are dropped, and where
 * none is left, as for an unanswerable question, the empty answer is the accepted one. SQuAD 1: all references.
 */
export function goldWords(question: Question, squad: number): readonly (readonly string[])[] {
  const references = question.answerable ? (question.references ?? []) : [];
  const words = references.map(normalizedWords);
  if (squad === 1) return words;
  const kept = words.filter((reference) => reference.length > 0);
  return kept.length > 0 ? kept : [[]];
}
