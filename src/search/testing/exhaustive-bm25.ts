import type { Hit, Ranking } from "../../core/ranking.ts";
import type { Bm25Index } from "../bm25-index.ts";

/** What `search` must equal to the last bit: every posting of every term read, rarest term first, then everything sorted. */
export function exhaustiveBm25(index: Bm25Index, text: string, k: number): Ranking {
  const { arrays, settings, analyze } = index;
  const { k1, b } = settings;
  const { documents, tokens } = index;
  const term = (t: number): string =>
    String.fromCharCode(...arrays.termUnits.subarray(arrays.termStart[t], arrays.termStart[t + 1]));
  const numbers = new Map(Array.from({ length: index.terms }, (_, t) => [term(t), t]));
  const counts = new Map<number, number>();
  for (const name of analyze(text)) {
    const t = numbers.get(name);
    if (t !== undefined) counts.set(t, (counts.get(t) ?? 0) + 1);
  }
  const size = (t: number): number => arrays.postingStart[t + 1]! - arrays.postingStart[t]!;
  const average = tokens === 0 ? 1 : tokens / documents;
  const scores = new Map<number, number>();
  for (const [t, times] of [...counts].sort(([x], [y]) => size(x) - size(y) || x - y)) {
    const weight = times * Math.log(1 + (documents - size(t) + 0.5) / (size(t) + 0.5));
    for (let p = arrays.postingStart[t]!; p < arrays.postingStart[t + 1]!; p += 1) {
      const document = arrays.postingDocument[p]!;
      const tf = arrays.pairFrequency[arrays.postingPair[p]!]!;
      const part = weight * (tf / (tf + k1 * (1 - b + b * (arrays.lengths[document]! / average))));
      scores.set(document, (scores.get(document) ?? 0) + part);
    }
  }
  const id = (d: number): Buffer => Buffer.from(arrays.ids.subarray(arrays.idStart[d], arrays.idStart[d + 1]));
  return [...scores]
    .sort(([x, s], [y, t]) => Math.fround(t) - Math.fround(s) || Buffer.compare(id(y), id(x)))
    .slice(0, k)
    .map(([document, score]): Hit => [id(document).toString(), score]);
}
