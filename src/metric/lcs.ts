/** Bits a word holds: the sum of two words and a carry stays a 31-bit integer, which engines keep unboxed. */
const WORD = 30;
const FULL = 2 ** WORD - 1;

/** Where each word of a text occurs: pairs of (block of 30 positions, bits in it), block ascending. */
export type Occurrences = ReadonlyMap<string, readonly number[]>;

/** Indexes a text for `advance`. Memory is linear in its length. */
export function occurrences(words: readonly string[]): Occurrences {
  const index = new Map<string, number[]>();
  words.forEach((word, position) => {
    const block = Math.floor(position / WORD);
    const bit = 1 << (position % WORD);
    const pairs = index.get(word);
    if (pairs === undefined) index.set(word, [block, bit]);
    else if (pairs.at(-2) === block) pairs[pairs.length - 1]! |= bit;
    else pairs.push(block, bit);
  });
  return index;
}

/** The row before any word was compared: no increments, all bits set. */
export function emptyRow(length: number): Int32Array {
  return new Int32Array(Math.ceil(length / WORD)).fill(FULL);
}

/**
 * One column of the LCS table from the one before, 30 cells a step. A cleared bit i says that the LCS with the first
 * i + 1 words is one longer than with the first i. For each run between cleared bits, the lowest match clears its bit
 * and the run's upper end is set again: V' = (V + (V & M)) | (V & ~M). Blocks without a match change only while a
 * carry arrives, so they are skipped. Source: Hyyrö, "Bit-parallel LCS-length computation revisited", 2004.
 */
export function advance(row: Int32Array, matches: readonly number[]): void {
  let carry = 0;
  let next = 0;
  for (let i = 0; i < matches.length; i += 2) {
    const block = matches[i]!;
    for (; carry === 1 && next < block; next += 1) {
      const v = row[next]!;
      carry = v === FULL ? 1 : 0;
      row[next] = v | ((v + 1) & FULL);
    }
    const v = row[block]!;
    const hit = v & matches[i + 1]!;
    const sum = v + hit + (next === block ? carry : 0);
    row[block] = (sum & FULL) | (v & ~hit);
    carry = sum > FULL ? 1 : 0;
    next = block + 1;
  }
  for (; carry === 1 && next < row.length; next += 1) {
    const v = row[next]!;
    carry = v === FULL ? 1 : 0;
    row[next] = v | ((v + 1) & FULL);
  }
}

/** Whether the LCS grows at this position of the indexed text. */
export function grows(row: Int32Array, position: number): boolean {
  return (row[Math.floor(position / WORD)]! & (1 << (position % WORD))) === 0;
}

/**
 * Length of the longest common subsequence of two texts. Memory is linear in both; time is at most
 * |a| · |b| / 30, and less where the texts share few words.
 */
export function lcsLength(a: readonly string[], b: readonly string[]): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const index = occurrences(short);
  const row = emptyRow(short.length);
  for (const word of long) {
    const matches = index.get(word);
    if (matches !== undefined) advance(row, matches);
  }
  let length = row.length * WORD;
  for (const set of row) length -= ones(set);
  return length;
}

/** How many bits are set. */
function ones(bits: number): number {
  let x = bits - ((bits >> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >> 2) & 0x33333333);
  return (((x + (x >> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
