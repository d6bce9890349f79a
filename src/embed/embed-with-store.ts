import type { Embedder, EmbedRole } from "./embedder.ts";
import { VectorStore } from "./vector-store.ts";

export interface EmbedStoreOptions {
  readonly signal: AbortSignal;
  /** Texts that are encoded, kept and handed on at once. @default 1024 */
  readonly window?: number;
}

/** The vectors of some texts, in their order. */
export interface EmbeddedTexts {
  /** Row-major. */
  readonly vectors: Float32Array;
  /** Texts that were encoded now; equal texts once. */
  readonly embedded: number;
  /** Texts whose vector was in the store, or equal to one before. */
  readonly reused: number;
}

/**
 * Streams texts to vectors, window by window: what the store has is read, the rest is encoded and kept at once, so that an
 * interrupted run goes on where it was. Memory is that of one window.
 */
export async function* embedStream(
  embedder: Embedder,
  store: VectorStore,
  texts: AsyncIterable<string> | Iterable<string>,
  role: EmbedRole,
  { signal, window = embedder.window ?? 1024 }: EmbedStoreOptions,
): AsyncGenerator<EmbeddedTexts> {
  let some: string[] = [];
  for await (const text of texts) {
    if (some.push(text) < window) continue;
    yield await embedWindow(embedder, store, some, role, signal);
    some = [];
  }
  if (some.length > 0) yield await embedWindow(embedder, store, some, role, signal);
}

/** All vectors at once, for texts whose vectors fit in memory, such as the questions of a suite. */
export async function embedWithStore(
  embedder: Embedder,
  store: VectorStore,
  texts: readonly string[],
  role: EmbedRole,
  options: EmbedStoreOptions,
): Promise<EmbeddedTexts> {
  const vectors = new Float32Array(texts.length * embedder.dimensions);
  let [at, embedded, reused] = [0, 0, 0];
  for await (const part of embedStream(embedder, store, texts, role, options)) {
    vectors.set(part.vectors, at);
    at += part.vectors.length;
    embedded += part.embedded;
    reused += part.reused;
  }
  return { vectors, embedded, reused };
}

async function embedWindow(
  embedder: Embedder,
  store: VectorStore,
  texts: readonly string[],
  role: EmbedRole,
  signal: AbortSignal,
): Promise<EmbeddedTexts> {
  signal.throwIfAborted();
  const width = embedder.dimensions;
  const vectors = new Float32Array(texts.length * width);
  const keys = texts.map((text) => VectorStore.keyOf(embedder.prefixes[role] + text));
  const rows = keys.map((key) => store.find(key));
  const lost = new Set(await store.read(rows, vectors));
  /** The places of each text that has no vector yet. */
  const missing = new Map<string, number[]>();
  for (const [i, text] of texts.entries()) {
    if (rows[i]! >= 0 && !lost.has(i)) continue;
    const places = missing.get(text);
    if (places) places.push(i);
    else missing.set(text, [i]);
  }
  if (missing.size > 0) {
    const made = await embedder.embed([...missing.keys()], role, signal);
    const places = [...missing.values()];
    await store.append(
      places.map(([first]) => keys[first!]!),
      made,
    );
    for (const [row, all] of places.entries()) {
      const vector = made.subarray(row * width, (row + 1) * width);
      for (const i of all) vectors.set(vector, i * width);
    }
  }
  return { vectors, embedded: missing.size, reused: texts.length - missing.size };
}
