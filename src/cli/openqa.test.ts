import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasShared, shared } from "../lib/testing/shared.ts";
import type { Summary } from "../report/index.ts";
import { runCli } from "./testing/run-cli.ts";

// OpenQA-eval's answers of 12 systems to Natural Questions, from one command to the table, against the EM and F1 (SQuAD 1.1's
// rule) that were computed of them with SQuAD's normalisation: `expected_recomputed.json`.

const FOLDER = "data/openqa-eval-nq/model_outputs";
const OUTPUTS = hasShared ? readdirSync(shared(FOLDER)).sort() : [];
const idOf = (file: string): string => file.replace(".jsonl", "");
const WHOLE = OUTPUTS.map(idOf).filter((id) => !id.startsWith("NQ301"));
/** It accepts other answers to 95 questions, most of them the same with their characters repaired. */
const OTHER_GOLD = "NQ_EviGen";

type Expected = Readonly<
  Record<
    string,
    {
      readonly EM_all: number;
      readonly F1_all: number;
      readonly EM_301: number;
      readonly F1_301: number;
      readonly human_acc: number;
    }
  >
>;

describe.skipIf(!hasShared)("bench on openqa-eval-nq", () => {
  let expected: Expected;
  let project: string;
  beforeAll(async () => {
    const text = await readFile(shared("data/openqa-eval-nq/expected_recomputed.json"), "utf8");
    expected = (JSON.parse(text) as { models: Expected }).models;
    project = await mkdtemp(join(tmpdir(), "openqa-"));
    await mkdir(join(project, "benchmarks"));
  });
  afterAll(() => rm(project, { recursive: true, force: true }));

  const bring = (files: readonly string[], into: string, more: readonly string[] = []) =>
    runCli(
      [
        "system",
        "import",
        ...files.map((file) => shared(`${FOLDER}/${file}`)),
        "--into",
        into,
        "--always-answers",
        ...more,
      ],
      project,
    );

  const means = async (suite: string, systems: readonly string[]) => {
    const ran = await runCli(["run", "--suite", suite, "-s", systems.join(","), "--format", "json", "-q"], project);
    const { suites } = JSON.parse(ran.stdout) as Summary;
    const rows = suites[0]!.tables[0]!.parts.flatMap((part) => part.rows);
    const table = rows.map((row) => {
      const cell = (metric: string): number => {
        const { estimate } = row.cells.find((c) => c?.metric === metric)!;
        if (estimate.state !== "estimated") throw new Error(`${metric} is not estimated`);
        return 100 * estimate.mean;
      };
      return [
        row.run.system.id,
        { questions: row.questions, EM: cell("EM(squad=1)"), F1: cell("F1(squad=1)") },
      ] as const;
    });
    return { exitCode: ran.exitCode, table: new Map(table) };
  };

  it("brings 12 systems in with one command, and tells of lists and of what is accepted otherwise", async () => {
    const made = await bring(OUTPUTS, "openqa");
    expect([made.exitCode, made.stderr]).toEqual([0, ""]);
    expect(made.stdout).toContain("openqa: 3610 questions, 12 systems");
    expect(made.stdout).toMatch(/NQ301_text-davinci-003_fewshot-n64\.jsonl: 16 rows: a list of answers/);
    expect(made.stdout).toMatch(/NQ_EviGen\.jsonl: other accepted answers to 95 questions/);
    expect(made.stdout).toMatch(/bench run --suite openqa-common [\s\S]*\(301 questions\)/);
  });

  it("gives the published EM and F1 of the systems that answer all 3,610 questions", async () => {
    const { exitCode, table } = await means("openqa", WHOLE);
    expect(exitCode).toBe(0);
    expect([...table.keys()].sort()).toEqual(WHOLE.toSorted());
    for (const [id, { questions, EM, F1 }] of table) {
      expect(questions).toBe(3610);
      if (id === OTHER_GOLD) continue;
      expect(EM, id).toBeCloseTo(expected[id]!.EM_all, 5);
      expect(F1, id).toBeCloseTo(expected[id]!.F1_all, 5);
    }
    // By the answers that the nine others are scored with.
    expect(table.get(OTHER_GOLD)!.EM).toBeCloseTo(49.473684, 5);
    expect(table.get(OTHER_GOLD)!.F1).toBeCloseTo(56.682298, 5);
  }, 120_000);

  it("gives the tenth's too, by the answers that its own file accepts", async () => {
    await bring([`${OTHER_GOLD}.jsonl`], "evigen", ["--force"]);
    const { table } = await means("evigen", [OTHER_GOLD]);
    expect(table.get(OTHER_GOLD)!.EM).toBeCloseTo(expected[OTHER_GOLD]!.EM_all, 5);
    expect(table.get(OTHER_GOLD)!.F1).toBeCloseTo(expected[OTHER_GOLD]!.F1_all, 5);
  });

  it("gives the EM of all 12 systems on the 301 questions that all answer, and fails those two on the rest", async () => {
    const { table } = await means("openqa-common", OUTPUTS.map(idOf));
    expect(table.size).toBe(12);
    for (const [id, { questions, EM, F1 }] of table) {
      expect(questions).toBe(301);
      if (id === OTHER_GOLD) continue;
      expect(EM, id).toBeCloseTo(expected[id]!.EM_301, 5);
      expect(F1, id).toBeCloseTo(expected[id]!.F1_301, 5);
    }
    const short = idOf(OUTPUTS[0]!);
    const all = await means("openqa", [short]);
    expect(all.exitCode).toBe(4);
    expect(all.table.get(short)!.EM).toBeCloseTo((expected[short]!.EM_all * 301) / 3610, 5);
  });

  it("has a column of what people said, within the answers that the published join finds and the texts do not", async () => {
    const folder = join(project, "judges", "people");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "judge.yaml"), PEOPLE);
    await means("openqa-common", OUTPUTS.map(idOf));
    const names = OUTPUTS.map((file) => `openqa-common/${idOf(file)}`);
    const { exitCode, stdout } = await runCli(
      ["judge", "run", "-j", "people", ...names, "--format", "json", "-q"],
      project,
    );
    expect(exitCode).toBe(0);
    const { suites } = JSON.parse(stdout) as Summary;
    const rows = suites.find(({ id }) => id === "openqa-common")!.tables[0]!.parts.flatMap((part) => part.rows);
    const found = rows.map((row): [string, number, number] => {
      const { estimate } = row.cells.find((c) => c?.metric === "people/correct")!;
      if (estimate.state !== "estimated") throw new Error("people said nothing");
      return [row.run.system.id, Math.round(estimate.mean * estimate.n), estimate.n];
    });
    expect(found.sort()).toEqual(LABELLED_RIGHT.toSorted());
    for (const [id, right, n] of found) {
      const published = Math.round((expected[id]!.human_acc / 100) * 301);
      expect(published, id).toBeGreaterThanOrEqual(right);
      // One more for zero-shot, of which the published join has two answers that end in a full stop here.
      expect(published, id).toBeLessThanOrEqual(right + 301 - n + 1);
    }
  });
});

/** The final verdict of OpenQA-eval's people, found by question and answer. */
const PEOPLE = `kind: people
criteria:
  - id: correct
    question: Is the answer right?
    scale: { 0: "no", 1: "yes" }
refusals: judged
labels: [${JSON.stringify(hasShared ? shared("data/openqa-eval-nq/NQ301_human.tsv") : "absent")}]
columns: { question: Question, answer: Model answer }
raters: ["Acceptable?"]
scores: { "Yes": 1, "No": 0 }
`;

/** System, answers labelled right, answers labelled: counted from the two published files by a script of its own. */
const LABELLED_RIGHT: readonly (readonly [string, number, number])[] = [
  ["NQ301_text-davinci-003_fewshot-n64", 227, 300],
  ["NQ301_text-davinci-003_zeroshot", 212, 299],
  ["NQ_ANCE-plus_FiD", 197, 300],
  ["NQ_Contriever_FiD", 199, 300],
  ["NQ_DPR", 164, 262],
  ["NQ_EMDR2", 218, 272],
  ["NQ_EviGen", 201, 299],
  ["NQ_FiD", 194, 300],
  ["NQ_FiD-KD", 220, 300],
  ["NQ_GAR-plus_FiD", 207, 300],
  ["NQ_R2D2", 214, 300],
  ["NQ_Rocketv2_FiD", 210, 299],
];
