import { type Counts, countOf } from "./counts.ts";
import { clippedMatches, wordNgrams } from "./ngrams.ts";

const ORDERS = [1, 2, 3, 4] as const;

/** What BLEU is made of, of one answer; a corpus has the sums. */
export interface BleuCounts {
  readonly answerLength: number;
  /** Of the reference closest in length, the shorter of equals. */
  readonly referenceLength: number;
  /** Per order 1 to 4: n-grams of the answer, and those of them that a reference has. */
  readonly total: readonly number[];
  readonly correct: readonly number[];
}

/** @param references at least one; an n-gram counts as often as the reference that has it most */
export function bleuCounts(answer: readonly string[], references: readonly (readonly string[])[]): BleuCounts {
  const closest = references
    .map(({ length }) => length)
    .reduce((best, length) => {
      const [a, b] = [Math.abs(length - answer.length), Math.abs(best - answer.length)];
      return a < b || (a === b && length < best) ? length : best;
    });
  return {
    answerLength: answer.length,
    referenceLength: closest,
    total: ORDERS.map((n) => Math.max(0, answer.length - n + 1)),
    correct: ORDERS.map((n) => clippedMatches(wordNgrams(answer, n), mostOf(references, n))),
  };
}

function mostOf(references: readonly (readonly string[])[], n: number): Counts {
  const most = new Map<string, number>();
  for (const reference of references) {
    for (const [ngram, count] of countOf(wordNgrams(reference, n))) {
      most.set(ngram, Math.max(count, most.get(ngram) ?? 0));
    }
  }
  return most;
}

/**
 * BLEU in [0, 1]: geometric mean of the precisions of order 1 to 4, times exp(1 - r / c) for an answer of length c below
 * the reference's r. Orders without a match get 1 / (2 total), 1 / (4 total), … (smoothing exp).
 * @param effective whether only orders that the answer is long enough for count: yes for a sentence, no for a corpus
 */
export function bleuScore({ answerLength, referenceLength, total, correct }: BleuCounts, effective: boolean): number {
  if (correct.every((count) => count === 0)) return 0;
  const penalty = answerLength < referenceLength ? Math.exp(1 - referenceLength / answerLength) : 1;
  let smoothing = 1;
  let logs = 0;
  const orders = ORDERS.filter((n) => total[n - 1]! > 0);
  if (!effective && orders.length < ORDERS.length) return 0;
  for (const n of orders) {
    if (correct[n - 1] === 0) smoothing *= 2;
    logs += Math.log((correct[n - 1] || 1 / smoothing) / total[n - 1]!);
  }
  return Math.min(1, penalty * Math.exp(logs / orders.length));
}
