/**
 * A number for each word, found without making a string of the word: words are compared where they stand in the text. An index
 * build looks up every word of a corpus, and a Map of strings spends most of that time on making and hashing them.
 */
export class WordTable {
  /** Pairs of entry + 1 (0 is free) and hash; open addressing with linear probing, at most half full. */
  #slots = new Uint32Array(2 * 4096);
  #values = new Int32Array(2048);
  /** Entry e holds the UTF-16 units [starts[e], starts[e + 1]). */
  #starts = new Uint32Array(2049);
  #units = new Uint16Array(16_384);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /**
   * The number of the word text[start, end).
   * @param make called once for each new word, with the word by itself; gives its number, a 32-bit integer
   */
  value(text: string, start: number, end: number, make: (word: string) => number): number {
    let hash = 0x811c9dc5; // FNV-1a over UTF-16 units
    for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = (hash ^ (hash >>> 15)) >>> 0;
    const slots = this.#slots;
    const mask = slots.length / 2 - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const entry = slots[2 * at]!;
      if (entry === 0) break;
      if (slots[2 * at + 1] === hash && this.#holds(entry - 1, text, start, end)) return this.#values[entry - 1]!;
    }
    const value = make(text.slice(start, end));
    this.#add(text, start, end, hash, value);
    return value;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#size = 0;
  }

  #holds(entry: number, text: string, start: number, end: number): boolean {
    const from = this.#starts[entry]!;
    if (this.#starts[entry + 1]! - from !== end - start) return false;
    for (let i = start; i < end; i += 1) if (this.#units[from + i - start] !== text.charCodeAt(i)) return false;
    return true;
  }

  #add(text: string, start: number, end: number, hash: number, value: number): void {
    const entry = this.#size;
    if (entry === this.#values.length) this.#grow();
    const from = entry === 0 ? 0 : this.#starts[entry]!;
    while (from + end - start > this.#units.length) this.#units = doubled(this.#units, Uint16Array);
    for (let i = start; i < end; i += 1) this.#units[from + i - start] = text.charCodeAt(i);
    this.#starts[entry + 1] = from + end - start;
    this.#values[entry] = value;
    this.#size += 1;
    this.#place(entry, hash);
  }

  #place(entry: number, hash: number): void {
    const mask = this.#slots.length / 2 - 1;
    let at = hash & mask;
    while (this.#slots[2 * at] !== 0) at = (at + 1) & mask;
    this.#slots[2 * at] = entry + 1;
    this.#slots[2 * at + 1] = hash;
  }

  #grow(): void {
    this.#values = doubled(this.#values, Int32Array);
    this.#starts = doubled(this.#starts, Uint32Array);
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) if (old[at] !== 0) this.#place(old[at]! - 1, old[at + 1]!);
  }
}

function doubled<T extends Uint16Array | Uint32Array | Int32Array>(numbers: T, Type: new (length: number) => T): T {
  const larger = new Type(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
