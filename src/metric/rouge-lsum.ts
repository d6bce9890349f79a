import { advance, emptyRow, grows, type Occurrences, occurrences } from "./lcs.ts";

/**
 * How many words of the reference's lines are covered by the answer's lines, as rouge_score's summary-level LCS counts:
 * for each reference line the union over the answer lines of the positions in their LCS; a word counts at most as often
 * as it occurs in the answer and in the reference.
 */
export function summaryHits(answer: readonly string[][], reference: readonly string[][]): number {
  const inAnswer = countDown(answer);
  const inReference = countDown(reference);
  const lines = distinctLines(answer);
  const linesWith = new Map<string, number[]>();
  lines.forEach((line, number) => {
    for (const word of new Set(line)) {
      const known = linesWith.get(word);
      if (known === undefined) linesWith.set(word, [number]);
      else known.push(number);
    }
  });
  let hits = 0;
  for (const line of reference) {
    const index = occurrences(line);
    const candidates = new Set(Array.from(index.keys(), (word) => linesWith.get(word) ?? []).flat());
    const covered = new Set<number>();
    for (const number of candidates) for (const at of lcsPositions(line, index, lines[number]!)) covered.add(at);
    for (const at of covered) if (take(inAnswer, inReference, line[at]!)) hits += 1;
  }
  return hits;
}

/** A repeated line adds nothing to a union. */
function distinctLines(lines: readonly string[][]): string[][] {
  return Array.from(new Map(lines.map((line) => [line.join(" "), line])).values());
}

function countDown(lines: readonly string[][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) for (const word of line) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Uses up one occurrence of the word on both sides, where both still have one. */
function take(a: Map<string, number>, b: Map<string, number>, word: string): boolean {
  const [left, right] = [a.get(word) ?? 0, b.get(word) ?? 0];
  if (left === 0 || right === 0) return false;
  a.set(word, left - 1);
  b.set(word, right - 1);
  return true;
}

/**
 * The positions in `reference` of one longest common subsequence with `answer`: the one rouge_score's walk back
 * through the table finds, last position first (a match is taken; else the walk leaves the answer's word where that
 * keeps the length, preferring to leave the reference's word on a tie). Rows are kept at every √n-th answer word only
 * and made anew in between, so that memory stays small for long texts.
 */
export function lcsPositions(reference: readonly string[], index: Occurrences, answer: readonly string[]): number[] {
  const stride = Math.max(1, Math.ceil(Math.sqrt(answer.length)));
  const forward = (row: Int32Array, word: string): Int32Array => {
    const matches = index.get(word);
    if (matches !== undefined) advance(row, matches);
    return row;
  };
  const kept: Int32Array[] = [];
  const current = emptyRow(reference.length);
  answer.forEach((word, j) => {
    if (j % stride === 0) kept.push(current.slice());
    forward(current, word);
  });
  const positions: number[] = [];
  let i = reference.length;
  for (let block = kept.length - 1; block >= 0 && i > 0; block -= 1) {
    const start = block * stride;
    const rows: Int32Array[] = [];
    let row = kept[block]!;
    for (const word of answer.slice(start, start + stride)) {
      row = forward(row.slice(), word);
      rows.push(row);
    }
    let j = rows.length;
    while (i > 0 && j > 0) {
      if (reference[i - 1] === answer[start + j - 1]) {
        positions.push(i - 1);
        i -= 1;
        j -= 1;
      } else if (grows(rows[j - 1]!, i - 1)) j -= 1;
      else i -= 1;
    }
  }
  return positions;
}
