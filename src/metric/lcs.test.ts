import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lcsLength, occurrences } from "./lcs.ts";
import { lcsPositions, summaryHits } from "./rouge-lsum.ts";

/** The textbook table: table[i][j] is the length for the first i and j words. */
function table(a: readonly string[], b: readonly string[]): number[][] {
  const t = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      t[i]![j] = a[i - 1] === b[j - 1] ? t[i - 1]![j - 1]! + 1 : Math.max(t[i - 1]![j]!, t[i]![j - 1]!);
    }
  }
  return t;
}

/** rouge_score's walk back: a match is taken; else left where that is longer than up; else up. */
function naivePositions(reference: readonly string[], answer: readonly string[]): number[] {
  const t = table(reference, answer);
  const positions: number[] = [];
  let [i, j] = [reference.length, answer.length];
  while (i > 0 && j > 0) {
    if (reference[i - 1] === answer[j - 1]) {
      positions.push(i - 1);
      i -= 1;
      j -= 1;
    } else if (t[i]![j - 1]! > t[i - 1]![j]!) j -= 1;
    else i -= 1;
  }
  return positions;
}

function naiveSummaryHits(answer: readonly string[][], reference: readonly string[][]): number {
  const left = [answer.flat(), reference.flat()];
  let hits = 0;
  for (const line of reference) {
    const union = new Set(answer.flatMap((other) => naivePositions(line, other)));
    for (const at of union) {
      const places = left.map((words) => words.indexOf(line[at]!));
      if (places.some((place) => place === -1)) continue;
      for (const [side, words] of left.entries()) words.splice(places[side]!, 1);
      hits += 1;
    }
  }
  return hits;
}

const words = (max: number, alphabet: string) =>
  fc.array(fc.constantFrom(...Array.from(alphabet)), { maxLength: max, size: "max" });
const split = (text: string) => text.split(" ").filter((w) => w !== "");

describe("lcsLength", () => {
  it.each([
    ["", "", 0],
    ["a", "", 0],
    ["a b c", "a b c", 3],
    ["a b c", "c b a", 1],
    ["a x b y c", "a b c", 3],
    ["the cat sat on the mat", "the mat sat on the cat", 4],
    ["a a a", "a a", 2],
  ])("of '%s' and '%s' is %i", (a, b, length) => {
    expect(lcsLength(split(a), split(b))).toBe(length);
    expect(lcsLength(split(b), split(a))).toBe(length);
  });

  it.each(["ab", "abcdefghijklmnopqrstuvwxyz"])("equals the textbook table's over the alphabet %s", (alphabet) => {
    fc.assert(
      fc.property(words(150, alphabet), words(150, alphabet), (a, b) => {
        expect(lcsLength(a, b)).toBe(table(a, b)[a.length]![b.length]);
      }),
    );
  });

  it("carries over block borders: a run of matches across many blocks", () => {
    const a = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? "x" : `w${i}`));
    const b = Array.from({ length: 700 }, () => "x");
    expect(lcsLength(a, b)).toBe(500);
  });

  it("takes a 1 MB answer against a short and against a long reference", () => {
    const answer = Array.from({ length: 200_000 }, (_, i) => `w${(i * 7919) % 1000}`);
    const reference = Array.from({ length: 50 }, (_, i) => `w${i}`);
    expect(lcsLength(answer, reference)).toBe(50);
    expect(lcsLength(answer, answer.slice(0, 20_000))).toBe(20_000);
  });
});

describe("lcsPositions", () => {
  it("finds the positions rouge_score finds, ties included", () => {
    fc.assert(
      fc.property(words(70, "abc"), words(70, "abc"), (reference, answer) => {
        expect(lcsPositions(reference, occurrences(reference), answer)).toEqual(naivePositions(reference, answer));
      }),
    );
  });
});

describe("summaryHits", () => {
  const lines = fc.array(words(12, "abcd"), { maxLength: 5 });

  it("equals the definition word by word", () => {
    fc.assert(
      fc.property(lines, lines, (answer, reference) => {
        expect(summaryHits(answer, reference)).toBe(naiveSummaryHits(answer, reference));
      }),
    );
  });

  it("counts a word at most as often as both texts have it", () => {
    expect(summaryHits([["a"]], [["a"], ["a"]])).toBe(1);
    expect(summaryHits([["a"], ["a"]], [["a"]])).toBe(1);
  });

  it("takes 140,000 lines that all share a word with the reference", () => {
    const answer = Array.from({ length: 140_000 }, (_, i) => ["the", `x${i}`]);
    const reference = Array.from({ length: 10 }, (_, i) => ["the", "reference", `line${i}`]);
    expect(summaryHits(answer, reference)).toBe(10);
  });
});
