import type { Judgements } from "../core/ranking.ts";
import { areDistinct } from "./rank-ids.ts";

/**
 * The grades of the best `depth` distinct ids, best first; undefined where an id is unjudged. A repeated id counts
 * once, where it stands best: a copy of a relevant passage earns nothing, and pushes nothing down.
 */
export function gradesOf(
  ranked: readonly string[],
  judgements: Judgements,
  depth = Number.POSITIVE_INFINITY,
): (number | undefined)[] {
  if (areDistinct(ranked)) {
    const best = ranked.length > depth ? ranked.slice(0, depth) : ranked;
    return best.map((id) => judgements.get(id));
  }
  const seen = new Set<string>();
  const grades: (number | undefined)[] = [];
  for (const id of ranked) {
    if (grades.length >= depth) break;
    if (seen.has(id)) continue;
    seen.add(id);
    grades.push(judgements.get(id));
  }
  return grades;
}

/** How many passages of the query are judged `rel` or higher, retrieved or not. */
export function relevantCount(judgements: Judgements, rel: number): number {
  let count = 0;
  for (const grade of judgements.values()) if (grade >= rel) count += 1;
  return count;
}

export function hasRelevant(judgements: Judgements, rel: number): boolean {
  for (const grade of judgements.values()) if (grade >= rel) return true;
  return false;
}

/** How many of the hits are judged `rel` or higher. */
export function foundCount(grades: readonly (number | undefined)[], rel: number): number {
  let count = 0;
  for (const grade of grades) if (grade !== undefined && grade >= rel) count += 1;
  return count;
}
