import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Calibration } from "../../runlog/index.ts";
import { completion, type FaultServer, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const models: Reply = json({ data: [{ id: "judge" }] });
/** Says YES to every second answer. */
function judging(): Reply {
  let asked = 0;
  return (response, request) => {
    if (request.path.endsWith("/models")) return models(response, request);
    asked += 1;
    return completion(JSON.stringify({ reason: "r", correct: asked % 2 === 0 ? "NO" : "YES" }))(response, request);
  };
}

interface Graded {
  readonly query: string;
  readonly condition: string;
  readonly trial: number;
  readonly scores: { readonly correct: number };
}

/** A project with a graded run; labels as a function of the grade. */
async function setUp(server: FaultServer) {
  const root = await starterProject();
  const env = { JUDGE_URL: server.url };
  await runCli(["run", "--system", "bm25-reader", "--topk", "1,3", "--quiet"], root);
  await runCli(["judge", "init", "correct-yes-no"], root);
  const judged = await runCli(["judge", "run", "-j", "correct-yes-no", "example/bm25-reader"], root, { env });
  if (judged.exitCode !== 0) throw new Error(judged.stderr);
  const [run] = await readdir(join(root, "runs"));
  const [file] = await readdir(join(root, "runs", run!, "grades"));
  const lines = (await readFile(join(root, "runs", run!, "grades", file!), "utf8")).trim().split("\n").slice(1, -1);
  const grades = lines.map((line) => JSON.parse(line) as Graded);
  const label = async (name: string, score: (grade: number, at: number) => unknown, rater = "anna") => {
    const rows = grades.map(({ query, condition, trial, scores }, at) => ({
      query,
      condition,
      trial,
      rater,
      score: score(scores.correct, at),
    }));
    await writeFile(join(root, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  };
  const kept = async (): Promise<Calibration> =>
    JSON.parse(await readFile(join(root, "judges", "correct-yes-no", "calibration.json"), "utf8")) as Calibration;
  return {
    root,
    grades,
    label,
    kept,
    calibrate: (...argv: string[]) => runCli(["calibrate", "--resamples", "200", ...argv], root),
  };
}

describe("bench calibrate", () => {
  it("keeps the labels beside the grades, for the site to list with the judge's reasons, and none on a dry run", async () => {
    await using server = await faultServer(judging());
    const { root, grades, label, calibrate } = await setUp(server);
    const [run] = await readdir(join(root, "runs"));
    const folder = join(root, "runs", run!, "labels");
    await label("anna.jsonl", (_, at) => (at % 3 === 0 ? 1 : null));
    await label("ben.jsonl", (_, at) => (at === 0 ? 0 : null), "ben");
    await calibrate("--labels", "anna.jsonl,ben.jsonl", "--dry-run");
    await expect(readdir(folder)).rejects.toThrow("ENOENT");
    const { stderr } = await calibrate("--labels", "anna.jsonl,ben.jsonl");
    expect(stderr).toContain("kept in judges/correct-yes-no/calibration.json");
    const [file] = await readdir(folder);
    const [head, ...rows] = (await readFile(join(folder, file!), "utf8"))
      .trim()
      .split("\n")
      .map((row) => JSON.parse(row));
    expect(head).toMatchObject({ kind: "labels", run, files: [{ name: "anna.jsonl" }, { name: "ben.jsonl" }] });
    expect(rows).toHaveLength(Math.ceil(grades.length / 3));
    const both = rows.find(({ query, condition }) => query === grades[0]!.query && condition === grades[0]!.condition);
    expect(both.given).toEqual([["correct", "anna", 1], ["correct", "ben", 0]]); // biome-ignore format: one line
    expect((await runCli(["report", "--out", join(root, "out")], root)).exitCode).toBe(0);
    const page = await readFile(join(root, "out", "runs", run!, "grades", "correct-yes-no.html"), "utf8");
    expect(page).toContain(`<b>${rows.length}</b> labelled by people`);
  });

  it("keeps the figures with the judge's hash, and exits with 1 when a threshold is missed", async () => {
    await using server = await faultServer(judging());
    const { grades, label, kept, calibrate } = await setUp(server);
    await label("good.jsonl", (grade) => grade);
    const good = await calibrate("--labels", "good.jsonl");
    expect(good).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("ok: correct, exact 1.000") });
    expect(await kept()).toMatchObject({
      judge: { id: "correct-yes-no" },
      labels: { labels: grades.length, items: grades.length, raters: 1 },
      criteria: [{ id: "correct", n: grades.length, figures: { exact: { value: 1 }, kappa: { value: 1 } } }],
    });
    await label("bad.jsonl", (grade) => (grade === 1 ? "NO" : "YES"));
    const bad = await calibrate("--labels", "bad.jsonl", "--format", "markdown");
    expect(bad).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("MISSED: correct, exact .000") });
    expect(bad.stdout).toContain("| Cohen's κ | −1.000");
  });

  it("shows the ceiling of two people beside the judge, and keeps nothing in a dry run", async () => {
    await using server = await faultServer(judging());
    const { root, label, calibrate } = await setUp(server);
    await label("anna.jsonl", (grade) => grade);
    await label("ben.jsonl", (grade, at) => (at === 0 ? 1 - grade : grade), "ben");
    const { stdout, exitCode } = await calibrate("-l", "anna.jsonl,ben.jsonl", "--dry-run");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("people–people");
    expect(stdout).toContain("against 2 people");
    expect(await readdir(join(root, "judges", "correct-yes-no"))).not.toContain("calibration.json");
  });

  it("takes labels of another scale and other columns, explicitly", async () => {
    await using server = await faultServer(judging());
    const { root, grades, calibrate } = await setUp(server);
    const rows = grades.map(
      ({ query, condition, scores }) => `${query},${condition},ben,${scores.correct === 1 ? "good" : "poor"}`,
    );
    await writeFile(join(root, "labels.csv"), ["query,condition,who,rating", ...rows].join("\n"));
    const columns = ["--column", "rater=who", "--column", "score=rating"];
    expect((await calibrate("-l", "labels.csv", ...columns)).stderr).toContain("E_LABEL_SCORE");
    expect((await calibrate("-l", "labels.csv", ...columns, "--score", "good=1,poor=0")).exitCode).toBe(0);
    expect((await calibrate("-l", "labels.csv", "--column", "raters=who")).stderr).toContain("E_OPTION");
    expect((await calibrate("-l", "labels.csv", "--score", "good")).stderr).toContain("Yes=1,No=0");
  });

  it("refuses labels of unknown answers, and a judge that has graded nothing as it is now", async () => {
    await using server = await faultServer(judging());
    const { root, label, calibrate } = await setUp(server);
    await label("labels.jsonl", (grade) => grade);
    await writeFile(join(root, "strange.jsonl"), '{"query":"nobody","condition":"rag@1","rater":"anna","score":1}\n');
    expect(await calibrate("-l", "strange.jsonl")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("E_LABEL_ITEM"),
    });
    expect(await calibrate()).toMatchObject({ exitCode: 2 });
    const prompt = join(root, "judges", "correct-yes-no", "prompt.hbs");
    await writeFile(prompt, `${await readFile(prompt, "utf8")} Be strict.`);
    expect(await calibrate("-l", "labels.jsonl")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("E_NOT_GRADED"),
    });
  });
});
