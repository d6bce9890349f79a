import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { PERTURBATIONS, perturbation } from "./perturb.ts";
import { putInVariants, variantsOf } from "./variants.ts";

const apply = (name: string, text: string, seed: string | number = 0): string =>
  perturbation(name)!.apply(text, seeded(seed));
const TEXT = "What's the nDCG@10 of a re-ranked list?";
/** Questions of any script, with letters, marks, emoji and hostile characters. */
const question = fc
  .oneof(fc.string({ minLength: 1 }), fc.string({ unit: "grapheme", minLength: 1 }))
  .filter((t) => t.trim() !== "");

describe("perturbations", () => {
  it.each(PERTURBATIONS.map(({ name }) => name))("%s gives the same for the same seed, and is never empty", (name) => {
    fc.assert(
      fc.property(question, fc.integer(), (text, seed) => {
        const changed = apply(name, text, seed);
        expect(changed.trim()).not.toBe("");
        expect(apply(name, text, seed)).toBe(changed);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["lowercase", "what's the ndcg@10 of a re-ranked list?"],
    ["uppercase", "WHAT'S THE NDCG@10 OF A RE-RANKED LIST?"],
    ["no-punctuation", "Whats the nDCG 10 of a re ranked list"],
  ])("%s: %s", (name, expected) => {
    expect(apply(name, TEXT)).toBe(expected);
  });

  it("leaves a question of marks alone as it is, rather than empty", () => {
    expect(apply("no-punctuation", "?!")).toBe("?!");
    expect(apply("word-order", "?!")).toBe("?!");
    expect(apply("typos", "?! 42")).toBe("?! 42");
  });

  it("mistypes one letter in fifteen, at least one, each by a key beside it, its case kept", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z][a-z ]{3,80}\?$/), fc.integer(), (text, seed) => {
        const changed = apply("typos", text, seed);
        expect(changed).toHaveLength(text.length);
        const differing = Array.from(text).flatMap((c, i) => (c === changed[i] ? [] : [[c, changed[i]!] as const]));
        const letters = text.replace(/[^a-zA-Z]/g, "").length;
        expect(differing).toHaveLength(Math.max(1, Math.round(letters / 15)));
        for (const [was, is] of differing) expect(was === was.toUpperCase()).toBe(is === is.toUpperCase());
      }),
    );
  });

  it("lets letters without a key of their own change places", () => {
    const changed = apply("typos", "Где?");
    expect(changed).not.toBe("Где?");
    expect(Array.from(changed).toSorted()).toEqual(Array.from("Где?").toSorted());
  });

  it("keeps all words and the mark at the end when it changes their order", () => {
    const words = (text: string) =>
      text
        .replace(/[?\s]+$/, "")
        .split(/\s+/)
        .toSorted();
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 2, maxLength: 12 }), (list) => {
        const text = `${list.join(" ")}?`;
        const changed = apply("word-order", text);
        expect(words(changed)).toEqual(words(text));
        expect(changed.endsWith("?")).toBe(true);
        if (new Set(list).size > 1) expect(changed).not.toBe(text);
      }),
    );
  });
});

describe("variants", () => {
  const record = (id: string, text: string): QuestionRecord => ({ id, text, document: "d", judgements: [["p", 1]] });
  const questions = [record("a", "How long is it?"), record("__proto__", "Who wrote it?")];

  it("asks every question in every variant under an id of its own, judged by the question's own gold", () => {
    const paraphrases = new Map([["a", ["What is its length?", "Its length?"]]]);
    const variants = variantsOf([perturbation("lowercase")!], paraphrases, seeded(1));
    const put = [...putInVariants(questions, variants)];
    expect(put.map(({ id, text }) => [id, text])).toEqual([
      ["original:a", "How long is it?"],
      ["original:__proto__", "Who wrote it?"],
      ["lowercase:a", "how long is it?"],
      ["lowercase:__proto__", "who wrote it?"],
      ["paraphrase-1:a", "What is its length?"],
      ["paraphrase-2:a", "Its length?"],
    ]);
    expect(put.every(({ judgements }) => judgements[0]![0] === "p")).toBe(true);
    expect(put[2]!.document).toBe("a");
  });
});
