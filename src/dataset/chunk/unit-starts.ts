import { BadArgument } from "../../core/errors.ts";
import type { ChunkUnit } from "./chunk-settings.ts";

/** Where each token of a text starts, in UTF-16 units, never falling. Special tokens are not listed. */
export type TokenOffsets = (text: string) => readonly number[];

/** Scripts that are written without spaces: there every character counts as a word. */
const UNSPACED = String.raw`\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}`;
const WORD = new RegExp(String.raw`[${UNSPACED}]|[^\s${UNSPACED}]+`, "gu");

/**
 * Where each unit of a text starts, in UTF-16 units, never falling: the first is 0, and none stands inside a surrogate
 * pair. Several tokens of one character have the same start.
 *
 * - words: runs of characters that are not white space, and single characters in scripts without spaces
 * - characters: Unicode code points
 * - sentences: as Unicode Annex 29 finds them; the end of a line ends a sentence, and so may an abbreviation
 * - tokens: as `tokenOffsets` says
 * @param text not blank
 * @throws BadArgument when tokens are asked for without `tokenOffsets`, or its offsets fall or leave the text
 */
export function unitStarts(text: string, unit: ChunkUnit, tokenOffsets?: TokenOffsets): number[] {
  const starts = startsOf[unit](text, tokenOffsets);
  starts[0] = 0;
  return starts;
}

const startsOf: Readonly<Record<ChunkUnit, (text: string, tokenOffsets?: TokenOffsets) => number[]>> = {
  words: (text) => Array.from(text.matchAll(WORD), (match) => match.index),
  characters(text) {
    const starts: number[] = [];
    for (let i = 0; i < text.length; i += 1) if (!splitsPair(text, i)) starts.push(i);
    return starts;
  },
  sentences(text) {
    const segments = new Intl.Segmenter("en", { granularity: "sentence" }).segment(text);
    const starts: number[] = [];
    for (const { index, segment } of segments) if (segment.trim() !== "") starts.push(index);
    return starts;
  },
  tokens(text, tokenOffsets) {
    if (tokenOffsets === undefined) throw new BadArgument("unit tokens: expected tokenOffsets, got nothing");
    let last = 0;
    return Array.from(tokenOffsets(text), (offset) => {
      if (!Number.isInteger(offset) || offset < last || offset > text.length) {
        throw new BadArgument(`tokenOffsets: expected offsets from ${last} to ${text.length}, got ${offset}`);
      }
      last = offset;
      return splitsPair(text, offset) ? offset - 1 : offset;
    });
  },
};

function splitsPair(text: string, at: number): boolean {
  return isSurrogate(text.charCodeAt(at), 0xdc00) && isSurrogate(text.charCodeAt(at - 1), 0xd800);
}

function isSurrogate(unit: number, first: 0xd800 | 0xdc00): boolean {
  return (unit & 0xfc00) === first;
}

/** A word of more tokens than this is halved, so that an address of a thousand tokens can be cut. */
const MOST_TOKENS_OF_A_WORD = 8;

/**
 * Offsets for a tokenizer that can only count: each word is counted by itself, and its tokens stand at its start. Exact
 * for tokenizers that split at white space first (WordPiece); for others a word may count a token more or less, which
 * {@link chunkDocument} makes good by counting each passage as a whole.
 */
export function tokenOffsetsByWord(count: (text: string) => number): TokenOffsets {
  return (text) => {
    const starts: number[] = [];
    const add = (from: number, to: number): void => {
      const word = text.slice(from, to);
      const tokens = count(word);
      let middle = (from + to) >> 1;
      if (splitsPair(text, middle)) middle += 1;
      if (tokens > MOST_TOKENS_OF_A_WORD && middle > from && middle < to) {
        add(from, middle);
        add(middle, to);
      } else for (let i = 0; i < tokens; i += 1) starts.push(from);
    };
    for (const match of text.matchAll(WORD)) add(match.index, match.index + match[0].length);
    return starts;
  };
}
