import { mix } from "./near-duplicates-minhash.ts";

/** Places of a signature. */
export const PLACES = 128;

/** A pair at the threshold is found with at least this probability. */
const LEAST_RECALL = 0.999;

/**
 * Pairs of rows whose signatures agree in all places of some band; a pair may come several times. With r places a band,
 * a pair of similarity s is found with probability 1 − (1 − s^r)^(128 / r); r is the largest that keeps this at the
 * wanted recall.
 */
export function* findPairs(
  rows: Uint32Array,
  signature: (row: number) => Uint16Array,
  threshold: number,
): Generator<[number, number]> {
  const width = bandWidth(threshold);
  const keys = new Uint32Array(rows.length);
  const order = Uint32Array.from(rows.keys());
  for (let from = 0; from + width <= PLACES; from += width) {
    for (const [i, row] of rows.entries()) {
      let key = from;
      for (const place of signature(row).subarray(from, from + width)) key = mix(Math.imul(key, 0x9e3779b1) ^ place);
      keys[i] = key;
    }
    order.sort((i, j) => keys[i]! - keys[j]! || i - j);
    for (let start = 0; start < order.length; start += 1) {
      for (let next = start + 1; next < order.length && keys[order[next]!] === keys[order[start]!]; next += 1) {
        yield [rows[order[start]!]!, rows[order[next]!]!];
      }
    }
  }
}

/** Places of a band. @see findPairs */
export function bandWidth(threshold: number): number {
  let width = 1;
  const recall = (r: number): number => 1 - (1 - threshold ** r) ** Math.floor(PLACES / r);
  while (width < PLACES && recall(width + 1) >= LEAST_RECALL) width += 1;
  return width;
}
