/** The k-th largest of the numbers offered, all above 0; 0 while there are fewer. A heap with the least at its root. */
export class Floor {
  value = 0;
  readonly #heap: Float64Array;

  /** @param k 1 or more */
  constructor(k: number) {
    this.#heap = new Float64Array(k);
  }

  offer(number: number): void {
    if (number <= this.value) return;
    // In the root's place, and down to where no child is less. Places not yet taken hold 0.
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
      if (heap[child]! >= number) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = number;
    this.value = heap[0]!;
  }
}
