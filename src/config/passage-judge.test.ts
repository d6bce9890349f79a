import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { loadJudge } from "./load-judge.ts";
import { gradesPassages } from "./passage-judge.ts";
import { findProject } from "./project.ts";

const yaml = (more = "", scale = "scale: { 0: no, 1: yes }"): string =>
  [
    "kind: model",
    "sees: [question]",
    "criteria:",
    "  - id: relevance",
    "    question: How relevant?",
    `    ${scale}`,
    more,
    "",
  ].join("\n");

async function load(file: string, id = "mine") {
  const root = await tempFolder({
    "benchmarks/.keep": "",
    "judges/mine/judge.yaml": file,
    "judges/mine/prompt.hbs": "{{question}} {{answer}} {{reply_format}}",
    "judges/both/judge.yaml": "kind: panel\nof: [mine, other]\n",
    "judges/other/judge.yaml": yaml(),
    "judges/other/prompt.hbs": "{{question}} {{answer}} {{reply_format}} other",
  });
  return loadJudge(await findProject(root), id, {});
}

describe("a judge of passages", () => {
  it("says so in its file, and is another judge than one of answers", async () => {
    const [answers, passages] = [await load(yaml()), await load(yaml("grades: passages"))];
    expect([answers, passages].map(gradesPassages)).toEqual([false, true]);
    expect(passages.sha256).not.toBe(answers.sha256);
    // Saying what is so anyway changes nothing.
    expect((await load(yaml("grades: answers"))).sha256).toBe(answers.sha256);
  });

  it("is refused with all that keeps it from making qrels", async () => {
    const more = "  - { id: more, question: q, scale: { 0: no, 1: yes } }\ngrades: passages";
    const file = yaml(more, "scale: { NO: no, YES: yes }\n    values: { NO: 0, YES: 0.5 }").replace(
      "[question]",
      "[question, gold_passages]",
    );
    const refused = await load(file).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      problems: [
        { code: "E_JUDGE", got: "2", where: expect.stringContaining("/criteria") },
        { code: "E_JUDGE", got: "0.5" },
        { code: "E_JUDGE", got: "gold_passages", where: expect.stringContaining("/sees") },
      ],
    });
  });

  it("is no member of a panel", async () => {
    await expect(load(yaml("grades: passages"), "both")).rejects.toMatchObject({
      problems: [{ got: "mine, which grades passages" }],
    });
  });
});
