import { createHash } from "node:crypto";
import type { Passage } from "../../core/passage.ts";
import { KEY_BYTES, KeyTable } from "../../embed/key-table.ts";
import { Growing } from "../../search/growing.ts";

export interface CorpusMatchOptions {
  /** Whether passages can also be found by their text. */
  readonly texts: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number) => void;
}

const TURN = 4096;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Which passages a corpus has, by id and by normalised text: what another system returns is ours by its id, else by its text,
 * else unknown. Holds hashes and packed ids only: about 25 bytes a passage, with texts 60 and the id.
 */
export class CorpusMatch {
  readonly #ids = new KeyTable();
  readonly #texts = new KeyTable();
  /** The ids of the texts, packed. */
  readonly #bytes = new Growing((length) => new Uint8Array(length));
  readonly #ends = new Growing((length) => new Uint32Array(length));
  #packed: { readonly bytes: Uint8Array; readonly ends: Uint32Array } | undefined;

  private constructor() {}

  static async of(passages: AsyncIterable<Passage>, options: CorpusMatchOptions): Promise<CorpusMatch> {
    const match = new CorpusMatch();
    let done = 0;
    for await (const { id, title, text } of passages) {
      match.#ids.add(keyOf(id));
      if (options.texts) {
        match.#addText(text, id);
        if (title) match.#addText(`${title} ${text}`, id);
      }
      if (++done % TURN !== 0) continue;
      options.signal.throwIfAborted();
      options.onProgress?.(done);
    }
    options.onProgress?.(done);
    return match;
  }

  /** Passages of the corpus. */
  get size(): number {
    return this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.find(keyOf(id)) >= 0;
  }

  /** @returns the id of the first passage of this text, its title before it or not; undefined without one */
  byText(text: string): string | undefined {
    const row = this.#texts.find(keyOf(normalisedText(text)));
    if (row < 0) return undefined;
    this.#packed ??= { bytes: this.#bytes.take(), ends: this.#ends.take() };
    const { bytes, ends } = this.#packed;
    return utf8.decode(bytes.subarray(row === 0 ? 0 : ends[row - 1]!, ends[row]!));
  }

  #addText(text: string, id: string): void {
    const key = keyOf(normalisedText(text));
    if (this.#texts.find(key) >= 0) return;
    this.#texts.add(key);
    for (const byte of Buffer.from(id)) this.#bytes.push(byte);
    this.#ends.push(this.#bytes.length);
  }
}

/** What two copies of a text have in common: compatibility characters, letter case and white space are levelled. */
export function normalisedText(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

function keyOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest().subarray(0, KEY_BYTES);
}
