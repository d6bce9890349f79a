import { describe, expect, it } from "vitest";
import { idOf } from "../../embed/testing/tiny-encoder.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { buildForTest, systemOf } from "../testing/build-for-test.ts";
import { tinyCrossEncoder } from "../testing/tiny-cross-encoder.ts";
import { openCrossEncoder } from "./cross-encoder.ts";
import { PairTokenizer } from "./pair-tokenizer.ts";

const signal = new AbortController().signal;
const [CLS, SEP] = [2, 3];
const [red, green, blue, cat, dog] = ["red", "green", "blue", "cat", "dog"].map(idOf) as [
  number,
  number,
  number,
  number,
  number,
];
const folderOf = (changes: Readonly<Record<string, unknown>> = {}) => tempFolder(tinyCrossEncoder(changes));
/** What the tiny model gives: a passage's tokens count eleven times a question's. */
const logit = (query: readonly number[], passage: readonly number[]) =>
  [CLS, ...query, SEP].reduce((a, b) => a + b, 0) + 11 * [...passage, SEP].reduce((a, b) => a + b, 0);

describe("a pair", () => {
  it("is the question, the passage, and what the model's template puts around them", async () => {
    const tokenizer = await PairTokenizer.open(await folderOf(), undefined);
    expect(tokenizer.encode("red cat", "dog")).toEqual({
      ids: [CLS, red, cat, SEP, dog, SEP],
      types: [0, 0, 0, 0, 1, 1],
    });
    expect(tokenizer.encode("", "").ids).toEqual([CLS, SEP, SEP]);
  });

  it.each([
    ["the passage where it is longer", "red", "dog cat blue green red dog", [red], [dog, cat, blue, green, red]],
    ["the question where it is longer", "dog cat blue green red dog", "red", [dog, cat, blue, green, red], [red]],
    [
      "both in turn where they are equal",
      "red green blue cat",
      "dog cat blue green",
      [red, green, blue],
      [dog, cat, blue],
    ],
    ["the passage first", "red green blue cat", "dog cat blue", [red, green, blue], [dog, cat, blue]],
  ])("that is too long loses the end of %s", async (_title, query, passage, first, second) => {
    const tokenizer = await PairTokenizer.open(await folderOf(), undefined);
    expect(tokenizer.maxTokens).toBe(9);
    const { ids, types } = tokenizer.encode(query, passage);
    expect(ids).toEqual([CLS, ...first, SEP, ...second, SEP]);
    expect(ids.length).toBeLessThanOrEqual(9);
    expect(types).toHaveLength(ids.length);
  });

  it("may be allowed to be longer or shorter", async () => {
    const folder = await folderOf();
    expect((await PairTokenizer.open(folder, 5)).encode("red green", "blue cat").ids).toEqual([
      CLS,
      red,
      SEP,
      blue,
      SEP,
    ]);
    expect((await PairTokenizer.open(folder, 2)).encode("red", "blue").ids).toEqual([CLS, SEP, SEP]);
  });
});

describe("a cross-encoder", () => {
  it("scores each pair as its model does, whatever batch it is in", async () => {
    const encoder = await openCrossEncoder({ folder: await folderOf(), threads: 1 });
    const texts = ["dog", "red green blue", "", "cat"];
    const scores = await encoder.score("red", texts, signal);
    expect(scores).toEqual([[dog], [red, green, blue], [], [cat]].map((ids) => logit([red], ids)));
    for (const [at, text] of texts.entries()) expect(await encoder.score("red", [text], signal)).toEqual([scores[at]]);
  });

  it("scores more pairs than one batch has", async () => {
    const encoder = await openCrossEncoder({ folder: await folderOf() });
    const texts = Array.from({ length: 1500 }, (_, n) => ["red", "dog", "cat blue"][n % 3]!);
    const scores = await encoder.score("green", texts, signal);
    const expected = [[red], [dog], [cat, blue]].map((ids) => logit([green], ids));
    expect(scores).toEqual(texts.map((_, n) => expected[n % 3]));
  });

  it("ends when it is aborted", async () => {
    const encoder = await openCrossEncoder({ folder: await folderOf() });
    await expect(encoder.score("red", ["dog"], AbortSignal.abort(new Error("interrupted")))).rejects.toThrow(
      "interrupted",
    );
  });

  it.each([
    ["without a model", { "model.onnx": undefined }, "E_ENCODER_MODEL"],
    ["whose model is cut off", { "model.onnx": "onnx" }, "E_ENCODER_MODEL"],
    ["without a tokenizer", { "tokenizer.json": undefined }, "E_ENCODER_TOKENIZER"],
    ["whose tokenizer is not JSON", { "tokenizer.json": "{" }, "E_ENCODER_TOKENIZER"],
  ])("%s is refused", async (_title, changes, code) => {
    await expect(openCrossEncoder({ folder: await folderOf(changes) })).rejects.toMatchObject({ code });
  });

  it("in a system file orders what another retriever found", async () => {
    const folder = await folderOf();
    const of = { kind: "bm25", k1: 1.2, b: 0.75, stop_words: "none", stemmer: "none", title: true } as const;
    const system = await buildForTest(
      systemOf({ retriever: { kind: "rerank", of, depth: 10, title: true, reranker: { kind: "onnx", path: folder } } }),
      [
        { id: "short", document: "d", text: "red" },
        { id: "long", document: "d", text: "red cat dog" },
      ],
    );
    const [ranking] = await system.retriever!.search([{ id: "q", text: "red" }], 2, signal);
    expect(ranking).toEqual([
      ["long", logit([red], [red, cat, dog])],
      ["short", logit([red], [red])],
    ]);
    expect(system.notes()).toEqual([]);
  });
});
