/** How many tokens a text has, about. */
export interface TokenMeasure {
  /** Tokens of so many bytes of UTF-8. */
  tokens(bytes: number): number;
  /** How it is measured, as a person is told. */
  readonly how: string;
}

/** English prose has four to five bytes a token with the vocabularies of today; four keeps on the dear side. */
const BYTES_PER_TOKEN = 4;

/** Without a tokenizer: a token for every four bytes of UTF-8. Code and other scripts may have more. */
export const ROUGH: TokenMeasure = {
  tokens: (bytes) => Math.ceil(bytes / BYTES_PER_TOKEN),
  how: `${BYTES_PER_TOKEN} bytes a token; name a tokenizer in the system file to measure it`,
};

/**
 * With a tokenizer: bytes a token as it finds them on a sample of the texts, so that a large corpus need not be encoded.
 * @param sample texts that are to be estimated, at least one that is not empty
 */
export function measuredOn(sample: readonly string[], count: (text: string) => number): TokenMeasure {
  let bytes = 0;
  let tokens = 0;
  for (const text of sample) {
    bytes += byteLength(text);
    tokens += count(text);
  }
  if (bytes === 0 || tokens === 0) return ROUGH;
  const ratio = bytes / tokens;
  return {
    tokens: (size) => Math.ceil(size / ratio),
    how: `${ratio.toFixed(2)} bytes a token, by the tokenizer on ${sample.length} texts`,
  };
}

/** Bytes of a text in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, "utf8");
}
