import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizedWords } from "./normalize.ts";
import { porterStem } from "./porter-stem.ts";
import { rougeTokens } from "./rouge-tokens.ts";
import { answerMetric, outcomeOf, sample } from "./testing/metric.ts";

const score = (name: string, answer: string, ...references: string[]) =>
  outcomeOf(answerMetric(name).compute(sample({ answer, references })));

describe("values worked by hand", () => {
  it.each([
    ["EM", "The Eiffel Tower!", ["eiffel tower"], 1],
    ["EM", "Eiffel", ["eiffel tower", "Eiffel."], 1],
    ["EM", "Eiffel", ["eiffel tower"], 0],
    ["F1", "the tower in Paris", ["Eiffel Tower"], 2 / 5],
    ["F1", "a b b", ["b b b"], (2 * (2 / 2) * (2 / 3)) / (2 / 2 + 2 / 3)],
    ["F1", "x", ["y", "x z", "x"], 1],
    ["ROUGE-1", "the cat sat", ["the cat ran away"], (2 * (2 / 3) * (2 / 4)) / (2 / 3 + 2 / 4)],
    ["ROUGE-1(score=precision)", "the cat sat", ["the cat ran away"], 2 / 3],
    ["ROUGE-1(score=recall)", "the cat sat", ["the cat ran away"], 2 / 4],
    ["ROUGE-2(score=recall)", "the cat sat", ["the cat ran away"], 1 / 3],
    ["ROUGE-2", "cat", ["cat"], 0],
    ["ROUGE-L(score=precision)", "police kill the gunman", ["police killed the gunman"], 3 / 4],
    ["ROUGE-L(score=precision, stem=true)", "police killing the gunman", ["police killed the gunman"], 1],
    ["ROUGE-L(score=precision)", "a\nb", ["b\na"], 1 / 2],
    ["ROUGE-Lsum(score=precision)", "a\nb", ["b\na"], 1],
    ["ROUGE-1", "naïve", ["na ve"], 1],
    ["ROUGE-1(unicode=true)", "naïve", ["na ve"], 0],
    ["ROUGE-1(unicode=true)", "Дом", ["дом"], 1],
    ["ROUGE-1", "Дом", ["дом"], 0],
    ["ROUGE-1(unicode=true)", "cafe\u0301", ["café"], 1],
    ["Contains", "It costs 18 euros", ["8"], 0],
    ["Contains", "It costs 8 euros", ["8"], 1],
    ["Contains", "It's in the city of Paris, France.", ["city of Paris"], 1],
    ["Contains", "Paris, not the city", ["city of Paris", "paris!"], 1],
    ["Contains", "8", ["the 8 euros"], 0],
    ["Contains", "anything", ["the"], "no-gold"],
  ])("%s of %j against %j", (name, answer, references, expected) => {
    const value = score(name, answer, ...references);
    if (typeof expected === "number") expect(value).toBeCloseTo(expected, 12);
    else expect(value).toBe(expected);
  });

  it("of several references the one with the highest F counts for recall and precision too", () => {
    // Precision would be highest against the second reference, F against the first.
    expect(score("ROUGE-1(score=precision)", "a b c d", "a b c x", "a b c d e f g h i j k l m n o p q r")).toBe(3 / 4);
  });
});

describe("normalizedWords", () => {
  it.each([
    ["The A. an THE", []],
    ["don't", ["dont"]],
    ["well-known U.S.A.", ["wellknown", "usa"]],
    ["theme another", ["theme", "another"]],
    ["éa aé a", ["éa", "aé"]],
    ["a_b", ["ab"]],
    ["x\u00a0y\u2003z\x1cw", ["x", "y", "z", "w"]],
    ["the–who", ["–who"]],
    ["“quoted”", ["“quoted”"]],
  ])("%j gives %j", (text, expected) => expect(normalizedWords(text)).toEqual(expected));
});

describe("rougeTokens", () => {
  it("stems only words of more than three letters", () => {
    expect(rougeTokens("uses use was ties", { stem: true })).toEqual(["use", "use", "was", "tie"]);
  });

  it("the stemmer takes any word without harm", () => {
    for (const word of ["", "a", "y", "yyyyyy", "ing", "eed", "ied", "ies", "s", "ss", "1980s"]) porterStem(word);
    expect(porterStem("y".repeat(100_000)).length).toBeGreaterThan(0);
    expect(porterStem("additionally")).toBe("addit");
  });
});

const text = fc
  .array(fc.constantFrom("cat", "dog", "the", "runs", "running", "house", "ü", "\n", "8"), { maxLength: 12 })
  .map((words) => words.join(" "));
const NAMES = ["EM", "F1", "F1(squad=1)", "ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-Lsum", "ROUGE-L(stem=true)"];

describe("relations", () => {
  it.each(NAMES)("%s is in [0, 1] and the same both ways round", (name) => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const value = score(name, a, b);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        // Lines are matched from the reference's side, so ROUGE-Lsum alone may differ.
        if (name !== "ROUGE-Lsum") expect(score(name, b, a)).toBeCloseTo(Number(value), 12);
      }),
    );
  });

  it.each([...NAMES, "Contains"])(
    "%s does not fall when a reference is added, and does not care for their order",
    (name) => {
      fc.assert(
        fc.property(text, text, text, (answer, a, b) => {
          const both = score(name, answer, a, b);
          // A reference without a word is dropped, or stands for the empty answer when it is alone.
          fc.pre(normalizedWords(a).length > 0 && normalizedWords(b).length > 0);
          expect(both).toBeGreaterThanOrEqual(Number(score(name, answer, a)));
          expect(score(name, answer, b, a)).toBe(both);
        }),
      );
    },
  );

  it("EM = 1 implies F1 = Contains = 1; ROUGE-L ≤ ROUGE-1; ROUGE-Lsum of single lines is ROUGE-L", () => {
    fc.assert(
      fc.property(text, text, (answer, reference) => {
        fc.pre(normalizedWords(reference).length > 0);
        if (score("EM", answer, reference) === 1) {
          expect(score("F1", answer, reference)).toBe(1);
          expect(score("Contains", answer, reference)).toBe(1);
        }
        expect(score("ROUGE-L", answer, reference)).toBeLessThanOrEqual(Number(score("ROUGE-1", answer, reference)));
        const flat = [answer, reference].map((t) => t.replaceAll("\n", " ")) as [string, string];
        expect(score("ROUGE-Lsum", ...flat)).toBeCloseTo(Number(score("ROUGE-L", ...flat)), 12);
      }),
    );
  });

  it("takes an answer of a megabyte by every metric", () => {
    const answer = Array.from({ length: 200_000 }, (_, i) => `w${i % 5000}`).join(" ");
    const reference = Array.from({ length: 50 }, (_, i) => `w${i * 3}`).join(" ");
    for (const name of [...NAMES, "Contains"]) expect(typeof score(name, answer, reference)).toBe("number");
  });
});
