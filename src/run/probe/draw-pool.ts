import type { Passage } from "../../core/passage.ts";
import type { Rng } from "../../core/rng.ts";

export interface PoolSize {
  /** Passages of the corpus. */
  readonly corpus: number;
  /** How many are wanted, about. */
  readonly wanted: number;
}

/** A drawn pool holds so many times what is wanted, since some passages do not fit or are gold. */
const SPARE = 3;

/**
 * Passages drawn at random in one pass over a corpus of any size, each with the same chance; all of a small corpus. What is
 * drawn depends on the seed and on the order of the corpus alone.
 */
export async function drawPool(
  passages: AsyncIterable<Passage>,
  { corpus, wanted }: PoolSize,
  rng: Rng,
): Promise<readonly Passage[]> {
  const share = Math.min(1, (SPARE * wanted) / Math.max(1, corpus));
  const pool: Passage[] = [];
  for await (const passage of passages) if (rng.float() < share) pool.push(passage);
  return pool;
}

/** A copy in random order, by Fisher and Yates. */
export function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = rng.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/**
 * Passages that cannot help with the answer, as far as the dataset knows: not the gold, no passage of its documents, and no
 * copy of its text under another id.
 */
export function besideGold(pool: readonly Passage[], gold: readonly Passage[], ids: readonly string[]): Passage[] {
  const named = new Set(ids);
  const texts = new Set(gold.map(({ text }) => text));
  const documents = new Set(gold.map(({ document }) => document));
  return pool.filter(({ id, text, document }) => !named.has(id) && !texts.has(text) && !documents.has(document));
}
