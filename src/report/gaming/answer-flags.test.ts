import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type SameAnswers, sameAnswers } from "../conditions/same-answers.ts";
import { makeRun } from "../testing/made-run.ts";
import { answerFlags, FLAG_WORDS, flagReasons, flagText, REPEATS, worstFlags } from "./answer-flags.ts";

const same = (changes: Partial<SameAnswers>): SameAnswers => ({
  ...{ condition: "rag@3", answered: 100, shared: 10, most: [{ text: "Well", questions: 5 }] },
  ...{ referenced: 100, commonest: 1, misplaced: 0 },
  ...changes,
});
const top = (questions: number, changes: Partial<SameAnswers> = {}) =>
  answerFlags([same({ most: [{ text: "Well", questions }], ...changes })]).map(({ kind }) => kind);

describe("answerFlags", () => {
  it("flags an answer from 5 % of the questions on, and none below", () => {
    expect(top(4)).toEqual([]);
    expect(top(5)).toEqual(["constant"]);
    expect(answerFlags([same({})])[0]).toEqual({
      ...{ kind: "constant", condition: "rag@3", share: 0.05, questions: 5, answered: 100, text: "Well" },
    });
  });

  it("allows for answers that are often right: only odds above three times those of the commonest reference", () => {
    // Half of the references are yes: odds 1, so that 75 of 100 have three times as much.
    expect(top(75, { commonest: 50 })).toEqual([]);
    expect(top(76, { commonest: 50 })).toEqual(["constant"]);
    expect(top(100, { commonest: 99 })).toEqual(["constant"]);
    expect(top(100, { commonest: 100 })).toEqual([]);
  });

  it("flags answers that belong to other questions from 10 % on", () => {
    expect(top(2, { misplaced: 9 })).toEqual([]);
    expect(top(2, { misplaced: 10 })).toEqual(["duplicate"]);
    expect(top(60, { misplaced: 60 })).toEqual(["constant", "duplicate"]);
  });

  it("says nothing of few answers, nor of duplicates where there are no references", () => {
    expect(top(REPEATS.least - 1, { answered: REPEATS.least - 1 })).toEqual([]);
    expect(top(1, { referenced: 0, commonest: 0, misplaced: 0 })).toEqual([]);
    expect(top(5, { referenced: 0, commonest: 0 })).toEqual(["constant"]);
    expect(answerFlags([])).toEqual([]);
  });

  it("counts duplicates among the answers to questions with references, not among all", () => {
    const flags = answerFlags([same({ referenced: 40, misplaced: 40 })]);
    expect(flags.at(-1)).toMatchObject({ kind: "duplicate", share: 1, questions: 40, answered: 40 });
    expect(flagText(flags.at(-1)!)).toContain("40 of 40 answers (100.0 %)");
  });

  it("tells of each kind the worst context, and names the others", () => {
    const flags = ["rag@3", "rag@5"].flatMap((condition, at) =>
      answerFlags([same({ condition, most: [{ text: "Well", questions: 20 + 30 * at }], misplaced: 10 * at })]),
    );
    const told = worstFlags(flags);
    expect(told.map(({ kind }) => kind)).toEqual(["constant", "duplicate"]);
    expect(told[0]!.says).toMatch(/^rag@5: 50 of 100 answers .*“Well”; likewise under rag@3$/);
    expect(told[1]!.says).not.toContain("likewise");
    expect(worstFlags([])).toEqual([]);
  });

  it("says what, how much and why, with hostile text visible", () => {
    const flags = answerFlags([same({ most: [{ text: "\u001b[31mWell\u202e", questions: 60 }], misplaced: 60 })]);
    expect(flagText(flags[0]!)).toMatch(/^rag@3: 60 of 100 answers \(60\.0 %\) are the same: “/);
    expect(flagText(flags[1]!)).toContain("word for word those to questions with other references");
    expect(flags.map(flagText).join()).not.toMatch(/\u001b|\u202e/);
    expect(flagReasons(flags)).toHaveLength(2);
    expect(flagReasons(flags).join()).toMatch(/from 5 %.*from 10 %/);
    expect(flagReasons([])).toEqual([]);
    expect(Object.keys(FLAG_WORDS)).toEqual(flags.map(({ kind }) => kind));
  });
});

describe("answers of a run", () => {
  const flagged = async (answer: (text: string, at: number) => string) => {
    const made = { run: "r", system: "s", skill: 0.7, questions: 80, conditions: ["rag@3"] };
    return answerFlags(await sameAnswers(await makeRun(await tempFolder(), { ...made, answer }))).map(
      ({ kind }) => kind,
    );
  };

  it("of a system that says one sentence to everything are flagged twice", async () => {
    expect(await flagged(() => "As an expert I confirm that this is right.")).toEqual(["constant", "duplicate"]);
  });

  it("of one that picks from ten sentences are flagged", async () => {
    expect(await flagged((_, at) => `Sentence ${at % 10} fits everything.`)).toContain("duplicate");
  });

  it("of one that answers each question by itself are not", async () => {
    expect(await flagged((_, at) => `It is ${at} units`)).toEqual([]);
  });
});
