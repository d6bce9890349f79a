import type { Hit, Ranking } from "../../core/ranking.ts";
import { sha256 } from "../../lib/hash.ts";
import { quoteValue } from "../../lib/text.ts";
import { inOrder } from "../../search/fusion.ts";
import type { CorpusMatch } from "./corpus-match.ts";

/** A passage as another system returned it, with an id, a text or both. */
export interface OutsideHit {
  readonly id?: string;
  readonly text?: string;
  /** More is better; where all hits lack it, their order counts. */
  readonly score?: number;
}

/** What another system returned so far. */
export interface OutsideCounts {
  returned: number;
  /** Found by their text, because the corpus has no passage of their id. */
  byText: number;
  /** Not found at all. */
  unknown: number;
  /** The first that was not found. */
  example?: string;
  /** The most passages that were asked for in one question, and the most that came. */
  wanted: number;
  most: number;
}

export function noCounts(): OutsideCounts {
  return { returned: 0, byText: 0, unknown: 0, wanted: 0, most: 0 };
}

/**
 * Makes a ranking of another system's hits. A passage is found by its id, else by its normalised text; one that the corpus
 * does not have keeps its rank as `unknown:` and a hash, the same each time. A passage that comes twice counts once, where it
 * is best; without scores the n-th hit has the score 1/n.
 */
export function outsideRanking(
  hits: readonly OutsideHit[],
  k: number,
  match: CorpusMatch,
  counts: OutsideCounts,
): Ranking {
  counts.wanted = Math.max(counts.wanted, Math.min(k, match.size));
  counts.most = Math.max(counts.most, hits.length);
  const scored = hits.map(({ score }, at) => score ?? 1 / (at + 1));
  const best = new Map<string, number>();
  for (const [at, hit] of hits.entries()) {
    const id = idOf(hit, match, counts);
    best.set(id, Math.max(scored[at]!, best.get(id) ?? Number.NEGATIVE_INFINITY));
  }
  return inOrder([...best].map(([id, score]): Hit => [id, score])).slice(0, k);
}

/** What is to be told of them after a run. */
export function outsideNotes(
  name: string,
  { returned, byText, unknown, example, wanted, most }: OutsideCounts,
): string[] {
  const notes: string[] = [];
  if (most > 0 && most < wanted) {
    notes.push(
      `${name}: at most ${most} passages came where ${wanted} were asked for; nothing is known of ranks below`,
    );
  }
  if (unknown > 0) {
    notes.push(
      `${name}: ${unknown} of ${returned} returned passages are not in the corpus, such as ${example}; they keep their ranks and count as not relevant`,
    );
  }
  if (byText > 0)
    notes.push(`${name}: ${byText} of ${returned} returned passages were found by their text, not their id`);
  return notes;
}

function idOf({ id, text }: OutsideHit, match: CorpusMatch, counts: OutsideCounts): string {
  counts.returned += 1;
  if (id !== undefined && match.has(id)) return id;
  const found = text === undefined ? undefined : match.byText(text);
  if (found !== undefined) {
    counts.byText += 1;
    return found;
  }
  counts.unknown += 1;
  const name = id ?? text ?? "";
  counts.example ??= quoteValue(name);
  return `unknown:${sha256(name).slice(0, 16)}`;
}
