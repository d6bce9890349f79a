const CITATION = /\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,20})\]/g;

/**
 * The passage numbers that an answer cites, each once, in the order of their first mention: `[1]`, `[1, 3]`, `[2-4]`.
 * Numbers may name passages that are not there.
 */
export function citationsOf(answer: string): number[] {
  const cited = new Set<number>();
  for (const [, list = ""] of answer.matchAll(CITATION)) {
    for (const part of list.split(/[,;]/)) {
      const [from = 0, to = from] = part.split(/[–-]/).map(Number);
      for (let number = from; number <= Math.max(from, to); number += 1) cited.add(number);
    }
  }
  return [...cited];
}
