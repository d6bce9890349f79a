import type { Passage } from "../../core/passage.ts";
import { byteLength } from "./token-measure.ts";

/** Lengths of the passages of a corpus, in bytes of UTF-8, titles included. */
export interface CorpusLengths {
  readonly passages: number;
  readonly mean: number;
  /** The longest, in descending order; as many as were asked for, or all there are. */
  readonly longest: readonly number[];
  /** Texts of evenly spread passages, for a tokenizer. */
  readonly sample: readonly string[];
}

/** One in so many passages is kept as a sample once this many are held; then every second one is dropped. */
const SAMPLE = 400;

/** Reads a corpus once; the longest and a sample are held. @param most how many of the longest are kept, 0 or more */
export async function corpusLengths(passages: AsyncIterable<Passage>, most: number): Promise<CorpusLengths> {
  let count = 0;
  let total = 0;
  let stride = 1;
  let longest: number[] = [];
  let sample: string[] = [];
  for await (const { title = "", text } of passages) {
    const bytes = byteLength(title) + byteLength(text);
    total += bytes;
    if (most > 0 && (longest.length < most || bytes > longest.at(-1)!)) {
      const at = longest.findIndex((other) => other < bytes);
      longest.splice(at < 0 ? longest.length : at, 0, bytes);
      longest = longest.slice(0, most);
    }
    if (count % stride === 0) sample.push(text);
    if (sample.length > SAMPLE) {
      sample = sample.filter((_, at) => at % 2 === 0);
      stride *= 2;
    }
    count += 1;
  }
  return { passages: count, mean: count === 0 ? 0 : total / count, longest, sample };
}
