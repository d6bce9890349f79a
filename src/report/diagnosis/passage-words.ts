import type { Passage } from "../../core/passage.ts";
import { rougeTokens } from "../../metric/rouge-tokens.ts";

/** A word in more than this share of the passages says nothing of what a question is about. */
const COMMON = 0.2;
/** Below so many passages no word is called common. */
const FEW = 20;

/**
 * The distinct words of passages (letters and digits of every script, lower case, Porter's stems), as sorted numbers: some
 * 300 bytes a passage. Which words are common is learnt from the passages, so that no language has a list of its own.
 */
export class PassageWords {
  readonly #numbers = new Map<string, number>();
  readonly #passagesWith: number[] = [];
  readonly #words = new Map<string, Uint32Array>();

  take({ id, title, text }: Pick<Passage, "id" | "title" | "text">): void {
    this.add(id, title === undefined ? text : `${title} ${text}`);
  }

  add(id: string, text: string): void {
    if (this.#words.has(id)) return;
    const numbers = Array.from(wordsOf(text), (word) => {
      let number = this.#numbers.get(word);
      if (number === undefined) {
        number = this.#numbers.size;
        this.#numbers.set(word, number);
        this.#passagesWith.push(0);
      }
      this.#passagesWith[number]! += 1;
      return number;
    });
    this.#words.set(id, Uint32Array.from(numbers).sort());
  }

  has(id: string): boolean {
    return this.#words.has(id);
  }

  /**
   * Token Jaccard of two passages: shared distinct words over all distinct words of both, 0 to 1; 0 of two without words.
   * @returns undefined where the text of one is not known
   */
  jaccard(a: string, b: string): number | undefined {
    const [left, right] = [this.#words.get(a), this.#words.get(b)];
    if (left === undefined || right === undefined) return undefined;
    let shared = 0;
    let i = 0;
    let j = 0;
    while (i < left.length && j < right.length) {
      const [x, y] = [left[i]!, right[j]!];
      if (x === y) shared += 1;
      if (x <= y) i += 1;
      if (y <= x) j += 1;
    }
    const all = left.length + right.length - shared;
    return all === 0 ? 0 : shared / all;
  }

  /**
   * Share of a text's distinct words that stand in a passage, 0 to 1. Words that more than a fifth of all passages have are
   * left out.
   * @returns undefined where the passage is not known or the text has no other words
   */
  overlap(text: string, id: string): number | undefined {
    const passage = this.#words.get(id);
    if (passage === undefined) return undefined;
    const known = new Set(passage);
    const limit = this.#words.size < FEW ? Number.POSITIVE_INFINITY : COMMON * this.#words.size;
    let asked = 0;
    let found = 0;
    for (const word of wordsOf(text)) {
      const number = this.#numbers.get(word);
      if (number !== undefined && this.#passagesWith[number]! > limit) continue;
      asked += 1;
      if (number !== undefined && known.has(number)) found += 1;
    }
    return asked === 0 ? undefined : found / asked;
  }
}

function wordsOf(text: string): Set<string> {
  return new Set(rougeTokens(text, { stem: true, unicode: true }));
}
