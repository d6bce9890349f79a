import type { Passage } from "../../core/passage.ts";

/** Where the gold stands in a context. */
export const PLACES = ["first", "middle", "last"] as const;
export type Place = (typeof PLACES)[number];

export interface Placing {
  /** Kept together in their order. */
  readonly gold: readonly Passage[];
  /** What the context is filled with, in the order they are tried; one that is longer than a quarter of it is not taken. */
  readonly fillers: readonly Passage[];
  /** Length of the context in tokens. */
  readonly tokens: number;
  readonly place: Place;
  tokensOf(passage: Passage): number;
}

/** Gold that takes more of a context than this does not stand in one of its thirds. */
export const LONGEST_GOLD = 1 / 3;
const LONGEST_FILLER = 1 / 4;

/**
 * A context of at most `tokens` with the gold in one third of it: the fillers that fit, in their order, with the gold between
 * the two whose boundary comes nearest to the middle of the third. The same fillers come for every place, so that places differ
 * in the place alone.
 * @returns undefined where the fillers are too few: the context would be short by more than a passage
 */
export function placeGold({ gold, fillers, tokens, place, tokensOf }: Placing): Passage[] | undefined {
  const goldTokens = sum(gold, tokensOf);
  const longest = tokens * LONGEST_FILLER;
  const taken: Passage[] = [];
  let left = tokens - goldTokens;
  for (const filler of fillers) {
    const size = tokensOf(filler);
    if (size > left || size > longest) continue;
    taken.push(filler);
    left -= size;
    if (left === 0) break;
  }
  if (left > longest) return undefined;
  const aim = ((tokens - left) * (PLACES.indexOf(place) + 0.5)) / PLACES.length - goldTokens / 2;
  let before = 0;
  let at = 0;
  while (at < taken.length) {
    const next = before + tokensOf(taken[at]!);
    if (Math.abs(next - aim) >= Math.abs(before - aim)) break;
    before = next;
    at += 1;
  }
  return [...taken.slice(0, at), ...gold, ...taken.slice(at)];
}

export function sum(passages: readonly Passage[], tokensOf: (passage: Passage) => number): number {
  return passages.reduce((total, passage) => total + tokensOf(passage), 0);
}
