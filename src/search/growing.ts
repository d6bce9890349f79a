const BLOCK = 1 << 20;

type Numbers = Uint8Array | Uint16Array | Uint32Array;

/**
 * A list of numbers that grows in fixed blocks: appending never copies what is there, so the peak is what the list holds.
 * Doubling one array would hold three times as much while it copies.
 */
export class Growing<T extends Numbers> {
  readonly #make: (length: number) => T;
  readonly #blocks: T[] = [];
  #last: T;
  #used: number = 0;
  length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#last = make(0);
  }

  push(value: number): void {
    if (this.#used === this.#last.length) {
      this.#last = this.#make(this.#blocks.length === 0 ? 1024 : BLOCK);
      this.#blocks.push(this.#last);
      this.#used = 0;
    }
    this.#last[this.#used++] = value;
    this.length += 1;
  }

  /** Hands out the blocks in order and lets go of each, so that the list shrinks while its reader's result grows. */
  *drain(): Generator<T> {
    let left = this.length;
    this.length = 0;
    this.#last = this.#make(0);
    this.#used = 0;
    for (let block = this.#blocks.shift(); block; block = this.#blocks.shift()) {
      const part = block.subarray(0, Math.min(left, block.length)) as T;
      left -= part.length;
      yield part;
    }
  }

  /** All numbers in one array; the list is empty afterwards. */
  take(): T {
    const all = this.#make(this.length);
    let at = 0;
    for (const part of this.drain()) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
