import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import type { GradedLine, GradingHead } from "./grade-schema.ts";
import { GradesByQuestion } from "./grades-by-question.ts";

const LOG = "a".repeat(64);
const head = (id: string, changes: Partial<GradingHead> = {}): GradingHead => ({
  ...{ kind: "grading", schema: 1, run: "r", log: LOG, repeats: 1, refusals: "apart" },
  judge: { id, sha256: "1".repeat(64), rubric: "2".repeat(64), config: {} },
  criteria: [{ id: "right", question: "?", steps: [0, 1].map((value) => ({ name: `${value}`, value, anchor: "" })) }],
  ...{ startedAt: "2026-01-01T00:00:00.000Z", ...changes },
});
const grade = (query: string, reason: string, repeat = 0): GradedLine => ({
  ...{ kind: "grade", query, condition: "rag@3", trial: 0, repeat, scores: { right: 1 }, reason, asked: 1 },
});

async function graded(files: Readonly<Record<string, readonly unknown[]>>): Promise<string> {
  const dir = await tempFolder();
  await mkdir(join(dir, "grades"));
  for (const [name, lines] of Object.entries(files)) {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    await writeFile(join(dir, "grades", name), text);
  }
  return dir;
}

const reasons = async (dir: string, query: string) => {
  const grades = await GradesByQuestion.open(dir, LOG);
  const found = await grades.of(query);
  await grades.close();
  return found.map(({ head: { judge }, lines }) => [
    judge.id,
    ...lines.map((line) => (line.kind === "grade" ? line.reason : line.code)),
  ]);
};

describe("grades by question", () => {
  it("are found with their reasons in whatever order they were given, of every judge", async () => {
    const failure = { kind: "judge-failure", query: "q1", condition: "rag@3", trial: 0, repeat: 2, asked: 2 };
    const dir = await graded({
      "a.jsonl": [
        head("a"),
        grade("q2", "zwei 🙂"),
        grade("q1", "first"),
        grade("q1", "again", 1),
        grade("__proto__", "<b>"),
        { ...failure, code: "E_VERDICT_PROSE", message: "prose" },
        { kind: "end", counts: { grades: 4, failures: 1 }, endedAt: "x", sha256: LOG },
      ],
      "b.jsonl": [head("b"), grade("q1", "wrong")],
    });
    expect(await reasons(dir, "q1")).toEqual([
      ["a", "first", "again", "E_VERDICT_PROSE"],
      ["b", "wrong"],
    ]);
    expect(await reasons(dir, "q2")).toEqual([["a", "zwei 🙂"]]);
    expect(await reasons(dir, "__proto__")).toEqual([["a", "<b>"]]);
    expect(await reasons(dir, "constructor")).toEqual([]);
  });

  it("are of the newest version of a judge and of this log alone, without a torn last line", async () => {
    const dir = await graded({
      "old.jsonl": [head("a"), grade("q1", "old")],
      "new.jsonl": [head("a", { startedAt: "2026-01-02T00:00:00.000Z" }), grade("q1", "new")],
      "other.jsonl": [head("c", { log: "b".repeat(64) }), grade("q1", "of another log")],
    });
    await appendFile(join(dir, "grades", "new.jsonl"), JSON.stringify(grade("q1", "torn")).slice(0, -3));
    expect(await reasons(dir, "q1")).toEqual([["a", "new"]]);
  });

  it("are none where nobody judged", async () => {
    expect(await reasons(await tempFolder(), "q1")).toEqual([]);
  });
});
