import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Comparison } from "../../gate/index.ts";
import { judgeRun } from "../../report/testing/judged-run.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const QUESTIONS = Array.from({ length: 60 }, (_, i) => `q${i}`);
const HOSTILE = "\u202eevil\u001b[2J";

/** Sixty questions, and systems whose answers are saved: `good` knows all, `bad` a sixth, `half` every second. */
const FILES: Readonly<Record<string, string>> = {
  "benchmarks/sixty/suite.yaml": [
    "dataset: sixty",
    "conditions: [closed-book]",
    "metrics: [EM, F1]",
    "gate: { EM: { min_effect: 0.05 } }",
    "",
  ].join("\n"),
  "datasets/sixty/corpus.jsonl": `${JSON.stringify({ _id: "p", text: "Nothing of use." })}\n`,
  "datasets/sixty/queries.jsonl": QUESTIONS.map(
    (q, i) => `${JSON.stringify({ _id: q, text: `What of ${q}?`, answers: [`number ${i}`] })}\n`,
  ).join(""),
  "datasets/sixty/qrels/test.tsv": `query-id\tcorpus-id\tscore\n${QUESTIONS.map((q) => `${q}\tp\t1\n`).join("")}`,
  ...answers("good", () => true),
  ...answers("bad", (i) => i % 6 === 0),
  ...answers("half", (i) => i % 2 === 0),
};

function answers(id: string, knows: (index: number) => boolean): Record<string, string> {
  const lines = QUESTIONS.map((query, i) => ({ query, text: knows(i) ? `number ${i}` : `${HOSTILE} of ${id}` }));
  return {
    [`benchmarks/systems/${id}.yaml`]: `title: The ${id} one\ngenerator: { kind: replay, file: ${id}.jsonl }\n`,
    [`benchmarks/systems/${id}.jsonl`]: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  };
}

/** The three systems' runs, and a way to compare them. */
async function ran() {
  const folder = await starterProject(FILES);
  expect(await runCli(["run", "-b", "sixty", "-s", "good,bad,half", "--quiet"], folder)).toMatchObject({ exitCode: 0 });
  return { folder, compare: (...args: string[]) => runCli(["compare", ...args], folder) };
}

describe("bench compare", () => {
  it("says of every other run whether it is better, with Holm over all", async () => {
    const { compare } = await ran();
    const { exitCode, stderr, stdout } = await compare("sixty/half", "sixty/good", "sixty/bad", "--format", "json");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const compared = JSON.parse(stdout) as Comparison[];
    expect(compared.map(({ candidate, metrics }) => [candidate.system, metrics.map((row) => row.verdict)])).toEqual([
      ["good", ["better", "better"]],
      ["bad", ["worse", "worse"]],
    ]);
    expect(compared[0]).toMatchObject({
      compared: 4,
      questions: 60,
      flips: [],
      metrics: [{ minEffect: 0.05 }, { minEffect: 0 }],
    });
    expect(compared[0]!.config).toEqual([
      { field: "/generator/file", baseline: "half.jsonl", candidate: "good.jsonl" },
    ]);
    const text = (await compare("sixty/half", "sixty/good", "sixty/bad")).stdout;
    expect(text).toMatch(
      /candidate {2}The good one[\s\S]*EM +closed-book .* 30\/30\/0 +better[\s\S]*candidate {2}The bad one[\s\S]* worse/,
    );
  });

  it("says of what judges score how far they were measured against people, in every format", async () => {
    const { folder, compare } = await ran();
    const grades = Object.fromEntries(QUESTIONS.map((q, i) => [`${q} closed-book`, [i % 4, 2] as const]));
    for (const run of await readdir(join(folder, "runs"))) await judgeRun(join(folder, "runs", run), grades);
    const format = async (name: string) =>
      (await compare("sixty/half", "sixty/good", "--format", name)).stdout.replaceAll("&#58;", ":");
    for (const name of ["text", "markdown"])
      expect(await format(name)).toMatch(/^(?:- )?j\/composite, j\/correctness, j\/clear: uncalibrated$/m);
    expect(await format("csv")).toMatch(/,j\/correctness,.*,uncalibrated\r\n/);
    expect(await format("csv")).toMatch(/,EM,.*,better,,\r\n/);
    expect(JSON.parse(await format("json"))).toMatchObject([
      { judged: [{ judge: { id: "j", calibration: { state: "uncalibrated" } } }, {}, {}] },
    ]);
  });

  it("lists flips with both answers, hostile ones visible, worst first", async () => {
    const { compare } = await ran();
    const { stdout } = await compare("sixty/good", "sixty/half", "--flips", "--most", "2");
    expect(stdout).not.toMatch(/[\u202e\u001b]/);
    expect(stdout).toContain("EM closed-book: 30 worse, 0 better; the largest losses first");
    expect(stdout).toContain(
      [
        "q1  What of q1?",
        "  reference  number 1",
        "  baseline   1.000  number 1",
        "  candidate  .000  \\u202eevil\\u001b[2J of half",
      ].join("\n"),
    );
    expect(stdout).toContain("28 more; --most lists more of them");
    const csv = (await compare("sixty/good", "sixty/half", "--by", "F1", "--format", "csv")).stdout;
    expect(csv.split("\r\n")).toHaveLength(1 + 20 + 1);
    expect(csv).toContain("closed-book,F1,q1,");
  });

  it("takes metrics and contexts by name, and names the nearest of one that is not there", async () => {
    const { compare } = await ran();
    const one = await compare("sixty/bad", "sixty/half", "-m", "EM", "-c", "closed-book", "--format", "csv");
    expect(one.stdout.trimEnd().split("\r\n")).toHaveLength(2);
    const none = await compare("sixty/bad", "sixty/half", "-m", "EN");
    expect(none).toMatchObject({ exitCode: 3, stdout: "" });
    expect(none.stderr).toMatch(/E_COMPARE_METRIC[\s\S]*did you mean "EM"\?/);
  });

  it("refuses one run twice, one alone, and an unknown one", async () => {
    const { compare } = await ran();
    const twice = await compare("sixty/bad", "sixty/bad");
    expect(twice).toMatchObject({ exitCode: 2, stdout: "" });
    expect(twice.stderr).toContain("E_COMPARE_SAME");
    expect((await compare("sixty/bad")).exitCode).toBe(2);
    const unknown = await compare("sixty/bad", "sixty/god");
    expect(unknown.exitCode).toBe(3);
    expect(unknown.stderr).toContain('did you mean "sixty/good"?');
  });

  it("refuses other questions, and compares those that both were asked with --shared", async () => {
    const other = await starterProject(FILES);
    await runCli(["run", "-b", "sixty", "-s", "half", "--quiet"], other);
    await runCli(["run", "-b", "sixty", "-s", "good", "--limit", "20", "--quiet"], other);
    const refused = await runCli(["compare", "sixty/half", "sixty/good"], other);
    expect(refused).toMatchObject({ exitCode: 3, stdout: "" });
    expect(refused.stderr).toMatch(
      /E_COMPARE_QUERIES[\s\S]*60 questions \(only there: "q\d+", [\s\S]* and 37 more[\s\S]*--shared/,
    );
    const shared = await runCli(["compare", "sixty/half", "sixty/good", "--shared"], other);
    expect(shared.exitCode).toBe(0);
    expect(shared.stdout).toContain(
      "only the 20 questions that both were asked are compared (baseline 60, candidate 20)",
    );

    // Ids that have become other questions pair nothing.
    const queries = join(other, "datasets/sixty/queries.jsonl");
    await writeFile(queries, (await readFile(queries, "utf8")).replaceAll("What of ", "What else of "));
    await runCli(["run", "-b", "sixty", "-s", "good", "--limit", "20", "--quiet"], other);
    const changed = await runCli(["compare", "sixty/half", "sixty/good", "--shared"], other);
    expect(changed.exitCode).toBe(3);
    expect(changed.stderr).toMatch(/E_COMPARE_QUESTION|E_COMPARE_DATASET/);
  });

  it("refuses a run that was edited after it ended", async () => {
    const other = await starterProject(FILES);
    await runCli(["run", "-b", "sixty", "-s", "good,bad", "--quiet"], other);
    const [run] = (await readdir(join(other, "runs"))).filter((name) => name.startsWith("sixty-bad-"));
    const log = join(other, "runs", run!, "run.jsonl");
    await writeFile(log, (await readFile(log, "utf8")).replace('"value":0', '"value":1'));
    expect(await runCli(["compare", "sixty/good", "sixty/bad"], other)).toMatchObject({ exitCode: 3, stdout: "" });
  });
});

describe("bench run --baseline", () => {
  it("ends with the comparison, on standard error beside tables for programs", async () => {
    const { folder } = await ran();
    const args = ["run", "-b", "sixty", "-s", "good", "--baseline", "sixty/bad", "--quiet"];
    const { exitCode, stdout } = await runCli(args, folder);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/baseline {3}The bad one[\s\S]*EM +closed-book .* better/);
    const json = await runCli([...args, "--format", "json"], folder);
    expect(() => JSON.parse(json.stdout)).not.toThrow();
    expect(json.stderr).toMatch(/candidate {2}The good one/);
  });

  it("that is not there is told before anything is asked", async () => {
    const { folder } = await ran();
    const { exitCode, stderr } = await runCli(
      ["run", "-b", "sixty", "-s", "good", "--fresh", "--baseline", "sixty/best"],
      folder,
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain("E_RUN_UNKNOWN");
    expect((await readdir(join(folder, "runs"))).filter((name) => name.startsWith("sixty-good"))).toHaveLength(1);
  });
});

describe("bench report", () => {
  it("builds a compare page for every pair, and leads to a pinned baseline", async () => {
    const { folder } = await ran();
    const built = await runCli(["report", "--baseline", "sixty/half"], folder);
    expect(built.exitCode).toBe(0);
    const pages = (await readdir(join(folder, "site/compare"), { recursive: true })).filter((path) =>
      path.endsWith(".html"),
    );
    expect(pages).toHaveLength(3);
    expect(pages.filter((path) => path.startsWith("sixty-half-"))).toHaveLength(2);
  });
});
