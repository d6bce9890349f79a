import { describe, expect, it } from "vitest";
import { UsageError } from "../../core/errors.ts";
import { chunkLabel, combinations, keyNames, MOST_CELLS, parseAxes, type WrittenAxes } from "./sweep-axes.ts";

const parse = (written: Partial<WrittenAxes>) =>
  parseAxes({ set: [], chunk: [], topk: [], answers: false, ...written });
const problemsOf = (written: Partial<WrittenAxes>) => {
  try {
    parse(written);
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  throw new Error("nothing was refused");
};

describe("parseAxes", () => {
  it("reads values by the key before them, numbers as numbers, each once", () => {
    expect(
      parse({ set: ["retriever.k1=0.9", "1.2", "1.20", "retriever.stemmer=none", "retriever.title=true"] }).set,
    ).toEqual([
      { path: ["retriever", "k1"], values: [0.9, 1.2] },
      { path: ["retriever", "stemmer"], values: ["none"] },
      { path: ["retriever", "title"], values: [true] },
    ]);
  });

  it("reads sizes by the unit before them, with overlap", () => {
    const { chunk } = parse({ chunk: ["words:50", "100/20", "50", "sentences:3"] });
    expect(chunk.map(chunkLabel)).toEqual(["50 words", "100/20 words", "3 sentences"]);
  });

  it("counts the tokens of an encoder, by which the sizes are known apart", () => {
    const { chunk } = parse({ chunk: ["tokens:50", "100/20", "words:50"], encoder: "encoders/mini" });
    expect(chunk.map(chunkLabel)).toEqual(["50 tokens", "100/20 tokens", "50 words"]);
    expect(chunk.map(({ tokenizer }) => tokenizer)).toEqual(["mini", "mini", undefined]);
  });

  it("takes keys of the generator where answers are asked for", () => {
    const set = ["generator.sentences=1", "2"];
    expect(parse({ set, answers: true }).set).toEqual([{ path: ["generator", "sentences"], values: [1, 2] }]);
  });

  it("sorts k", () => {
    expect(parse({ topk: [5, 1, 5] }).topk).toEqual([1, 5]);
  });

  it.each([
    ["a value without a key", { set: ["0.9"] }, "key=value"],
    ["a key without a value", { set: ["retriever.k1="] }, "key=value"],
    ["a key of the generator", { set: ["generator.model=a"] }, "a key below retriever"],
    ["a prototype", { set: ["retriever.__proto__.k1=1"] }, "a key below retriever"],
    ["a size without a unit", { chunk: ["50"] }, "unit:size"],
    ["an unknown unit", { chunk: ["pages:50"] }, "words, characters, sentences, tokens"],
    ["tokens of nobody", { chunk: ["tokens:50"] }, "the folder of an encoder"],
    ["an encoder whose tokens nobody counts", { chunk: ["words:50"], encoder: "mini" }, "the folder of an encoder"],
    ["an overlap as large as the size", { chunk: ["words:5/5"] }, "an overlap below it"],
    ["nothing to vary", {}, "at least one of"],
  ])("refuses %s", (_, written, expected) => {
    expect(problemsOf(written)).toEqual([expect.objectContaining({ expected: expect.stringContaining(expected) })]);
  });

  it(`refuses more than ${MOST_CELLS} cells and says how to have fewer`, () => {
    const values = (n: number) => Array.from({ length: n }, (_, i) => (i === 0 ? "retriever.k1=0" : String(i)));
    expect(parse({ set: values(100), topk: [1, 2] }).set[0]!.values).toHaveLength(100);
    expect(problemsOf({ set: values(67), topk: [1, 2, 3] })[0]).toMatchObject({
      got: "201",
      fix: expect.stringContaining("one axis at a time"),
    });
  });

  it("says all that is wrong at once", () => {
    expect(problemsOf({ set: ["x=1"], chunk: ["y"] }).map(({ where }) => where)).toEqual(["--set", "--chunk"]);
  });
});

it("makes every combination, the last axis fastest", () => {
  expect(
    combinations([
      ["a", "b"],
      ["1", "2"],
    ]).map((row) => row.join("")),
  ).toEqual(["a1", "a2", "b1", "b2"]);
  expect(combinations([])).toEqual([[]]);
});

it("names keys by their last word unless two end alike", () => {
  const axis = (path: string) => ({ path: path.split("."), values: [1] });
  expect(keyNames([axis("retriever.k1"), axis("retriever.b")])).toEqual(["k1", "b"]);
  expect(keyNames([axis("retriever.of.0.b"), axis("retriever.of.1.b")])).toEqual([
    "retriever.of.0.b",
    "retriever.of.1.b",
  ]);
});
