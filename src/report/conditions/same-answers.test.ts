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
      { condition: "rag@1", answered: 4, shared: 3, most: [{ text: "1", questions: 3 }] },
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
