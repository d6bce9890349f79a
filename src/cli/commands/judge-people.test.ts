import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Summary } from "../../report/index.ts";
import type { Calibration } from "../../runlog/index.ts";
import { completion, faultServer } from "../../system/testing/fault-server.ts";
import { answeredProject } from "../testing/answered-project.ts";
import { runCli } from "../testing/run-cli.ts";

const YAML = `kind: people
title: Annotators
criteria:
  - id: correct
    question: Would a reader who has only this answer know what the reference says?
    scale:
      "NO": "A key term, name or number of the reference is missing or different, or some statement contradicts it."
      "YES": "The key terms, names and numbers agree, and nothing contradicts the reference. True additions are allowed."
    values: { "NO": 0, "YES": 1 }
labels: [sheet.csv]
columns: { question: asked, answer: said }
raters: [anna, ben]
scores: { "yes": 1, "no": 0 }
`;

const WRONG = "Something else altogether.";

/** Two systems: one is right on every question, the other on the even ones. People label thirty questions by the answers' text. */
async function setUp(sheet?: string) {
  const project = await answeredProject({
    good: (_, reference) => reference,
    half: (i, reference) => (i % 2 === 0 ? reference : WRONG),
  });
  const rows = Array.from({ length: 30 }, (_, i) => [
    `question ${i},The limit of plan ${i} is ${10 + i} days.,yes,${i === 0 ? "no" : "yes"}`,
    ...(i % 2 === 1 ? [`Question ${i},${WRONG},no,`] : []),
  ]).flat();
  const { root } = project;
  await runCli(["judge", "init", "correct-yes-no"], root);
  const folder = join(root, "judges", "people");
  await mkdir(folder);
  await writeFile(join(folder, "judge.yaml"), YAML);
  await writeFile(join(folder, "sheet.csv"), sheet ?? `asked,said,anna,ben\n${rows.join("\n")}\n`);
  return { ...project, bench: (...argv: string[]) => runCli(argv, root) };
}

describe("a judge of kind people", () => {
  it("has its labels stand beside the metrics as a column, labels of one text for every system that gave it", async () => {
    const { bench } = await setUp();
    const { exitCode, stdout, stderr } = await bench("judge", "run", "-j", "people", "made/good", "made/half");
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("people on ")]);
    // Anna and Ben disagree on the first: of two labels the lower counts.
    expect(stdout).toMatch(/people\/correct \(people\) \(n=30, 10 unscored\)\ngood .*\.967 \[.*\nhalf .*\.467 \[/);
    expect(stdout).toContain("labels of 2 people, who agree at Krippendorff's α");
    expect(stderr).toMatch(/left out: 15 rows of other answers/);
    const { suites } = JSON.parse((await bench("show", "--format", "json")).stdout) as Summary;
    const [part] = suites[0]!.tables[0]!.parts;
    const head = part!.metrics.find(({ name }) => name === "people/correct")!;
    expect(head).toMatchObject({
      title: "Annotators: correct",
      judge: { calibration: { state: "people", raters: 2 } },
    });
    expect(head.meaning).toContain("Graded by people.");
  });

  it("is read anew each time: labels that were corrected count, and no model is asked", async () => {
    const { bench, root, runs } = await setUp();
    await bench("judge", "run", "-j", "people", "made/good");
    const grades = join(runs.get("good")!, "grades");
    const [file] = await readdir(grades);
    const sheet = join(root, "judges", "people", "sheet.csv");
    await writeFile(sheet, (await readFile(sheet, "utf8")).replace("days.,yes,no", "days.,yes,yes"));
    const { stdout } = await bench("judge", "run", "-j", "people", "made/good");
    expect(await readdir(grades)).toEqual([file]);
    expect(stdout).toMatch(/1 {7}|1\.00 \[/);
    const dry = await bench("judge", "run", "-j", "people", "made/good", "--dry-run");
    expect([dry.exitCode, dry.stdout]).toEqual([0, expect.stringContaining("no model is asked; no cost")]);
  });

  it("compares two systems by what people said of them", async () => {
    const { bench } = await setUp();
    await bench("judge", "run", "-j", "people", "made/good", "made/half", "-q");
    const { stdout } = await bench("compare", "made/half", "made/good");
    expect(stdout).toMatch(/people\/correct .*better/);
  });

  it("measures judges: --people reads the labels that its file describes", async () => {
    await using server = await faultServer(completion(JSON.stringify({ reason: "r", correct: "YES" })));
    const { bench, root } = await setUp();
    const asked = await runCli(["judge", "run", "-j", "correct-yes-no", "made/half", "made/good", "-q"], root, {
      env: { JUDGE_URL: server.url },
    });
    expect(asked.exitCode).toBe(0);
    await bench("calibrate", "-j", "correct-yes-no", "--people", "people", "--resamples", "200");
    const path = join(root, "judges", "correct-yes-no", "calibration.json");
    const { labels, criteria } = JSON.parse(await readFile(path, "utf8")) as Calibration;
    expect(labels).toMatchObject({ files: [{ name: "sheet.csv" }], items: 60, raters: 2 });
    // The judge says yes to all: right on 30 of one system but where the two disagree, and on 15 of the other.
    expect(criteria[0]!.figures.exact).toMatchObject({ value: (29 + 14) / 60 });
    expect((await bench("judge", "correct", "-j", "correct-yes-no", "--people", "people")).exitCode).toBe(0);
  });

  it("is refused where a judge is measured, probed or asked", async () => {
    const { bench } = await setUp();
    await bench("judge", "run", "-j", "people", "made/good", "-q");
    for (const argv of [
      ["calibrate", "-j", "people", "--labels", "x.csv"],
      ["judge", "correct", "-j", "people", "--labels", "x.csv", "made/good"],
      ["judge", "probe", "-j", "people", "made/good"],
      ["judge", "pairs", "-j", "people", "made/good", "made/half"],
      ["judge", "fit", "-j", "people", "--labels", "x.csv"],
      ["judge", "passages", "-j", "people", "made/good"],
    ]) {
      const { exitCode, stderr } = await bench(...argv);
      expect([exitCode, argv], stderr).toEqual([3, argv]);
      expect(stderr).toContain("E_JUDGE");
    }
    const both = await bench("calibrate", "-j", "correct-yes-no", "--people", "people", "--labels", "x.csv");
    expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining("either --people or --labels")]);
    const other = await bench("calibrate", "-j", "correct-yes-no", "--people", "correct-yes-no");
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining("of kind model")]);
  });

  it("names every row that is wrong, and leaves the grades that were there", async () => {
    const { bench, root, runs } = await setUp();
    await bench("judge", "run", "-j", "people", "made/good", "-q");
    const grades = join(runs.get("good")!, "grades");
    const [file] = await readdir(grades);
    const before = await readFile(join(grades, file!), "utf8");
    await writeFile(
      join(root, "judges", "people", "sheet.csv"),
      "asked,said,anna,ben\nquestion 1,The limit of plan 1 is 11 days.,perhaps,yes\nquestion 2,x\n",
    );
    const { exitCode, stderr } = await bench("judge", "run", "-j", "people", "made/good");
    expect(exitCode).toBe(3);
    expect(stderr).toContain("E_LABEL_SCORE");
    expect(stderr).toContain("E_LABEL_ROW");
    expect(await readFile(join(grades, file!), "utf8")).toBe(before);
  });
});
