/** Ids packed as UTF-8 bytes, compared without decoding. */
export interface PackedIds {
  readonly ids: Uint8Array;
  readonly idStart: Uint32Array;
}

/**
 * The best k of some documents in trec_eval's order: scores as 32-bit floats descending, then ids descending by bytes.
 * A heap whose root is the worst kept, so that most documents cost one comparison.
 * @param documents document numbers, each once; the first `count` are looked at
 * @param scores by document number
 */
export function topDocuments(
  documents: Uint32Array,
  count: number,
  scores: Float64Array,
  k: number,
  packed: PackedIds,
): number[] {
  const worse = (a: number, b: number): boolean => {
    const x = Math.fround(scores[a]!);
    const y = Math.fround(scores[b]!);
    return x < y || (x === y && compareIds(packed, a, b) < 0);
  };
  const heap: number[] = [];
  let floor = 0;
  for (let i = 0; i < count; i += 1) {
    const document = documents[i]!;
    if (heap.length < k) {
      push(heap, document, worse);
    } else if (Math.fround(scores[document]!) >= floor && worse(heap[0]!, document)) {
      heap[0] = document;
      sink(heap, worse);
    } else {
      continue;
    }
    floor = Math.fround(scores[heap[0]!]!);
  }
  return heap.sort((a, b) => (worse(a, b) ? 1 : -1));
}

/** Negative when id a comes before id b by bytes. */
export function compareIds({ ids, idStart }: PackedIds, a: number, b: number): number {
  const startA = idStart[a]!;
  const startB = idStart[b]!;
  const lengthA = idStart[a + 1]! - startA;
  const lengthB = idStart[b + 1]! - startB;
  for (let i = 0; i < lengthA && i < lengthB; i += 1) {
    const difference = ids[startA + i]! - ids[startB + i]!;
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}

type Worse = (a: number, b: number) => boolean;

function push(heap: number[], document: number, worse: Worse): void {
  let at = heap.length;
  heap.push(document);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!worse(heap[at]!, heap[parent]!)) return;
    [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
    at = parent;
  }
}

function sink(heap: number[], worse: Worse): void {
  let at = 0;
  for (;;) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && worse(heap[child]!, heap[least]!)) least = child;
    }
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}
