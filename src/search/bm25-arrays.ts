import { Growing } from "./growing.ts";

/**
 * The index as arrays, the same in memory and on disk. Postings are compressed sparse rows: those of term t stand at
 * [postingStart[t], postingStart[t + 1]), by document number.
 */
export interface Bm25Arrays {
  /** The passages' ids as UTF-8, one after another; id d is at [idStart[d], idStart[d + 1]). */
  readonly ids: Uint8Array;
  readonly idStart: Uint32Array;
  /** Terms per passage. */
  readonly lengths: Uint32Array;
  /** The terms as UTF-16 in ascending order of units, one after another; term t is at [termStart[t], termStart[t + 1]). */
  readonly termUnits: Uint16Array;
  readonly termStart: Uint32Array;
  readonly postingStart: Uint32Array;
  readonly postingDocument: Uint32Array;
  /** The number of the posting's pair: how often the term occurs in the passage, and how long that is. */
  readonly postingPair: Uint16Array | Uint32Array;
  /**
   * The pairs that occur. A corpus has few of them, so that a score needs neither the passage's length, which would be a
   * look-up in memory for every posting, nor a division.
   */
  readonly pairFrequency: Uint32Array;
  readonly pairLength: Uint32Array;
}

const MAX_FREQUENCY = 0xffff;
const MAX_UINT32 = 0xffff_ffff;

/** The narrowest array for the numbers of so many pairs. */
export function pairNumbers(pairs: number): Uint16ArrayConstructor | Uint32ArrayConstructor {
  return pairs <= 0x1_0000 ? Uint16Array : Uint32Array;
}

/** Collects passages one by one and turns them into {@link Bm25Arrays}, holding numbers only. */
export class Bm25Collector {
  readonly #termNumber = new Map<string, number>();
  readonly #ids = new Growing((n) => new Uint8Array(n));
  readonly #idStart = new Growing((n) => new Uint32Array(n));
  readonly #lengths = new Growing((n) => new Uint32Array(n));
  /** Postings by document: the numbers of its terms in the order seen, with how often. */
  readonly #rowTerm = new Growing((n) => new Uint32Array(n));
  readonly #rowFrequency = new Growing((n) => new Uint16Array(n));
  readonly #rowSize = new Growing((n) => new Uint32Array(n));
  readonly #pairs = new Pairs();
  /** Per term: in how many documents, and how often in the current one. */
  #documentFrequency = new Uint32Array(1024);
  #inRow = new Uint32Array(1024);
  readonly #row: number[] = [];
  #idBytes = 0;
  #rowTokens = 0;

  get documents(): number {
    return this.#lengths.length;
  }

  /** The number that stands for a term while collecting. */
  numberOf(term: string): number {
    const known = this.#termNumber.get(term);
    if (known !== undefined) return known;
    const number = this.#termNumber.size;
    if (number === this.#inRow.length) {
      this.#inRow = doubled(this.#inRow);
      this.#documentFrequency = doubled(this.#documentFrequency);
    }
    this.#termNumber.set(owned(term), number);
    return number;
  }

  /** Counts one occurrence of a term in the current passage. */
  count(term: number): void {
    if (this.#inRow[term] === 0) this.#row.push(term);
    this.#inRow[term]! += 1;
    this.#rowTokens += 1;
  }

  /** Ends the current passage. */
  endPassage(id: string): void {
    const length = this.#rowTokens;
    const pairOf = this.#pairs.ofLength(length);
    for (const term of this.#row) {
      const frequency = Math.min(this.#inRow[term]!, MAX_FREQUENCY);
      if (pairOf[frequency] === undefined) this.#pairs.add(frequency, length);
      this.#rowTerm.push(term);
      this.#rowFrequency.push(frequency);
      this.#documentFrequency[term]! += 1;
      this.#inRow[term] = 0;
    }
    this.#rowSize.push(this.#row.length);
    this.#lengths.push(length);
    this.#idStart.push(this.#idBytes);
    const bytes = Buffer.from(id, "utf8");
    for (const byte of bytes) this.#ids.push(byte);
    this.#idBytes += bytes.length;
    this.#row.length = 0;
    this.#rowTokens = 0;
    if (this.#idBytes > MAX_UINT32 || this.#rowTerm.length > MAX_UINT32) {
      throw new RangeError("a BM25 index holds at most 4,294,967,295 postings and bytes of ids");
    }
  }

  /** Transposes documents × terms into terms × documents. The collector is spent afterwards. */
  finish(): Bm25Arrays {
    const terms = [...this.#termNumber.keys()].sort();
    const rank = new Uint32Array(terms.length);
    for (const [at, term] of terms.entries()) rank[this.#termNumber.get(term)!] = at;
    this.#termNumber.clear();
    const { termUnits, termStart } = packTerms(terms);

    const postingStart = new Uint32Array(terms.length + 1);
    for (const [number, at] of rank.entries()) postingStart[at + 1] = this.#documentFrequency[number]!;
    for (let t = 0; t < terms.length; t += 1) postingStart[t + 1]! += postingStart[t]!;

    const pairs = this.#pairs;
    const postings = this.#rowTerm.length;
    const postingDocument = new Uint32Array(postings);
    const postingPair = new (pairNumbers(pairs.size))(postings);
    const next = postingStart.slice(0, terms.length);
    const rowSize = this.#rowSize.take();
    const lengths = this.#lengths.take();
    const frequencies = this.#rowFrequency.drain();
    let document = 0;
    let left = rowSize[0] ?? 0;
    let pairOf = pairs.ofLength(lengths[0] ?? 0);
    for (const block of this.#rowTerm.drain()) {
      const frequency = frequencies.next().value as Uint16Array;
      for (let i = 0; i < block.length; i += 1) {
        while (left === 0) {
          left = rowSize[++document]!;
          pairOf = pairs.ofLength(lengths[document]!);
        }
        const at = next[rank[block[i]!]!]!++;
        postingDocument[at] = document;
        postingPair[at] = pairOf[frequency[i]!]!;
        left -= 1;
      }
    }
    this.#idStart.push(this.#idBytes);
    return {
      ids: this.#ids.take(),
      idStart: this.#idStart.take(),
      lengths,
      termUnits,
      termStart,
      postingStart,
      postingDocument,
      postingPair,
      pairFrequency: pairs.frequencies.take(),
      pairLength: pairs.lengths.take(),
    };
  }
}

/** Numbers the pairs of a term's frequency and its passage's length, in the order in which they are met. */
class Pairs {
  readonly frequencies = new Growing((n) => new Uint32Array(n));
  readonly lengths = new Growing((n) => new Uint32Array(n));
  readonly #byLength = new Map<number, number[]>();

  get size(): number {
    return this.lengths.length;
  }

  /** By frequency; undefined where there is no such pair yet. */
  ofLength(length: number): (number | undefined)[] {
    let numbers = this.#byLength.get(length);
    if (!numbers) {
      numbers = [];
      this.#byLength.set(length, numbers);
    }
    return numbers;
  }

  add(frequency: number, length: number): void {
    this.ofLength(length)[frequency] = this.size;
    this.frequencies.push(frequency);
    this.lengths.push(length);
  }
}

function doubled(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/** A slice of a long string keeps all of it alive; a key of the dictionary must not hold its passage. */
function owned(term: string): string {
  return Buffer.from(term, "utf16le").toString("utf16le");
}

function packTerms(terms: readonly string[]): Pick<Bm25Arrays, "termUnits" | "termStart"> {
  const termStart = new Uint32Array(terms.length + 1);
  for (const [t, term] of terms.entries()) termStart[t + 1] = termStart[t]! + term.length;
  const termUnits = new Uint16Array(termStart[terms.length]!);
  for (const [t, term] of terms.entries()) {
    const start = termStart[t]!;
    for (let i = 0; i < term.length; i += 1) termUnits[start + i] = term.charCodeAt(i);
  }
  return { termUnits, termStart };
}
