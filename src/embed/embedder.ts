/** What a text is to a search: models trained with prefixes encode the two differently. */
export type EmbedRole = "query" | "passage";

/** What an embedder did since it was made. */
export interface EmbedCounts {
  /** Texts encoded. */
  readonly texts: number;
  /** Tokens encoded, special tokens included; for an endpoint what its usage says. */
  readonly tokens: number;
  /** Texts that were longer than the model reads and lost their end. */
  readonly truncated: number;
  /** Texts without a single token, whose vector is all zeros. */
  readonly empty: number;
}

/** Turns texts into vectors whose inner product is their similarity. */
export interface Embedder {
  /** Length of every vector. */
  readonly dimensions: number;
  /** SHA-256 of all that determines a vector besides the encoded text: weights, tokenizer, pooling, limits. */
  readonly hash: string;
  /** What is put before a text of each role; part of the encoded text, so not of the hash. */
  readonly prefixes: Readonly<Record<EmbedRole, string>>;
  readonly counts: EmbedCounts;
  /** How many texts are encoded before their vectors are kept. @default what is fast on this machine */
  readonly window?: number;
  /**
   * @returns row-major, texts × dimensions, in the order of the texts; a text without tokens gives a row of zeros
   * @throws the signal's reason when it is aborted; what was encoded until then is lost
   */
  embed(texts: readonly string[], role: EmbedRole, signal: AbortSignal): Promise<Float32Array>;
}
