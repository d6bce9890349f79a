/** A table that is at most half full is searched in few steps. */
const SLOTS_PER_ID = 2;
const LEAST_IDS = 256;
/** Bytes of one UTF-16 unit: ids are kept as they are, lone surrogates too. */
const UNIT = 2;

/**
 * Numbers ids in the order in which they are added, from 0, and is certain: ids are compared by their text. They are kept outside of
 * the engine's heap, in 12 to 24 bytes besides their text, so that collecting garbage takes no longer for 200,000 of them.
 */
export class IdTable implements Iterable<string> {
  #length = 0;
  /** Texts one after the other, and where each ends. */
  #text: Buffer = Buffer.alloc(LEAST_IDS * 16);
  #ends = new Uint32Array(LEAST_IDS);
  /** Open addressing by hash: the number of an id + 1, 0 where nothing is. */
  #slots = new Uint32Array(LEAST_IDS * SLOTS_PER_ID);

  get length(): number {
    return this.#length;
  }

  /** @returns the number of the id; undefined when it was there already */
  add(id: string): number | undefined {
    const from = this.#startOf(this.#length);
    this.#makeRoom(from + id.length * UNIT);
    const slot = this.#find(id);
    if (this.#slots[slot] !== 0) return undefined;
    this.#text.write(id, from, "utf16le");
    this.#ends[this.#length] = from + id.length * UNIT;
    this.#length += 1;
    this.#slots[slot] = this.#length;
    return this.#length - 1;
  }

  has(id: string): boolean {
    return this.#slots[this.#find(id)] !== 0;
  }

  /** The number of an id; undefined when it is not there. */
  numberOf(id: string): number | undefined {
    const found = this.#slots[this.#find(id)]!;
    return found === 0 ? undefined : found - 1;
  }

  /** The id of a number; undefined when there is none. */
  at(number: number): string | undefined {
    if (number < 0 || number >= this.#length) return undefined;
    return this.#text.toString("utf16le", this.#startOf(number), this.#ends[number]);
  }

  *[Symbol.iterator](): IterableIterator<string> {
    for (let i = 0; i < this.#length; i += 1) yield this.at(i)!;
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : this.#ends[number - 1]!;
  }

  /** The slot where the id is, or the empty one where it would go. */
  #find(id: string): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(id) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot]!;
      if (found === 0 || this.#holds(found - 1, id)) return slot;
    }
  }

  #holds(number: number, id: string): boolean {
    const from = this.#startOf(number);
    if (this.#ends[number]! - from !== id.length * UNIT) return false;
    for (let i = 0; i < id.length; i += 1) {
      const at = from + i * UNIT;
      if ((this.#text[at]! | (this.#text[at + 1]! << 8)) !== id.charCodeAt(i)) return false;
    }
    return true;
  }

  #makeRoom(bytes: number): void {
    if (bytes > this.#text.length) {
      const larger = Buffer.alloc(Math.ceil(Math.max(bytes, this.#text.length) * 1.5));
      this.#text.copy(larger);
      this.#text = larger;
    }
    if (this.#length < this.#ends.length) return;
    const ends = new Uint32Array(this.#ends.length * 2);
    ends.set(this.#ends);
    this.#ends = ends;
    this.#slots = new Uint32Array(ends.length * SLOTS_PER_ID);
    for (let i = 0; i < this.#length; i += 1) this.#slots[this.#find(this.at(i)!)] = i + 1;
  }
}

/** FNV-1a over UTF-16 units, its high bits mixed into the low ones that a table uses. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
