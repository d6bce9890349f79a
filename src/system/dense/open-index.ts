import type { DenseConfig } from "../../config/retriever-schema.ts";
import { ExactIndex } from "../../search/exact-index.ts";
import { type OpenExactOptions, openExactRows } from "../../search/exact-open.ts";
import type { FaissRecall } from "../../search/faiss-index.ts";
import type { Faiss } from "../../search/faiss-module.ts";
import { openFaiss } from "../../search/faiss-open.ts";
import type { VectorIndex } from "./dense-retriever.ts";

export interface OpenIndexOptions extends OpenExactOptions {
  /** Called while a faiss index is built, with how many passages were added. */
  readonly onIndexed?: (done: number) => void;
}

/**
 * Opens the index that a configuration names: exact over the rows, or one of faiss' that is built from the same rows.
 * @param faiss where the index is one of faiss'
 */
export async function openIndex(
  settings: DenseConfig["index"],
  faiss: Faiss | undefined,
  options: OpenIndexOptions,
): Promise<{ readonly index: VectorIndex; readonly note?: string }> {
  const { rows, key } = await openExactRows(options);
  const { cacheDir, signal, onIndexed } = options;
  try {
    if (settings === "exact" || faiss === undefined) return { index: await ExactIndex.create(rows, options) };
    const progress = onIndexed ? { onProgress: onIndexed } : {};
    const index = await openFaiss({ rows, rowsKey: key, settings, cacheDir, signal, faiss, ...progress });
    return { index, note: recallNote(settings.kind, index.recall) };
  } catch (error) {
    await rows.close();
    throw error;
  }
}

function recallNote(kind: string, { recall, k, queries }: FaissRecall): string {
  const share = recall.toFixed(4);
  return `dense: the ${kind} index finds ${share} of the ${k} nearest passages that exact search finds (measured when it was built, with the vectors of ${queries} passages)`;
}
