import { describe, expect, it } from "vitest";
import type { AnswerRequest } from "../../core/contracts.ts";
import type { Passage } from "../../core/passage.ts";
import { corpusLengths } from "./corpus-lengths.ts";
import { type PromptSource, promptSizes } from "./prompt-sizes.ts";
import { measuredOn, ROUGH } from "./token-measure.ts";

const passage = (id: string, text: string, title?: string): Passage => ({
  id,
  document: id,
  text,
  ...(title !== undefined && { title }),
});
const CORPUS = [passage("a", "x".repeat(10)), passage("b", "x".repeat(40)), passage("c", "é".repeat(5), "tt")];

async function* stream(passages: readonly Passage[]) {
  yield* passages;
}

/** Ten bytes around each passage, five before the question. */
const requestText = ({ query, passages }: AnswerRequest): string =>
  `${"q".repeat(5)}${query.text}${passages.map(({ text }) => `${"p".repeat(10)}${text}`).join("")}`;

async function source(): Promise<PromptSource> {
  return {
    questions: [
      {
        id: "1",
        text: "four",
        judgements: [
          ["a", 2],
          ["b", 1],
          ["c", 0],
        ],
      },
      { id: "2", text: "eighteen bytes of..", judgements: [["gone", 1]] },
    ],
    corpus: await corpusLengths(stream(CORPUS), 2),
    requestText,
    passages: async (ids) => ids.map((id) => CORPUS.find((one) => one.id === id)),
  };
}

describe("corpusLengths", () => {
  it("counts bytes, titles included, and keeps the longest in descending order", async () => {
    expect(await corpusLengths(stream(CORPUS), 2)).toMatchObject({ passages: 3, mean: 62 / 3, longest: [40, 12] });
    expect((await corpusLengths(stream(CORPUS), 9)).longest).toEqual([40, 12, 10]);
    expect((await corpusLengths(stream(CORPUS), 0)).longest).toEqual([]);
    expect(await corpusLengths(stream([]), 3)).toEqual({ passages: 0, mean: 0, longest: [], sample: [] });
  });

  it("keeps the longest of many in any order, and an evenly spread sample", async () => {
    const lengths = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5003);
    const { longest, sample } = await corpusLengths(
      stream(lengths.map((n, i) => passage(String(i), "x".repeat(n)))),
      5,
    );
    expect(longest).toEqual(lengths.toSorted((a, b) => b - a).slice(0, 5));
    expect(sample.length).toBeGreaterThan(200);
    expect(sample.length).toBeLessThanOrEqual(400);
    const at = sample.map((text) => lengths.indexOf(text.length));
    const steps = new Set(at.slice(1).map((place, i) => place - at[i]!));
    expect(steps.size).toBe(1);
  });
});

describe("promptSizes", () => {
  it("renders closed-book and oracle prompts as they will be sent; gold that is not there is left out", async () => {
    const of = await source();
    expect(await promptSizes({ kind: "closed-book" }, of)).toEqual({
      condition: "closed-book",
      mean: (9 + 24) / 2,
      longest: 24,
      exact: true,
    });
    expect(await promptSizes({ kind: "oracle" }, of)).toEqual({
      condition: "oracle",
      mean: (9 + 20 + 50 + 24) / 2,
      longest: 79,
      exact: true,
    });
  });

  it("takes k mean passages for a rag prompt, and the k longest for the longest", async () => {
    expect(await promptSizes({ kind: "rag", k: 2 }, await source())).toEqual({
      condition: "rag@2",
      mean: (9 + 24) / 2 + 20 + (2 * 62) / 3,
      longest: 24 + 20 + 52,
      exact: false,
    });
  });

  it("takes no more passages than there are", async () => {
    const of = { ...(await source()), corpus: await corpusLengths(stream(CORPUS), 50) };
    expect(await promptSizes({ kind: "rag", k: 50 }, of)).toMatchObject({ longest: 24 + 30 + 62 });
  });
});

describe("token measures", () => {
  it("take a token for four bytes where no tokenizer is named", () => {
    expect([0, 1, 4, 5].map(ROUGH.tokens)).toEqual([0, 1, 1, 2]);
  });

  it("take the tokenizer's own bytes a token, over all of the sample", () => {
    const words = (text: string) => text.split(" ").length;
    const measure = measuredOn(["one two", "three"], words);
    // 12 bytes, 3 tokens.
    expect(measure.tokens(120)).toBe(30);
    expect(measure.how).toBe("4.00 bytes a token, by the tokenizer on 2 texts");
  });

  it("fall back where the sample says nothing", () => {
    expect(measuredOn([], () => 0)).toBe(ROUGH);
    expect(measuredOn([""], () => 0)).toBe(ROUGH);
  });
});
