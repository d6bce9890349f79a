import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type LabelsHead, openRun, writeRunLabels } from "../../runlog/index.ts";
import { buildSite } from "../build-site.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { JUDGE, judgeRun } from "../testing/judged-run.ts";
import { type MadeRun, makeRun } from "../testing/made-run.ts";
import type { QuestionPageList } from "./question-pages.ts";
import type { GroupRight } from "./right-letters.ts";

const assets = fileURLToPath(new URL("../../../reports/templates", import.meta.url));

async function site(runs: readonly string[]) {
  const out = join(await tempFolder(), "deep", "site");
  const { pages } = await buildSite({ runs, out, assets, generatedAt: "2026-06-01" });
  const read = (path: string) => readFile(join(out, path), "utf8");
  /** The value of a data file, as the page gets it. */
  const piece = async <T>(path: string): Promise<T> => {
    let got: unknown;
    const plumbline = { piece: (_: string, value: unknown) => (got = value) };
    new Function("plumbline", await read(path))(plumbline);
    return got as T;
  };
  const questions = pages.filter((path) => path.startsWith("questions/"));
  const list = (path = questions[0]!) => piece<QuestionPageList>(path.replace("index.html", "data/list.js"));
  return { questions, read, piece, list };
}

const made = async (folder: string, run: string, rest: Partial<MadeRun> = {}) =>
  makeRun(folder, {
    run,
    system: run,
    skill: 0.6,
    questions: 20,
    conditions: ["rag@3"],
    metrics: ["R@4", "EM"],
    ...rest,
  });

describe("the page of questions across systems", () => {
  it("stands for every suite and protocol, and is led to from the leaderboard and from the runs", async () => {
    const folder = await tempFolder();
    const { questions, read, list, piece } = await site([
      await made(folder, "weak", { skill: 0.2 }),
      await made(folder, "strong", { skill: 0.95 }),
      await made(folder, "other", { protocolFields: { prompt: "another" } }),
      await made(folder, "elsewhere", { suite: "faq" }),
    ]);
    expect(questions).toHaveLength(3);
    for (const path of questions) expect(await read("index.html")).toContain(`href="${path}"`);
    const lists = await Promise.all(questions.map((path) => list(path)));
    const both = lists.find(({ runs }) => runs.length === 2)!;
    expect(both.runs.map(({ run }) => run)).toEqual(["strong", "weak"]);
    expect(both).toMatchObject({ sets: [20], tags: [{ name: "lookup" }, { name: "numeric" }] });
    expect(both.ids[0]).toBe("q1");
    expect(both.runs[0]!.data).toBe("../../../runs/strong/data/");
    const run = await piece<{ across: string }>("runs/strong/data/list.js");
    expect(questions.map((path) => `../../${path}`)).toContain(run.across);
  });

  it("holds a few bytes a question for each run, and no texts of answers", async () => {
    const { read, questions, piece } = await site([
      await made(await tempFolder(), "r", { answer: (text) => `${text} SECRET` }),
    ]);
    expect(await read(questions[0]!.replace("index.html", "data/list.js"))).not.toContain("SECRET");
    const [retrieval, rag] = await piece<GroupRight[]>("runs/r/data/right.js");
    expect(retrieval!.name).toBe("retrieval");
    expect(rag!.rules[0]!.letters).toMatch(/^[ynrud]{20}$/);
  });

  it("knows of each question where it stands in runs that were asked others", async () => {
    const folder = await tempFolder();
    const { list } = await site([
      await made(folder, "all", { skill: 0.9 }),
      await made(folder, "first", { questions: 5, skill: 0.5 }),
      await made(folder, "some", {
        questions: 4,
        skill: 0.3,
        question: (q, at) => ({ ...q, id: ["q9", "new", "q2", "q7"][at]! }),
      }),
    ]);
    const { ids, runs, sets } = await list();
    expect(ids).toHaveLength(21);
    const place = (run: string, id: string) => {
      const set = sets[runs.find((one) => one.run === run)!.set]!;
      const at = ids.indexOf(id);
      return typeof set === "number" ? (at < set ? at : -1) : (set[at] ?? -1);
    };
    expect(["q9", "new", "q2", "q7", "q1", "q20"].map((id) => place("some", id))).toEqual([0, 1, 2, 3, -1, -1]);
    expect(["q1", "q5", "q6", "new"].map((id) => place("first", id))).toEqual([0, 4, -1, -1]);
    expect(["q1", "q20", "new"].map((id) => place("all", id))).toEqual([0, 19, -1]);
  });

  it("names interrupted runs apart, lists older runs of a system last, and is not there without a finished one", async () => {
    const folder = await tempFolder();
    const cut = await made(folder, "cut", { interrupted: true });
    const { list, read, questions } = await site([
      await made(folder, "new", { system: "s" }),
      await made(folder, "old", { system: "s", startedAt: "2025-01-01T00:00:00.000Z" }),
      cut,
    ]);
    expect((await list()).runs.map(({ run, older }) => [run, older])).toEqual([
      ["new", undefined],
      ["old", true],
    ]);
    const page = await read(questions[0]!);
    expect(page).toContain("Interrupted, so not among the systems here");
    expect(page).toContain('href="../../../runs/cut/index.html"');
    expect((await site([cut])).questions).toEqual([]);
  });

  it("keeps hostile names inside the site", async () => {
    const run = await made(await tempFolder(), "../../evil", { suite: "../../up", title: "</script><img>" });
    const { questions, read } = await site([run]);
    expect(questions[0]).toMatch(/^questions\/\.\.%2F\.\.%2Fup\/[0-9a-f]{12}\/index\.html$/);
    expect(await read("index.html")).toContain("questions/..%252F..%252Fup/");
    const list = await read(questions[0]!.replace("index.html", "data/list.js"));
    expect(list).not.toMatch(/<|\u2028/);
    expect(list).toContain("runs/..%252F..%252Fevil/data/");
  });
});

describe("the pieces of a run", () => {
  it("have beside each answer what judges said of it with their reasons, and what people did", async () => {
    const dir = await answeredRun({ a: { "rag@2": "1" }, b: { "rag@2": "0" } }, ["rag@2"]);
    await judgeRun(dir, { "a rag@2": [3, 2], "b rag@2": "failed" });
    const { end } = await openRun(dir);
    const head: LabelsHead = {
      ...{ kind: "labels", schema: 1, run: "r", log: end!.sha256, rubric: JUDGE.rubric },
      ...{ at: "2026-06-01T00:00:00.000Z", files: [] },
    };
    await writeRunLabels(dir, head, [
      { kind: "label", query: "b", condition: "rag@2", trial: 0, given: [["correctness", "anna", 2]] },
    ]);
    const { piece } = await site([dir]);
    const [a, b] = await piece<{ results: { grades?: unknown[]; labels?: unknown[] }[] }[]>("runs/r/data/q0000.js");
    expect(a!.results[0]!.grades).toEqual([
      {
        judge: "j",
        scores: [
          ["correctness", 3],
          ["clear", 2],
        ],
        reason: "",
      },
    ]);
    expect(a!.results[0]).not.toHaveProperty("labels");
    expect(b!.results[0]!.grades).toEqual([{ judge: "j", code: "E_VERDICT_PROSE", message: "prose" }]);
    expect(b!.results[0]!.labels).toEqual([["correctness", "anna", 2]]);
  });
});
