import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { LexicalFit } from "../../judge/index.ts";
import { listGradings, readGrades } from "../../runlog/index.ts";
import { answeredProject } from "../testing/answered-project.ts";
import { runCli } from "../testing/run-cli.ts";

/** Right, half of it, or something else, by turns; people give 3, 1 and 0. */
const SAYS = [
  (_: number, reference: string) => `Sure: ${reference}`,
  (i: number) => `The limit of plan ${i} differs.`,
  () => "Nobody knows such a thing.",
];
const LABELS = [3, 1, 0];

async function questionsOf(root: string): Promise<Map<string, number>> {
  const lines = (await readFile(join(root, "datasets/made/queries.jsonl"), "utf8")).trim().split("\n");
  return new Map(
    lines.map((line) => {
      const { _id, text } = JSON.parse(line) as { _id: string; text: string };
      return [_id, Number(text.split(" ")[1])];
    }),
  );
}

async function setUp() {
  const { root, runs } = await answeredProject({ made: (i, reference) => SAYS[i % 3]!(i, reference) });
  const questions = await questionsOf(root);
  const rows = Array.from(questions, ([query, i]) =>
    JSON.stringify({ query, condition: "closed-book", rater: "anna", score: LABELS[i % 3] }),
  );
  await writeFile(join(root, "labels.jsonl"), `${rows.join("\n")}\n`);
  await runCli(["judge", "init", "lexical-0-3"], root);
  return {
    root,
    dir: runs.get("made")!,
    questions,
    fitTo: (...argv: string[]) => runCli(["judge", "fit", "-l", "labels.jsonl", "--resamples", "99", ...argv], root),
    file: () => readFile(join(root, "judges/lexical-0-3/fit.json"), "utf8"),
  };
}

describe("bench judge fit", () => {
  it("says before it is fitted what to do", async () => {
    const { root } = await setUp();
    const { exitCode, stderr } = await runCli(["judge", "run", "-j", "lexical-0-3", "made/made"], root);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("bench judge fit --judge lexical-0-3 --labels FILE");
  });

  it("prints agreement on held-out answers and keeps nothing in a dry run", async () => {
    const { fitTo, file } = await setUp();
    const { exitCode, stdout, stderr } = await fitTo("--dry-run");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("nothing was kept")]);
    expect(stdout).toContain("correctness: 40 labelled answers to 40 questions");
    expect(stdout).toMatch(/0, 1 from 0?\.\d+ on, 3 from 0?\.\d+ on; by /);
    expect(stdout).toMatch(/κ, quadratic +1\.000/);
    await expect(file()).rejects.toThrow("ENOENT");
  });

  it("keeps the same file for the same labels, and grades offline by it as people did", async () => {
    const { root, dir, questions, fitTo, file } = await setUp();
    expect((await fitTo()).exitCode).toBe(0);
    const first = await file();
    expect((await fitTo()).exitCode).toBe(0);
    expect(await file()).toBe(first);
    expect(JSON.parse(first)).toMatchObject({
      kind: "lexical-fit",
      schema: 1,
      labels: { labels: 40, files: [{ name: "labels.jsonl" }] },
    });
    const ran = await runCli(["judge", "run", "-j", "lexical-0-3", "made/made"], root);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain("lexical-0-3/correctness");
    const [grading] = await listGradings(dir);
    let graded = 0;
    for await (const line of readGrades(grading!.path)) {
      expect(line).toMatchObject({
        kind: "grade",
        asked: 0,
        scores: { correctness: LABELS[questions.get(line.query)! % 3] },
      });
      graded += 1;
    }
    expect(graded).toBe(40);
  });

  it("is another judge after another fit: its grades are kept apart", async () => {
    const { root, dir, questions, fitTo } = await setUp();
    await fitTo();
    await runCli(["judge", "run", "-j", "lexical-0-3", "made/made", "-q"], root);
    const before = (await listGradings(dir)).length;
    const rows = Array.from(questions, ([query, i]) => `${query},closed-book,ben,${i % 3 === 0 ? 2 : 0}`);
    await writeFile(join(root, "ben.csv"), `query,condition,rater,score\n${rows.join("\n")}\n`);
    expect((await runCli(["judge", "fit", "-l", "ben.csv", "--resamples", "99"], root)).exitCode).toBe(0);
    expect((await runCli(["judge", "run", "-j", "lexical-0-3", "made/made", "-q"], root)).exitCode).toBe(0);
    expect(await listGradings(dir)).toHaveLength(before + 1);
  });

  it("refuses a fit of another rubric, a damaged one, and one of a measure that is none", async () => {
    const { root, fitTo, file } = await setUp();
    await fitTo();
    const path = join(root, "judges/lexical-0-3/fit.json");
    const good = JSON.parse(await file()) as LexicalFit;
    const refused = async (text: string) => {
      await writeFile(path, text);
      const { exitCode, stderr } = await runCli(["judge", "run", "-j", "lexical-0-3", "made/made"], root);
      expect([exitCode, stderr]).toEqual([3, expect.stringContaining("E_LEXICAL_FIT")]);
      return stderr;
    };
    expect(await refused(JSON.stringify({ ...good, rubric: "0".repeat(64) }))).toContain("got 000000000000");
    expect(await refused("{")).toContain("cut points in JSON");
    expect(await refused(JSON.stringify({ ...good, schema: 2 }))).toContain("version 2");
    const [criterion] = good.criteria;
    expect(await refused(JSON.stringify({ ...good, criteria: [{ ...criterion, feature: "BLEU" }] }))).toContain(
      '"BLEU"',
    );
    expect(await refused(JSON.stringify({ ...good, criteria: [] }))).toContain("/criteria");
  });

  it("takes the newest run of a system, refuses two that labels could not tell apart, and runs without answers", async () => {
    const { root, dir, fitTo } = await setUp();
    await runCli(["run", "--suite", "made", "--system", "made", "--quiet", "--fresh"], root);
    const runs = (await readdir(join(root, "runs"))).filter((name) => name.startsWith("made"));
    expect(runs).toHaveLength(2);
    expect((await fitTo()).exitCode).toBe(0);
    const both = await fitTo("--run", dir, "--run", runs.find((name) => !dir.endsWith(name))!);
    expect(both).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("E_RUN_TWICE") });
    await rm(join(root, "runs"), { recursive: true });
    expect(await fitTo()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("E_RUN_ANSWERS") });
  });

  it("refuses a judge that is not lexical, and no labels", async () => {
    const { root } = await setUp();
    await runCli(["judge", "init", "correct-yes-no"], root);
    const env = { JUDGE_URL: "http://127.0.0.1:9/v1" };
    const model = await runCli(["judge", "fit", "-j", "correct-yes-no", "-l", "labels.jsonl"], root, { env });
    expect([model.exitCode, model.stderr]).toEqual([3, expect.stringContaining("kind model")]);
    expect((await runCli(["judge", "fit"], root)).exitCode).toBe(2);
  });
});
