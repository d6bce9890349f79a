import { describe, expect, it } from "vitest";
import type { AnswerRequest } from "../../core/contracts.ts";
import type { Passage } from "../../core/passage.ts";
import type { Query } from "../../core/query.ts";
import { analyzer } from "../../search/analyzer.ts";
import { realClock } from "../testing/build-for-test.ts";
import { describeGenerator } from "../testing/generator-conformance.ts";
import { REFUSAL, type ReaderSettings, read } from "./read.ts";
import { reader } from "./reader.ts";
import type { TermStatistics } from "./terms.ts";

const SETTINGS: ReaderSettings = { sentences: 1, declineBelow: 0, trim: true };
/** All terms are equally rare, so that support is a share of terms and can be worked out by hand. */
const EQUAL: TermStatistics = {
  analyze: analyzer({ stopWords: "lucene", stemmer: "snowball-english" }),
  idf: () => 1,
};

const passage = (text: string, title?: string): Passage => ({
  id: text,
  document: "d",
  text,
  ...(title ? { title } : {}),
});
const ask = (query: string | Query, texts: readonly (string | Passage)[], settings: Partial<ReaderSettings> = {}) => {
  const request: AnswerRequest = {
    query: typeof query === "string" ? { id: "q", text: query } : query,
    passages: texts.map((text) => (typeof text === "string" ? passage(text) : text)),
    condition: "oracle",
    trial: 0,
  };
  return read(request, { ...SETTINGS, ...settings }, EQUAL);
};

describeGenerator("the reader", async () => reader(SETTINGS, EQUAL, realClock));

describe("read", () => {
  it("answers with the sentence that covers most of the question", () => {
    const text = "Recall counts gold passages. Precision divides hits by k. The sky is blue.";
    expect(ask("What does precision divide?", [text])).toEqual({
      text: "Precision divides hits by k.",
      refused: false,
      support: 1,
    });
  });

  it("support is the share of the question's weight that is covered", () => {
    // recall, bootstrap, interval, seed: two of four.
    expect(ask("recall bootstrap interval seed", ["The recall has an interval today."]).support).toBe(0.5);
  });

  it("words that ask do not count", () => {
    expect(ask("What do you do about recall?", ["Recall is a share of gold."]).support).toBe(1);
  });

  it("a rare term weighs more than a common one", () => {
    const rare: TermStatistics = { ...EQUAL, idf: (term) => (term === "bpref" ? 8 : 1) };
    const request: AnswerRequest = {
      query: { id: "q", text: "bpref ranking metric" },
      passages: [passage("Every ranking needs a metric to judge it. Old pools favour bpref over others.")],
      condition: "oracle",
      trial: 0,
    };
    expect(read(request, SETTINGS, rare).text).toBe("Old pools favour bpref over others.");
  });

  it("what stands in the title, the heading or the sentence before counts in part", () => {
    const alone = ask("bootstrap interval", ["The interval comes from resampling."]).support;
    const titled = ask("bootstrap interval", [passage("The interval comes from resampling.", "Bootstrap")]).support;
    const headed = ask("bootstrap interval", ["# Bootstrap\nThe interval comes from resampling."]).support;
    const followed = ask("bootstrap interval", ["A bootstrap draws samples. The interval comes from them."]).support;
    expect(alone).toBe(0.5);
    for (const support of [titled, headed, followed]) {
      expect(support).toBeGreaterThan(alone);
      expect(support).toBeLessThan(1);
    }
  });

  it("takes the first of passages that say the same", () => {
    const first = passage("The seed is zero by default here.");
    expect(ask("Which seed is used?", [first, passage("The seed is never zero by default.")]).text).toBe(first.text);
  });

  it("a question in a passage is evidence, not an answer; a heading neither", () => {
    const text = "# What is bpref?\nWhat is bpref good for?\nWith bpref you can compare systems on old pools.";
    expect(ask("What is bpref?", [text]).text).toBe("With bpref you can compare systems on old pools.");
  });

  it("uses the last turns of a conversation for a follow-up, at less weight", () => {
    const passages = ["Recall reaches one at most. Bpref reaches one at most."];
    const history = [
      { role: "user", content: "Tell me about bpref" },
      { role: "assistant", content: "It ignores what is unjudged." },
    ] as const;
    expect(ask({ id: "q", text: "And what does it reach?", history }, passages).text).toBe(
      "Bpref reaches one at most.",
    );
    expect(ask("And what does it reach?", passages).text).toBe("Recall reaches one at most.");
  });

  it.each([
    ["a number", "How many questions are there?", "The set has 166 questions on 40 pages.", "166"],
    ["a date", "When was the scorer written?", "Rajpurkar wrote the scorer in June 2018 at Stanford.", "June 2018"],
    [
      "a person",
      "Who wrote the scorer?",
      "The scorer was written by Pranav Rajpurkar at Stanford.",
      "Pranav Rajpurkar",
    ],
    ["a place", "Where was the collection made?", "The collection was made in Cranfield during the war.", "Cranfield"],
  ])("cuts the sentence down to %s where one is asked for", (_title, question, text, expected) => {
    expect(ask(question, [text]).text).toBe(expected);
    expect(ask(question, [text], { trim: false }).text).toBe(text);
  });

  it("does not answer with what the question says itself", () => {
    expect(
      ask("How many of the 166 questions are unanswerable?", ["Of the 166 questions 36 are unanswerable."]).text,
    ).toBe("36");
  });

  it("leaves the sentence whole where nothing of the kind is in it", () => {
    expect(ask("Who wrote the scorer?", ["the scorer was written long ago."]).text).toBe(
      "the scorer was written long ago.",
    );
  });

  it("joins several sentences in the order of the passages", () => {
    const passages = [
      "Bpref was made for old pools.",
      "The sky is blue.",
      "It is bpref that ignores unjudged passages.",
    ];
    expect(ask("What is bpref?", passages, { sentences: 2 }).text).toBe(`${passages[0]} ${passages[2]}`);
  });

  it("adds no sentence that is much worse than the best", () => {
    const passages = ["Bpref ignores unjudged passages.", "Some passages are long."];
    expect(ask("Does bpref ignore unjudged passages?", passages, { sentences: 5 }).text).toBe(passages[0]);
  });

  it.each([
    ["without passages", "What is bpref?", []],
    ["when nothing is shared with the question", "What is bpref?", ["The sky is blue."]],
    ["when the question has no words", "?!", ["The sky is blue."]],
    ["when the passages are empty", "What is bpref?", ["", " \n "]],
  ])("declines %s", (_title, question, passages) => {
    expect(ask(question, passages)).toEqual({ text: REFUSAL, refused: true, support: 0 });
  });

  it("declines below the threshold, not at it", () => {
    const question = "recall bootstrap interval seed";
    const passages = ["The recall has an interval today."];
    expect(ask(question, passages, { declineBelow: 0.5 }).refused).toBe(false);
    expect(ask(question, passages, { declineBelow: 0.51 })).toEqual({ text: REFUSAL, refused: true, support: 0.5 });
  });

  it.each(["A.", "Ada ", "1,", "in the ", "bpref? ", "(".repeat(9), "\n- x "])(
    "takes a megabyte of %j, where anything quadratic would not end",
    (unit) => {
      expect(typeof ask("Who made bpref?", [`bpref ${unit.repeat(1_000_000 / unit.length)} end`]).text).toBe("string");
    },
  );

  it("is in [0, 1] however much is repeated", () => {
    expect(ask("bpref bpref", [passage("bpref bpref bpref", "bpref")]).support).toBe(1);
  });
});

describe("reader", () => {
  it("gives its support as confidence and says itself whether it declined", async () => {
    const request: AnswerRequest = {
      query: { id: "q", text: "bpref" },
      passages: [],
      condition: "closed-book",
      trial: 0,
    };
    expect(
      await reader(SETTINGS, EQUAL, { now: () => 0, monotonic: () => 5 }).answer(request, new AbortController().signal),
    ).toEqual({
      text: REFUSAL,
      refused: true,
      finish: "stop",
      confidence: 0,
      timing: { ms: 0, source: "measured" },
    });
  });
});
