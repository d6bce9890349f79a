import { type Dataset, type DatasetPassage, toPassage } from "./dataset.ts";
import { layoutOf } from "./layout.ts";
import { readRows, strictRows } from "./read-rows.ts";
import { PassageRow } from "./row-schema.ts";
import { openRowStore } from "./row-store.ts";

/** Random access to the passages of a dataset by id. */
export interface PassageStore {
  readonly size: number;
  /** The passages in the order of the ids; undefined where the corpus has none. */
  get(ids: readonly string[]): Promise<(DatasetPassage | undefined)[]>;
  close(): Promise<void>;
}

/**
 * Reads `corpus.jsonl` once and keeps where each passage stands: about 18 bytes a passage, 92 MB for 5 million.
 * Close it when done.
 * @throws DataError when the corpus has a bad row or an id twice
 */
export async function openPassageStore(dataset: Pick<Dataset, "dir">): Promise<PassageStore> {
  const { corpus } = layoutOf(dataset.dir);
  const store = await openRowStore(corpus, strictRows(readRows(corpus, PassageRow)));
  return {
    size: store.size,
    get: async (ids) => (await store.get(ids)).map((row) => row && toPassage(row)),
    close: () => store.close(),
  };
}
