/** Bytes of one key. */
export const KEY_BYTES = 16;

const WORDS = KEY_BYTES / 4;

/**
 * Row numbers by 16-byte keys, in flat arrays: about 25 bytes a key, however many there are. Keys are parts of a hash, so
 * that their first word is as good a place as any; a taken place is passed by (open addressing).
 */
export class KeyTable {
  #keys = new Uint32Array(1024 * WORDS);
  /** Row + 1 by place; 0 is free. At most half are taken. */
  #places = new Uint32Array(2048);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the row of a key, or -1 */
  find(key: Uint8Array): number {
    const words = asWords(key);
    return this.#places[this.#place(words, 0)]! - 1;
  }

  /** Adds the next row. A key that is there already moves to the new row. */
  add(key: Uint8Array): void {
    const row = this.#size;
    this.#grow(row + 1);
    const words = asWords(key);
    this.#keys.set(words, row * WORDS);
    this.#places[this.#place(words, 0)] = row + 1;
    this.#size = row + 1;
  }

  /** The place of a key: where it stands, or the free one where it would. */
  #place(words: Uint32Array, at: number): number {
    const mask = this.#places.length - 1;
    for (let place = words[at]! & mask; ; place = (place + 1) & mask) {
      const row = this.#places[place]! - 1;
      if (row < 0 || this.#equal(row * WORDS, words, at)) return place;
    }
  }

  #equal(start: number, words: Uint32Array, at: number): boolean {
    for (let i = 0; i < WORDS; i += 1) if (this.#keys[start + i] !== words[at + i]) return false;
    return true;
  }

  #grow(rows: number): void {
    if (rows * WORDS > this.#keys.length) {
      const larger = new Uint32Array(this.#keys.length * 2);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    if (rows * 2 <= this.#places.length) return;
    this.#places = new Uint32Array(this.#places.length * 2);
    for (let row = 0; row < this.#size; row += 1) this.#places[this.#place(this.#keys, row * WORDS)] = row + 1;
  }
}

function asWords(key: Uint8Array): Uint32Array {
  const words = new Uint32Array(WORDS);
  new Uint8Array(words.buffer).set(key);
  return words;
}
