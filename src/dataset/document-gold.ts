import type { Passage } from "../core/passage.ts";
import type { Qrels } from "./dataset.ts";

/** A judged document with the passages it was cut into; none where the corpus does not have it. */
export type JudgedDocument = readonly [document: string, grade: number, passages: readonly string[]];

/**
 * The judged documents of every query with their passages in corpus order; best grade first, equal grades by id. One pass
 * over the passages; held are the ids of those that belong to judged documents.
 */
export async function documentGold(
  judgements: Qrels,
  passages: AsyncIterable<Passage> | Iterable<Passage>,
): Promise<ReadonlyMap<string, readonly JudgedDocument[]>> {
  const cut = new Map<string, string[]>();
  for (const grades of judgements.values()) for (const document of grades.keys()) cut.set(document, []);
  for await (const { id, document } of passages) cut.get(document)?.push(id);
  const gold = new Map<string, JudgedDocument[]>();
  for (const [query, grades] of judgements) {
    const documents = Array.from(grades, ([id, grade]): JudgedDocument => [id, grade, cut.get(id)!]);
    gold.set(
      query,
      documents.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
    );
  }
  return gold;
}
