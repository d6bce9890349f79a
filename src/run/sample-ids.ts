import { sha256 } from "../lib/hash.ts";

/**
 * A simple random sample of `n` ids without replacement, drawn by a seed: the ids whose hashes with the seed are the lowest.
 * An id's place in the draw depends on nothing but the id and the seed. Hence a smaller sample is part of a larger one, the
 * order of the ids does not matter, and what is added to the ids later only pushes others out.
 *
 * @param n at least 0; all ids when there are no more than that @param seed of the suite
 * @returns as a set; memory grows with `n` and not with the ids
 */
export async function sampleIds(ids: AsyncIterable<string>, n: number, seed: number): Promise<ReadonlySet<string>> {
  const most = 2 * Math.max(n, 512);
  let drawn: { readonly id: string; readonly rank: string }[] = [];
  const cut = () => drawn.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)).slice(0, n);
  for await (const id of ids) {
    drawn.push({ id, rank: sha256(`${seed}/limit/${id}`) });
    if (drawn.length === most) drawn = cut();
  }
  return new Set(cut().map(({ id }) => id));
}
