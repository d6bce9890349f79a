import type { Passage } from "../../core/passage.ts";

/** The passages that outside systems rank in tests. */
export const OUTSIDE: readonly Passage[] = [
  { id: "p1", document: "d1", title: "Ranking", text: "Ranking of passages by their scores." },
  { id: "p2", document: "d1", text: "Scores   are\nsums of weights." },
  { id: "p3", document: "d2", text: "Passages are pieces of documents." },
  { id: "__proto__", document: "d3", text: "An id like any other." },
];

/** How many words of the question a passage has: what the servers and processes of tests rank by. */
export function wordsInCommon(query: string, text: string): number {
  const words = new Set(query.toLowerCase().match(/[a-z]+/g) ?? []);
  return (text.toLowerCase().match(/[a-z]+/g) ?? []).filter((word) => words.has(word)).length;
}

export function rankOutside(query: string, k: number): { id: string; score: number; text: string }[] {
  return OUTSIDE.map(({ id, text }, at) => ({ id, text, score: wordsInCommon(query, text) - at / 100 }))
    .sort((a, b) => b.score - a.score)
    .slice(0, k);
}
