import type { DenseConfig } from "../../config/retriever-schema.ts";
import type { EmbedCounts } from "../../embed/embedder.ts";
import { ExactIndex } from "../../search/exact-index.ts";
import { type OpenExactOptions, openExactRows } from "../../search/exact-open.ts";
import type { FaissRecall } from "../../search/faiss-index.ts";
import type { Faiss } from "../../search/faiss-module.ts";
import { openFaiss } from "../../search/faiss-open.ts";
import type { VectorIndex } from "./dense-retriever.ts";

/** How many texts the recall of an index is measured with, and how many words each has: as many as a question, about. */
const PROBES = 200;
const PROBE_WORDS = 8;

export interface OpenIndexOptions extends OpenExactOptions {
  /** Called while a faiss index is built, with how many passages were added. */
  readonly onIndexed?: (done: number) => void;
}

/**
 * Opens the index that a configuration names: exact over the rows, or one of faiss' that is built from the same rows.
 * @param faiss where the index is one of faiss'
 * @returns the index with what is to be told of it
 */
export async function openIndex(
  settings: DenseConfig["index"],
  faiss: Faiss | undefined,
  options: OpenIndexOptions,
): Promise<{ readonly index: VectorIndex; readonly notes: readonly string[] }> {
  const { rows, key } = await openExactRows(options);
  const notes = truncationNote(options.embedder.counts);
  const { cacheDir, signal, onIndexed } = options;
  try {
    if (settings === "exact" || faiss === undefined) return { index: await ExactIndex.create(rows, options), notes };
    const progress = onIndexed ? { onProgress: onIndexed } : {};
    const questions = () => probes(rows.rows, options);
    const index = await openFaiss({ rows, rowsKey: key, settings, cacheDir, signal, faiss, questions, ...progress });
    return { index, notes: [recallNote(settings.kind, index.recall), ...notes] };
  } catch (error) {
    await rows.close();
    throw error;
  }
}

/**
 * Vectors of texts like questions: the first words of passages, evenly spaced, encoded as questions are. Real questions are not
 * looked at, since an index must not depend on them.
 */
async function probes(
  rows: number,
  { passages, embedder, signal }: Pick<OpenIndexOptions, "passages" | "embedder" | "signal">,
): Promise<Float32Array> {
  const every = Math.max(1, Math.floor(rows / PROBES));
  const texts: string[] = [];
  let at = 0;
  for await (const { text } of passages()) {
    if (at++ % every !== 0) continue;
    const opening = text.trim().split(/\s+/, PROBE_WORDS).join(" ");
    if (opening !== "") texts.push(opening);
    if (texts.length === PROBES) break;
  }
  const vectors = await embedder.embed(texts, "query", signal);
  const { dimensions } = embedder;
  const rowsOf = texts.map((_, i) => vectors.subarray(i * dimensions, (i + 1) * dimensions));
  // A text without tokens is near to nothing.
  const told = rowsOf.filter((row) => row.some((x) => x !== 0));
  const questions = new Float32Array(told.length * dimensions);
  for (const [i, row] of told.entries()) questions.set(row, i * dimensions);
  return questions;
}

function truncationNote({ truncated, texts }: EmbedCounts): string[] {
  if (truncated === 0) return [];
  return [
    `dense: of ${texts} passages encoded now, ${truncated} were longer than the encoder reads and lost their end`,
  ];
}

function recallNote(kind: string, { recall, k, queries, own }: FaissRecall): string {
  const share = recall.toFixed(4);
  const by = own ? `the vectors of ${queries} passages` : `the first words of ${queries} passages as questions`;
  return `dense: the ${kind} index finds ${share} of the ${k} nearest passages that exact search finds (measured when it was built, with ${by})`;
}
