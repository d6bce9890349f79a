import { distance } from "fastest-levenshtein";

/**
 * The candidate that is most like a misspelt name, or undefined when none is near: more than half of the longer
 * word would have to change. Case counts for nothing.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const d = distance(name.toLowerCase(), candidate.toLowerCase());
    if (d < least && d <= Math.max(name.length, candidate.length) / 2) {
      least = d;
      best = candidate;
    }
  }
  return best;
}
