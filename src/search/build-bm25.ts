import type { Passage } from "../core/passage.ts";
import { termOf } from "./analyzer.ts";
import { Bm25Collector } from "./bm25-arrays.ts";
import { Bm25Index, type Bm25Settings } from "./bm25-index.ts";
import { WordTable } from "./word-table.ts";
import { forEachWord } from "./words.ts";

export interface BuildOptions {
  readonly signal?: AbortSignal;
  /** Called every few thousand passages with how many were read. */
  readonly onProgress?: (done: number) => void;
}

const STOP_WORD = -1;
/** Words remembered with their term; beyond it the memory starts afresh. Bounds what a corpus of noise can take. */
const REMEMBERED_WORDS = 4_000_000;
const PROGRESS_EVERY = 4096;

/**
 * Indexes a corpus in one pass. Holds numbers and the dictionary only: about 13 bytes for each different term of a passage,
 * and the terms.
 * @throws the signal's reason when it is aborted
 */
export async function buildBm25(
  passages: AsyncIterable<Passage>,
  settings: Bm25Settings,
  options: BuildOptions = {},
): Promise<Bm25Index> {
  const { signal, onProgress } = options;
  const collector = new Bm25Collector();
  const term = termOf(settings);
  // Stop words and stems are settled once per word, not once per occurrence.
  const remembered = new WordTable();
  const make = (word: string): number => {
    const t = term(word);
    return t === undefined ? STOP_WORD : collector.numberOf(t);
  };
  const visit = (text: string, start: number, end: number): void => {
    const number = remembered.value(text, start, end, make);
    if (number !== STOP_WORD) collector.count(number);
  };
  signal?.throwIfAborted();
  for await (const passage of passages) {
    if (settings.title && passage.title) forEachWord(passage.title, visit);
    forEachWord(passage.text, visit);
    collector.endPassage(passage.id);
    if (remembered.size >= REMEMBERED_WORDS) remembered.clear();
    if (collector.documents % PROGRESS_EVERY === 0) {
      signal?.throwIfAborted();
      onProgress?.(collector.documents);
    }
  }
  signal?.throwIfAborted();
  onProgress?.(collector.documents);
  return new Bm25Index(collector.finish(), settings);
}
