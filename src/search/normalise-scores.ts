import type { Ranking } from "../core/ranking.ts";

/** How the scores of a ranking are made comparable with another's. */
export type Normalisation = "min-max" | "z" | "none";

/**
 * The scores of one ranking on a common scale:
 *
 *     min-max  (s − min) / (max − min), from 0 to 1; all 1 where every score is equal
 *     z        (s − mean) / sd, sd of the list itself (n, not n − 1); all 0 where every score is equal
 *     none     s
 *
 * over the hits of this ranking alone, so that they depend on how deep it goes.
 */
export function normaliseScores(ranking: Ranking, method: Normalisation): Float64Array {
  const scores = Float64Array.from(ranking, ([, score]) => score);
  if (method === "none" || scores.length === 0) return scores;
  let [low, high, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const score of scores) {
    low = Math.min(low, score);
    high = Math.max(high, score);
    sum += score;
  }
  // Halved first: the distance of two finite numbers can be infinite.
  if (method === "min-max") {
    return scores.map((score) => (low === high ? 1 : (score / 2 - low / 2) / (high / 2 - low / 2)));
  }
  if (low === high) return scores.fill(0);
  const mean = sum / scores.length;
  let squares = 0;
  for (const score of scores) squares += (score - mean) ** 2;
  const deviation = Math.sqrt(squares / scores.length);
  return scores.map((score) => (score - mean) / deviation);
}
