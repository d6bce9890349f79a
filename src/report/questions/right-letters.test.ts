import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { readScores } from "../../runlog/index.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { judgeRun, madeCalibration } from "../testing/judged-run.ts";
import { makeRun } from "../testing/made-run.ts";
import { rightLetters } from "./right-letters.ts";

const lettersOf = async (dir: string, group: string, unanswerable: readonly number[] = []) =>
  Object.fromEntries(
    rightLetters(await readScores(dir), unanswerable)
      .find(({ name }) => name === group)!
      .rules.map(({ text, letters }) => [text, letters]),
  );

describe("how each question of a run fared", () => {
  it("is a letter: right, wrong, refused, failed, not scored", async () => {
    const run = await answeredRun(
      {
        a: { "rag@2": "1" },
        b: { "rag@2": "0" },
        c: { "rag@2": "refused" },
        d: { "rag@2": "failed" },
        e: { "rag@2": "unscored" },
      },
      ["rag@2"],
    );
    expect(await lettersOf(run, "rag@2")).toEqual({ "EM ≥ .5": "ynrfu" });
  });

  it("is right where a question without an answer is declined", async () => {
    const run = await answeredRun({ a: { "rag@2": "refused" }, b: { "rag@2": "refused" } }, ["rag@2"]);
    expect(await lettersOf(run, "rag@2", [1])).toEqual({ "EM ≥ .5": "rd" });
  });

  it("of several trials goes by the mean, and a failure among them is told", async () => {
    const run = await answeredRun(
      { a: { "rag@2": "1/1/0" }, b: { "rag@2": "1/0/0" }, c: { "rag@2": "failed/0/0" }, d: { "rag@2": "1/1/failed" } },
      ["rag@2"],
      3,
    );
    expect(await lettersOf(run, "rag@2")).toEqual({ "EM ≥ .5": "ynfy" });
  });

  it("can go by a judge: the upper half of the scale is right, and what it did not grade is not scored", async () => {
    const run = await answeredRun({ a: { "rag@2": "0" }, b: { "rag@2": "1" }, c: { "rag@2": "1" } }, ["rag@2"]);
    await judgeRun(run, { "a rag@2": [2, 0], "b rag@2": [1, 3], "c rag@2": "failed" });
    const letters = await lettersOf(run, "rag@2");
    // Nobody has compared this judge with people, and the rule says so.
    const rules = ["composite", "correctness", "clear"].map((name) => `j/${name} ≥ 1.5 (uncalibrated)`);
    expect(Object.keys(letters)).toEqual(["EM ≥ .5", ...rules]);
    expect(letters[rules[1]!]).toBe("ynu");
    expect(letters[rules[2]!]).toBe("nyu");
    const known = new Map([["j", madeCalibration()]]);
    const [, group] = rightLetters(await readScores(run), [], known);
    expect(group!.rules.map(({ text }) => text)).toContain("j/correctness ≥ 1.5");
  });

  it("of retrieval is whether a gold passage was found; of a run that was cut off, what it has", async () => {
    const dir = await tempFolder();
    const made = { system: "s", skill: 0.7, questions: 16, metrics: ["R@4", "nDCG@10", "EM"] };
    const whole = await readScores(await makeRun(dir, { ...made, run: "whole" }));
    const [retrieval] = rightLetters(whole, []);
    expect(retrieval!.rules.map(({ text }) => text)).toEqual(["R@4 > 0", "nDCG@10 > 0"]);
    const found = Array.from(whole.groups.get("retrieval")!.metrics.get("R@4")!.values);
    for (const [at, letter] of [...retrieval!.rules[0]!.letters].entries())
      if (at % 8 !== 7) expect(letter).toBe(found[at]! > 0 ? "y" : "n");
    // No gold, no telling.
    expect(retrieval!.rules[0]!.letters[7]).toBe("u");
    const half = rightLetters(await readScores(await makeRun(dir, { ...made, run: "half", interrupted: true })), []);
    expect(half[1]!.rules[0]!.letters).toMatch(/^[ynrud]{8}-{8}$/);
  });

  it("takes the suite's own rule first", async () => {
    const metrics = ["EM", "F1", "AnswerPrecision(at_least=0.7,by=F1)"];
    const run = await makeRun(await tempFolder(), { run: "r", system: "s", skill: 0.5, questions: 8, metrics });
    expect(Object.keys(await lettersOf(run, "rag@3"))).toEqual(["F1 ≥ .7", "EM ≥ .5"]);
  });
});
