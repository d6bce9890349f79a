import { BadArgument } from "../core/errors.ts";
import type { Hit, Ranking } from "../core/ranking.ts";
import { type Normalisation, normaliseScores } from "./normalise-scores.ts";

/** How several rankings become one. */
export type FusionSettings =
  | {
      readonly method: "convex";
      readonly normalise: Normalisation;
      /** One for each ranking, 0 or more and not all 0; divided by their sum. @default equal */
      readonly weights?: readonly number[];
    }
  | {
      readonly method: "rrf";
      /** The constant of the reciprocal rank, 0 or more; 60 in the paper. */
      readonly k: number;
      /** One for each ranking, 0 or more and not all 0. @default 1 each */
      readonly weights?: readonly number[];
    };

/**
 * Joins rankings of one query into one of all their passages.
 *
 *     convex  Σ wᵢ · normalised scoreᵢ / Σ wᵢ; a passage that ranking i lacks counts there as i's last one
 *     rrf     Σ wᵢ / (k + rankᵢ), ranks from 1; a ranking that lacks the passage adds nothing
 *
 * Sources: Bruch, Gai and Ingber, TOIS 2023 (convex, min-max); Cormack, Clarke and Büttcher, SIGIR 2009 (RRF).
 * @param rankings each in its order, ids once
 * @returns in trec_eval's order: 32-bit scores descending, then id descending by bytes
 * @throws BadArgument for weights of another number, negative ones, or none above 0
 * @example fuse([[["a", 2], ["b", 1]], [["b", 9]]], { method: "rrf", k: 60 }) // b: 1/62 + 1/61, a: 1/61
 */
export function fuse(rankings: readonly Ranking[], settings: FusionSettings): Ranking {
  const weights = weightsOf(rankings.length, settings.weights);
  const fused = new Map<string, number>();
  if (settings.method === "rrf") {
    for (const [i, ranking] of rankings.entries()) {
      for (const [at, [id]] of ranking.entries()) {
        fused.set(id, (fused.get(id) ?? 0) + weights[i]! / (settings.k + at + 1));
      }
    }
  } else {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const ids = new Set(rankings.flatMap((ranking) => ranking.map(([id]) => id)));
    for (const [i, ranking] of rankings.entries()) {
      const scores = normaliseScores(ranking, settings.normalise);
      const floor = scores.reduce((low, score) => Math.min(low, score), scores[0] ?? 0);
      const byId = new Map(ranking.map(([id], at) => [id, scores[at]!]));
      const share = weights[i]! / total;
      for (const id of ids) fused.set(id, (fused.get(id) ?? 0) + share * (byId.get(id) ?? floor));
    }
  }
  return inOrder([...fused]);
}

/** Sorts hits as trec_eval does. */
export function inOrder(hits: Hit[]): Ranking {
  return hits.sort(
    ([idA, a], [idB, b]) => Math.fround(b) - Math.fround(a) || Buffer.compare(Buffer.from(idB), Buffer.from(idA)),
  );
}

function weightsOf(count: number, weights: readonly number[] = new Array<number>(count).fill(1)): readonly number[] {
  const valid = weights.every((weight) => weight >= 0 && Number.isFinite(weight)) && weights.some((w) => w > 0);
  if (weights.length === count && (valid || count === 0)) return weights;
  throw new BadArgument(`weights must be ${count} numbers of at least 0, one above 0; got ${weights.join(", ")}`);
}
