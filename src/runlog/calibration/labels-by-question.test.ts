import { appendFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { labelsByQuestion } from "./labels-by-question.ts";
import { type LabelLine, type LabelsHead, labelsFile, writeRunLabels } from "./run-labels.ts";

const LOG = "a".repeat(64);
const head = (rubric: string, log = LOG): LabelsHead => ({
  ...{ kind: "labels", schema: 1, run: "r", log, rubric: rubric.repeat(64) },
  ...{ at: "2026-06-01T00:00:00.000Z", files: [] },
});
const label = (query: string, ...given: LabelLine["given"]): LabelLine => ({
  ...{ kind: "label", query, condition: "rag@3", trial: 0, given },
});

describe("people's labels in a run's folder", () => {
  it("are found by question, of every rubric, whatever a question is called", async () => {
    const dir = await tempFolder();
    await writeRunLabels(dir, head("1"), [
      label("__proto__", ["correct", "anna", 2], ["correct", "ben", 3]),
      label("q1", ["correct", "anna", 0]),
    ]);
    await writeRunLabels(dir, head("2"), [label("q1", ["clear", "anna", 1])]);
    const labels = await labelsByQuestion(dir, LOG);
    expect([...labels.keys()]).toEqual(["__proto__", "q1"]);
    expect(labels.get("__proto__")![0]!.given).toEqual([
      ["correct", "anna", 2],
      ["correct", "ben", 3],
    ]);
    expect(labels.get("q1")!.map(({ rubric, given }) => [rubric[0], given[0]![0]])).toEqual([
      ["1", "correct"],
      ["2", "clear"],
    ]);
  });

  it("of another log are left out, and none are none", async () => {
    const dir = await tempFolder();
    expect((await labelsByQuestion(dir, LOG)).size).toBe(0);
    await writeRunLabels(dir, head("1", "b".repeat(64)), [label("q1", ["correct", "anna", 2])]);
    expect((await labelsByQuestion(dir, LOG)).size).toBe(0);
  });

  it("that are damaged are all told", async () => {
    const dir = await tempFolder();
    await writeRunLabels(dir, head("1"), [label("q1", ["correct", "anna", 2])]);
    await appendFile(labelsFile(dir, "1".repeat(64)), '{"kind":"label","query":"q2"}\n{\n');
    const error = await labelsByQuestion(dir, LOG).catch((thrown: unknown) => thrown);
    const { problems } = error as { problems: { code: string; where: string }[] };
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["E_LABELS"]));
    expect(problems.map(({ where }) => where).join(" ")).toMatch(/:3 .*:4$/);
  });
});
