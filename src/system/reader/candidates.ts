import type { AnswerRequest } from "../../core/contracts.ts";
import { type AskedFor, phrasesOf } from "./asked-for.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";
import type { TermStatistics } from "./terms.ts";

/** A sentence with what speaks for it. */
export interface Candidate {
  readonly sentence: Sentence;
  /** 0-based place of its passage, and its place there: the order in which chosen sentences are given. */
  readonly passage: number;
  readonly at: number;
  /** Share of the question's weight that the sentence covers, with what stands around it; in [0, 1]. */
  readonly support: number;
  /** What candidates are ranked by: support, less what makes a sentence a poor answer. */
  readonly score: number;
}

/**
 * How much a term of the question counts that stands not in the sentence but around it. Found on the training questions of
 * Faire and on half of SQuAD 2's; the result hardly moves between half and double of each.
 */
const AROUND = { previous: 0.4, heading: 0.3, title: 0.3 } as const;
/** A question is seldom an answer. */
const QUESTION_PENALTY = 0.3;
/** Passages are in the order of the retriever, which knows something too. */
const RANK_PENALTY = 0.02;
/** Too short says nothing, too long says too much: the squared log ratio to this many terms costs. */
const USUAL_TERMS = 12;
const LENGTH_PENALTY = 0.03;
/** For a phrase of the kind that is asked for. */
const PHRASE_BONUS = 0.1;

/** The sentences of a request's passages, best first; headings are evidence, not answers. */
export function candidatesOf(
  passages: AnswerRequest["passages"],
  terms: ReadonlyMap<string, number>,
  kind: AskedFor | undefined,
  { analyze }: TermStatistics,
): Candidate[] {
  let total = 0;
  for (const weight of terms.values()) total += weight;
  if (total === 0) return [];
  const candidates: Candidate[] = [];
  for (const [number, passage] of passages.entries()) {
    const title = new Set(analyze(passage.title ?? ""));
    let previous: ReadonlySet<string> = new Set();
    for (const [at, sentence] of sentencesOf(passage.text).entries()) {
      const list = analyze(sentence.text);
      const own = new Set(list);
      if (sentence.kind !== "heading") {
        const heading = new Set(analyze(sentence.heading));
        let covered = 0;
        for (const [term, weight] of terms) {
          if (own.has(term)) covered += weight;
          else if (previous.has(term)) covered += weight * AROUND.previous;
          else if (heading.has(term)) covered += weight * AROUND.heading;
          else if (title.has(term)) covered += weight * AROUND.title;
        }
        const support = covered / total;
        const length = Math.log(Math.max(list.length, 1) / USUAL_TERMS) ** 2;
        const score =
          support -
          RANK_PENALTY * number -
          LENGTH_PENALTY * length -
          (/\?["”’)]*$/.test(sentence.text) ? QUESTION_PENALTY : 0) +
          (kind && holdsNewPhrase(sentence, kind, terms, analyze) ? PHRASE_BONUS : 0);
        candidates.push({ sentence, passage: number, at, support, score });
      }
      previous = own;
    }
  }
  return candidates.sort((a, b) => b.score - a.score || a.passage - b.passage || a.at - b.at);
}

function holdsNewPhrase(
  sentence: Sentence,
  kind: AskedFor,
  terms: ReadonlyMap<string, number>,
  analyze: TermStatistics["analyze"],
): boolean {
  return phrasesOf(sentence, kind).some(({ text }) => isNew(text, terms, analyze));
}

/** Whether a phrase says something that the question does not. */
export function isNew(phrase: string, terms: ReadonlyMap<string, number>, analyze: TermStatistics["analyze"]): boolean {
  const own = analyze(phrase);
  return own.length === 0 || own.some((term) => !terms.has(term));
}
