import type { AnswerRequest } from "../../core/contracts.ts";
import { askedFor } from "./asked-for.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { questionTerms, type TermStatistics } from "./terms.ts";
import { trimAnswer } from "./trim-answer.ts";

/** What a reader says when it declines. */
export const REFUSAL = "I do not know.";

export interface ReaderSettings {
  /** Most sentences of an answer, >= 1. */
  readonly sentences: number;
  /** Support in [0, 1] below which the reader declines. */
  readonly declineBelow: number;
  /** Whether a sentence is cut down to the number, date, name or place that the question asks for. */
  readonly trim: boolean;
}

export interface Reading {
  readonly text: string;
  readonly refused: boolean;
  /** Share of the question's idf weight that the best sentence and its surroundings cover; in [0, 1]. */
  readonly support: number;
}

/** Of the further sentences those are taken that score at least this share of the best. */
const WORTH_ADDING = 0.6;

/**
 * Answers from the passages of a request with their own words: the sentences that cover most of the question, in the order
 * they stand in. Declines without passages, when nothing is shared with the question, and below the threshold.
 */
export function read(request: AnswerRequest, settings: ReaderSettings, statistics: TermStatistics): Reading {
  const { query, passages } = request;
  const terms = questionTerms(query, statistics);
  const kind = askedFor(query.text);
  const candidates = candidatesOf(passages, terms, kind, statistics);
  const best = candidates[0];
  const support = best?.support ?? 0;
  if (!best || support === 0 || support < settings.declineBelow) return { text: REFUSAL, refused: true, support };
  const chosen = candidates
    .slice(0, settings.sentences)
    .filter(({ score }) => score >= WORTH_ADDING * best.score)
    .sort((a, b) => a.passage - b.passage || a.at - b.at);
  const phrase =
    settings.trim && kind && chosen.length <= 1 ? trimAnswer(best.sentence, kind, terms, statistics) : undefined;
  return { text: phrase ?? joined(chosen, best), refused: false, support };
}

function joined(chosen: readonly Candidate[], best: Candidate): string {
  return (chosen.length === 0 ? [best] : chosen).map(({ sentence }) => sentence.text).join(" ");
}
