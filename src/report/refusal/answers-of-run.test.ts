import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scored } from "../../core/outcome.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { gradesFile, openRun } from "../../runlog/index.ts";
import { allLines, manifest, questions, writeRun } from "../../runlog/testing/made-log.ts";
import { answersUnder } from "./answers-of-run.ts";

const JUDGE = { id: "declines", sha256: "a".repeat(64) };
const FIRST = questions[0]!.id;

describe("the answers of a run whose refusals a judge decides", () => {
  it("are those that it has decided about: the others are neither answered nor refused", async () => {
    const made = manifest({ schema: 2, refusalJudge: { ...JUDGE, criterion: "declines" } });
    const lines = allLines(made).map((line) => {
      if (line.kind !== "answer") return line;
      const { refused: _, ...left } = line;
      return { ...left, confidence: 0.5, outcomes: { EM: scored(1) }, ifRefused: { EM: scored(0) } };
    });
    const dir = join(await tempFolder(), "run");
    await writeRun(dir, lines, made);
    const head = {
      ...{ kind: "grading", schema: 1, run: made.run, log: (await openRun(dir)).end!.sha256, repeats: 1 },
      ...{
        judge: { ...JUDGE, rubric: "b".repeat(64), config: {} },
        refusals: "judged",
        startedAt: "2026-01-01T00:00:00Z",
      },
      criteria: [
        { id: "declines", question: "?", steps: [0, 1].map((value) => ({ name: `${value}`, value, anchor: "" })) },
      ],
    };
    const grade = (trial: number, declines: number) => ({
      ...{
        kind: "grade",
        query: FIRST,
        condition: "closed-book",
        trial,
        repeat: 0,
        scores: { declines },
        reason: "",
        asked: 1,
      },
    });
    await mkdir(join(dir, "grades"));
    const rows = [head, grade(0, 1), grade(1, 0)].map((row) => `${JSON.stringify(row)}\n`);
    await writeFile(gradesFile(dir, JUDGE), rows.join(""));
    const answers = await answersUnder(dir, "closed-book", { metric: "EM", from: 1 });
    expect(answers).toEqual([
      { at: 0, answerable: true, value: 0, state: "refused", right: false, confidence: 0.5 },
      { at: 0, answerable: true, value: 1, state: "answered", right: true, confidence: 0.5 },
    ]);
  });
});
