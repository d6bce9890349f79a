import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { makeRun } from "../testing/made-run.ts";
import { sameAnswers } from "./same-answers.ts";
import { sameAnswersLines } from "./same-answers-text.ts";

describe("sameAnswers", () => {
  it("counts questions that share an answer, by condition; refusals and failures are left out", async () => {
    const dir = await answeredRun(
      {
        a: { "rag@1": "1", "closed-book": "refused" },
        b: { "rag@1": "1", "closed-book": "refused" },
        c: { "rag@1": "0", "closed-book": "failed" },
        d: { "rag@1": "1", "closed-book": "0" },
      },
      ["rag@1", "closed-book"],
      1,
    );
    expect(await sameAnswers(dir)).toEqual([
      {
        ...{ condition: "rag@1", answered: 4, shared: 3, most: [{ text: "1", questions: 3 }] },
        ...{ referenced: 4, commonest: 4, misplaced: 0 },
      },
    ]);
  });

  it("several trials of one question are no copies of each other", async () => {
    const dir = await answeredRun({ a: { "rag@1": "1/1/1" }, b: { "rag@1": "0/0/0" } }, ["rag@1"], 3);
    expect(await sameAnswers(dir)).toEqual([]);
    expect(sameAnswersLines([])).toEqual([]);
  });

  it("case and white space make no other answer; hostile text is made visible in the line", async () => {
    const answer = (_text: string, at: number): string =>
      at % 2 === 0 ? "Well \u001b[31mdone" : " well  \u001b[31mDONE ";
    const dir = await makeRun(await tempFolder(), { run: "r", system: "s", skill: 0.5, conditions: ["rag@3"], answer });
    const [found] = await sameAnswers(dir);
    expect(found!.shared).toBe(found!.answered);
    const [line] = sameAnswersLines([found!]);
    expect(line).toMatch(/^rag@3: (\d+) of \1 answers are word for word those to another question, most often \(\1\)/);
    expect(line).not.toContain("\u001b");
  });
});

describe("answers that belong to other questions", () => {
  /** Questions with their references and the answer that each got. */
  async function told(questions: readonly (readonly [references: readonly string[], answer: string])[]) {
    const dir = await makeRun(await tempFolder(), {
      ...{ run: "r", system: "s", skill: 0.5, conditions: ["rag@3"], questions: questions.length },
      question: (record, at) => ({ ...record, answerable: true, answers: [...questions[at]![0]] }),
      answer: (_, at) => questions[at]![1],
    });
    const [found] = await sameAnswers(dir);
    return found && { referenced: found.referenced, commonest: found.commonest, misplaced: found.misplaced };
  }
  // The made system declines one question in twenty or so; with these few it declines none.
  const other = (i: number) => [[`r${i}`], `own ${i}`] as const;

  it("are counted where two questions share no reference, and not where one reference is right for both", async () => {
    expect(await told([[["x"], "same"], [["y"], "same"], other(1)])).toEqual({
      ...{ referenced: 3, commonest: 1, misplaced: 2 },
    });
    expect(await told([[["2017", "the year 2017"], "2017"], [["2017"], "2017"], other(1)])).toEqual({
      ...{ referenced: 3, commonest: 2, misplaced: 0 },
    });
  });

  it("are not counted where the truth repeats itself as much: yes and no", async () => {
    const yes = [["Yes"], "yes."] as const;
    expect(await told([yes, yes, [["No"], "Yes"]])).toMatchObject({ misplaced: 0 });
    expect(await told([yes, ...Array.from({ length: 4 }, () => [["No"], "Yes"] as const)])).toMatchObject({
      misplaced: 5,
    });
  });
});
