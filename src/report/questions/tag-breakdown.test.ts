import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type Calibrations, readScores } from "../../runlog/index.ts";
import { judgeRun, madeCalibration } from "../testing/judged-run.ts";
import { makeRun } from "../testing/made-run.ts";
import { questionColumns } from "./question-columns.ts";
import { listedTags, tagBreakdown, tagList } from "./tag-breakdown.ts";

async function broken(
  questions: number,
  tagsOf: (at: number) => readonly string[],
  cluster: "none" | "document" = "none",
) {
  const dir = await makeRun(await tempFolder(), {
    ...{ run: "r", system: "s", skill: 0.6, questions, conditions: ["rag@3"], metrics: ["R@4", "EM", "F1"], cluster },
    question: (record, at) => ({ ...record, tags: tagsOf(at) }),
  });
  const scores = await readScores(dir);
  const columns = await questionColumns(dir);
  return { scores, columns, view: tagBreakdown(scores, columns.tags) };
}

describe("the breakdown by tag", () => {
  it("has the means over the questions of each tag, the most frequent tag first", async () => {
    const { view, scores } = await broken(60, (at) => (at % 3 === 0 ? ["third", "x"] : ["x"]));
    const [, rag] = view!.groups;
    expect(rag!.rows.map(({ tag, questions, few }) => [tag, questions, few])).toEqual([
      ["x", "60", false],
      ["third", "20", false],
    ]);
    const { values, states } = scores.groups.get("rag@3")!.metrics.get("EM")!;
    const third = Array.from(values.keys()).filter((at) => at % 3 === 0 && (states[at] === 1 || states[at] === 2));
    const mean = third.reduce((sum, at) => sum + values[at]!, 0) / third.length;
    const cell = rag!.rows[1]!.cells.find(({ label }) => label === "EM")!;
    expect(Number(cell.number)).toBeCloseTo(mean, 3);
    expect(cell.interval).toMatch(/^\[\.\d{3}, [.\d]+\]$/);
  });

  it("has at the head of what a judge scored how far it was measured against people", async () => {
    const dir = await makeRun(await tempFolder(), {
      ...{ run: "r", system: "s", skill: 0.6, questions: 20, conditions: ["rag@3"], metrics: ["EM"] },
    });
    await judgeRun(dir, { "q1 rag@3": [2, 2] });
    const tags = new Map([["x", [0, 1]]]);
    const badges = async (calibrations?: Calibrations) =>
      tagBreakdown(await readScores(dir), tags, calibrations)!.groups.map(({ heads }) =>
        heads.map(({ name, badge }) => [name, badge?.state]),
      );
    expect((await badges()).flat()).toContainEqual(["j/correctness", "uncalibrated"]);
    expect((await badges()).flat()).toContainEqual(["EM", undefined]);
    const known = new Map([["j", madeCalibration()]]);
    expect((await badges(known)).flat()).toContainEqual(["j/correctness", "calibrated"]);
  });

  it("says which tags have few questions, and gives no interval to a single one", async () => {
    const { view } = await broken(30, (at) => (at === 0 ? ["alone", "most"] : at < 20 ? ["most"] : ["rest"]));
    const rows = view!.groups[1]!.rows;
    expect(rows.map(({ tag, few }) => [tag, few])).toEqual([
      ["most", false],
      ["rest", true],
      ["alone", true],
    ]);
    expect(rows[2]!.cells[0]!.interval).toBe("");
    expect(rows[2]!.cells[0]!.number).toMatch(/^[.\d]+$/);
  });

  it("names the n of a mean that is not over all questions of its tag", async () => {
    const { view } = await broken(32, () => ["x"]);
    // One in eight has no gold.
    expect(view!.groups[0]!.rows[0]!.cells[0]).toMatchObject({ label: "R@4", n: "28" });
    expect(view!.groups[1]!.rows[0]!.cells.find(({ label }) => label === "F1")).not.toHaveProperty("n");
  });

  it("lists a bounded number of tags, counts the others, and knows hostile ones by their name", async () => {
    const { view, columns } = await broken(90, (at) => [`only-${at}`, "__proto__"]);
    expect(view!.groups[0]!.rows).toHaveLength(40);
    expect(view!.groups[0]!.rows[0]!.tag).toBe("__proto__");
    expect(view!.hidden).toBe("51");
    const [first] = listedTags(columns.tags);
    expect(tagList(first!).questions).toHaveLength(90);
    const href = view!.groups[0]!.rows[0]!.href;
    expect(new URLSearchParams(href.slice(1)).get("in")).toBe(tagList(first!).id);
  });

  it("clusters where the suite says so, and is nothing without tags", async () => {
    const plain = await broken(60, () => ["x"]);
    const clustered = await broken(60, () => ["x"], "document");
    const interval = ({ view }: typeof plain) => view!.groups[1]!.rows[0]!.cells.find(({ label }) => label === "F1")!;
    expect(interval(clustered).number).toBe(interval(plain).number);
    expect(interval(clustered).interval).not.toBe(interval(plain).interval);
    expect((await broken(10, () => [])).view).toBeUndefined();
  });
});
