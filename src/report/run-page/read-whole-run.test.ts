import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun, readScores } from "../../runlog/index.ts";
import { attributeFailures } from "../conditions/attribute-failures.ts";
import { sameAnswers } from "../conditions/same-answers.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import { questionColumns } from "../questions/question-columns.ts";
import { selectiveAnswering } from "../refusal/selective.ts";
import { makeRun } from "../testing/made-run.ts";
import { readWholeRun } from "./read-whole-run.ts";

describe("readWholeRun", () => {
  it("finds in one pass what each of its parts finds in one of its own", async () => {
    const dir = await makeRun(await tempFolder(), {
      ...{ run: "r", system: "s", skill: 0.5, questions: 120, trials: 2, cluster: "document", failAt: [5, 50] },
      conditions: ["rag@3", "oracle", "closed-book"],
      answer: (text, at) => (at % 4 === 0 ? "yes" : text),
      more: (at) => ({ confidence: (at % 10) / 10 }),
    });
    const whole = await readWholeRun(await openRun(dir), { data: await tempFolder() });
    const scores = await readScores(dir);
    expect(whole.scores).toEqual(scores);
    expect(whole.diagnosis).toEqual(await diagnose(dir, scores));
    expect(whole.attributions).toEqual(await attributeFailures(dir, scores));
    expect(whole.same).toEqual(await sameAnswers(dir));
    expect(whole.selective).toEqual(await selectiveAnswering(dir, scores));
    expect({ ...whole.columns }).toEqual({ ...(await questionColumns(dir)) });
    for (const found of [whole.attributions, whole.same, whole.selective]) expect(found.length).toBeGreaterThan(0);
    expect(whole.grades).toEqual([]);
  });

  it("writes questions and passages in pieces, and nothing else", async () => {
    const data = await tempFolder();
    const dir = await makeRun(await tempFolder(), { run: "r", system: "s", skill: 0.5, questions: 60 });
    const { times } = await readWholeRun(await openRun(dir), { data });
    expect((await readdir(data)).sort()).toEqual(["p0000.js", "p0001.js", "q0000.js", "q0001.js"]);
    expect(times.of("rag@3")).toHaveLength(60);
  });
});
