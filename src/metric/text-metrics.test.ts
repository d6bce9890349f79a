import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnswerSample } from "./define.ts";
import { answerMetric, FULL, outcomeOf, sample } from "./testing/metric.ts";

const score = (name: string, parts: Partial<AnswerSample>) => outcomeOf(answerMetric(name).compute(sample(parts)));

describe("values worked by hand", () => {
  it.each<[name: string, parts: Partial<AnswerSample>, expected: number | string]>([
    // One of two tokens matches, no pair does and gets 1 / (2 × 1): √(1/2 × 1/2); as long as the reference.
    ["BLEU", { answer: "a b", references: ["a c"] }, Math.sqrt(1 / 4)],
    ["BLEU", { answer: "a b c d", references: ["a b c d"] }, 1],
    // All runs match; 4 tokens of 8: exp(1 − 2).
    ["BLEU", { answer: "a b c d", references: ["a b c d e f g h"] }, Math.exp(-1)],
    // The second reference is closest in length, so nothing is taken off for brevity; the first has the runs.
    ["BLEU", { answer: "a b c d", references: ["a b c d e f g h", "w x y z"] }, 1],
    ["BLEU", { answer: "a b", references: ["c d"] }, 0],
    ["BLEU", { answer: "a", references: undefined }, "no-gold"],
    // Characters a b / a c: order 1 has P = R = 1/2, order 2 P = R = 0: mean 1/4.
    ["chrF", { answer: "ab", references: ["a c"] }, 1 / 4],
    // Order 1: P 1, R 1/2; order 2: P 1, R 1/3; 3 and 4 are not in the answer. P 1, R 5/12.
    ["chrF", { answer: "ab", references: ["abcd"] }, (5 * (5 / 12)) / (4 + 5 / 12)],
    ["chrF", { answer: "x y", references: ["q", "xy"] }, 1],
    ["chrF", { answer: "Xy", references: ["xY"] }, 0],
    ["AnswerWords", { answer: " one  two\nthree " }, 3],
    ["AnswerWords", { answer: "" }, 0],
    ["AnswerTokens", { answer: "a b c", usage: { promptTokens: 9, completionTokens: 4 } }, 4],
    ["AnswerTokens", { answer: "a", refused: true, usage: { promptTokens: 9, completionTokens: 4 } }, 4],
    ["AnswerTokens", { answer: "a" }, "not-applicable"],
    // Runs of 4: abcd bcda cdab dabc abcd: 4 distinct of 5.
    ["Repetition", { answer: "a b c d A b c d" }, 1 / 5],
    ["Repetition(n=1)", { answer: "no no no no" }, 3 / 4],
    ["Repetition", { answer: "a b c" }, "not-applicable"],
    ["HitLimit", { answer: "a", finish: "length" }, 1],
    ["HitLimit", { answer: "a", finish: "MAX_TOKENS" }, 1],
    ["HitLimit", { answer: "a", finish: "stop" }, 0],
    ["HitLimit", { answer: "a" }, "not-applicable"],
    ["SelfDialogue", { answer: "Paris.\nQuestion: And Rome?\nAnswer: Italy." }, 1],
    ["SelfDialogue", { answer: "Paris.\r\n### User: next" }, 1],
    ["SelfDialogue", { answer: "Paris.\n\n**Q2:** why?" }, 1],
    ["SelfDialogue", { answer: "Paris <|im_start|>user" }, 1],
    ["SelfDialogue", { answer: "Question: what? Paris." }, 0],
    ["SelfDialogue", { answer: "Two parts:\nThe user: a person\nThat is a question: none" }, 0],
    ["SelfDialogue", { answer: "x\nUser: y", refused: true }, "not-applicable"],
    [
      "Support",
      {
        answer: "x b",
        passages: [
          { id: "1", text: "c d" },
          { id: "2", text: "b x c c" },
        ],
      },
      2 / 3,
    ],
    ["Support", { answer: "title word", passages: [{ id: "1", title: "Title word", text: "the" }] }, 1],
    ["Support(by='ROUGE-L(score=precision)')", { answer: "x y z", passages: [{ id: "1", text: "x q q y" }] }, 2 / 3],
    ["Support", { answer: "x" }, "not-applicable"],
    // References and answerability do not matter to it.
    ["Support", { answer: "x", answerable: false, passages: [{ id: "1", text: "x" }] }, 1],
  ])("%s of %o", (name, parts, expected) => {
    const value = score(name, parts);
    if (typeof expected === "number") expect(value).toBeCloseTo(expected, 12);
    else expect(value).toBe(expected);
  });

  const passages = [
    { id: "p1", title: "Bees", text: "Bees make honey from\n nectar; they  store it in combs." },
    { id: "p2", text: "Ants do not." },
    { id: "p3", text: "Wasps make paper." },
  ];
  it.each([
    ["##begin_quote##Bees make honey from nectar##end_quote## so yes", 1],
    ["##begin_quote##bees make honey##end_quote##", 0],
    [
      "##begin_quote##Ants do not.##end_quote## and ##begin_quote##Ants do##end_quote##, ##begin_quote##x##end_quote##",
      2 / 3,
    ],
    ["##begin_quote## never closed: Ants do not", "not-applicable"],
    ['It says "they store it in combs." there', 1],
    ['It says “they store it in jars” there, "honey" too', 0],
    ['The word "honey" is a term', "not-applicable"],
    // A quotation over the border of two passages is in neither.
    ['"in combs. Ants do not"', 0],
  ])("Quotes of %s", (raw, expected) => {
    expect(score("Quotes", { answer: "yes", raw, passages })).toBe(expected);
  });

  const judgements = new Map([
    ["p1", 2],
    ["p2", 0],
    ["p3", 1],
    ["p9", 1],
  ]);
  it.each([
    // answer, precision, recall: relevant and given are 1 and 3
    ["Honey [1].", 1, 1 / 2],
    ["Honey [1][3]", 1, 1],
    ["Honey [1, 2]", 1 / 2, 1 / 2],
    ["Honey [1-3], again [1]", 2 / 3, 1],
    ["Honey [7]", 0, 0],
    ["Honey [2019]", "not-applicable", 0],
    ["Honey (1)", "not-applicable", 0],
  ])("citations of %s", (answer, precision, recall) => {
    expect(score("CitationPrecision", { answer, passages, judgements })).toBe(precision);
    expect(score("CitationRecall", { answer, passages, judgements })).toBe(recall);
  });

  it("citations of a higher grade only, of no relevant passage, of an unanswerable question", () => {
    const given = { answer: "[1][3]", passages, judgements };
    expect(score("CitationPrecision(rel=2)", given)).toBe(1 / 2);
    expect(score("CitationRecall(rel=2)", given)).toBe(1);
    expect(score("CitationRecall", { ...given, passages: passages.slice(1, 2) })).toBe("not-applicable");
    expect(score("CitationRecall(rel=3)", given)).toBe("not-applicable");
    expect(score("CitationPrecision", { ...given, judgements: new Map(), answerable: false })).toBe("not-applicable");
  });
});

describe("Composite", () => {
  const half = "Composite(of='3 F1 + 1 EM')";
  it("is the weighted mean of its members, which its name and evidence tell", () => {
    const metric = answerMetric(half);
    expect(metric.name).toBe("Composite(of='1 EM + 3 F1')");
    expect(metric.compute(sample({ answer: "x y", references: ["x"] }))).toEqual({
      state: "scored",
      value: (3 * (2 / 3)) / 4,
      evidence: expect.stringContaining("F1 0.6667"),
    });
  });

  it("has no value where a member has none, and says which", () => {
    const mixed = answerMetric("Composite(of='1 F1 + 1 Support')");
    expect(mixed.compute(sample({ ...FULL, answer: "right" }))).toMatchObject({ state: "scored" });
    const outcome = mixed.compute(sample({ answer: "right", references: ["right"] }));
    expect(outcome).toEqual({
      state: "unscored",
      reason: "not-applicable",
      detail: "Support: the answer was given without passages",
    });
    expect(mixed.floor({ answerable: true, references: undefined })).toMatchObject({ reason: "no-gold" });
    expect(mixed.floor({ answerable: true, references: ["right"] })).toEqual({ state: "scored", value: 0 });
  });
});

const text = fc
  .array(fc.constantFrom("cat", "dog", "the", "runs,", "house.", "ü", "🐈", "\n", "8"), { maxLength: 12 })
  .map((words) => words.join(" "));

describe("relations", () => {
  it.each(["BLEU", "chrF", "chrF(words=2)"])(
    "%s is in [0, 1], 1 for the reference itself, and bears any order",
    (name) => {
      fc.assert(
        fc.property(text, text, text, (answer, a, b) => {
          const value = Number(score(name, { answer, references: [a, b] }));
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
          expect(score(name, { answer, references: [b, a] })).toBeCloseTo(value, 12);
          if (a.trim() !== "") expect(score(name, { answer: a, references: [a] })).toBeCloseTo(1, 12);
        }),
      );
    },
  );

  it("chrF does not fall when a reference is added; a repeated answer repeats more", () => {
    fc.assert(
      fc.property(text, text, text, (answer, a, b) => {
        const one = Number(score("chrF", { answer, references: [a] }));
        expect(Number(score("chrF", { answer, references: [a, b] }))).toBeGreaterThanOrEqual(one);
        const once = score("Repetition(n=1)", { answer });
        const twice = score("Repetition(n=1)", { answer: `${answer} ${answer}` });
        if (typeof once === "number") expect(Number(twice)).toBeCloseTo((1 + once) / 2, 12);
      }),
    );
  });

  it("Support does not fall with another passage; text copied from a passage is supported whole", () => {
    fc.assert(
      fc.property(text, text, text, (answer, a, b) => {
        const passages = [a, b].map((t, i) => ({ id: `p${i}`, text: t }));
        const all = Number(score("Support", { answer, passages }));
        expect(all).toBeGreaterThanOrEqual(Number(score("Support", { answer, passages: passages.slice(0, 1) })));
        if (/\p{L}/u.test(a)) expect(score("Support", { answer: a, passages })).toBeCloseTo(1, 12);
      }),
    );
  });

  it("takes hostile answers of a megabyte", () => {
    const passages = [{ id: "1", text: "x".repeat(2000) }];
    for (const piece of ["##begin_quote##", "“", '"', "[1,", "- ", "-", "\n", "\nQ", "1", "word "]) {
      const answer = piece.repeat(Math.floor(500_000 / piece.length));
      const given = { answer, raw: answer, passages, references: ["a b c"], judgements: new Map([["1", 1]]) };
      for (const name of ["BLEU", "chrF", "Quotes", "CitationRecall", "SelfDialogue", "AnswerWords"])
        expect(score(name, given), `${name} of ${piece}`).toBeDefined();
    }
  });
});
