import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Corrections, readScores } from "../../runlog/index.ts";
import { completion, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const models: Reply = json({ data: [{ id: "judge" }] });
/** Says YES to all but every so manyth answer. */
function judging(every: number): Reply {
  let asked = 0;
  return (response, request) => {
    if (request.path.endsWith("/models")) return models(response, request);
    asked += 1;
    return completion(JSON.stringify({ reason: "r", correct: asked % every === 0 ? "NO" : "YES" }))(response, request);
  };
}

/** The same of two criteria. */
function judgingTwo(every: number): Reply {
  let asked = 0;
  return (response, request) => {
    if (request.path.endsWith("/models")) return models(response, request);
    asked += 1;
    const correct = asked % every === 0 ? "NO" : "YES";
    return completion(JSON.stringify({ reason: "r", correct, clear: correct }))(response, request);
  };
}

interface Graded {
  readonly query: string;
  readonly condition: string;
  readonly trial: number;
  readonly scores: { readonly correct: number };
}

/** A project whose run two judges have graded, and labels of every second answer that follow the first judge but for some. */
async function setUp() {
  await using server = await faultServer(judging(3));
  await using other = await faultServer(judging(2));
  const root = await starterProject();
  await runCli(["run", "--system", "bm25-reader", "--topk", "1,3", "--quiet"], root);
  for (const [judge, url] of [
    ["correct-yes-no", server.url],
    ["strict", other.url],
  ] as const) {
    await runCli(["judge", "init", "correct-yes-no", "--as", judge], root);
    const file = join(root, "judges", judge, "judge.yaml");
    await writeFile(file, `${await readFile(file, "utf8")}\nsystem_prompt: ${judge}\n`);
    const graded = await runCli(["judge", "run", "-j", judge, "example/bm25-reader", "--quiet"], root, {
      env: { JUDGE_URL: url },
    });
    if (graded.exitCode !== 0) throw new Error(graded.stderr);
  }
  const [run] = await readdir(join(root, "runs"));
  const folder = join(root, "runs", run!, "grades");
  const name = (await readdir(folder)).find((file) => file.startsWith("correct-yes-no"))!;
  const lines = (await readFile(join(folder, name), "utf8")).trim().split("\n").slice(1, -1);
  const grades = lines.map((line) => JSON.parse(line) as Graded);
  const rows = grades.flatMap(({ query, condition, trial, scores }, at) =>
    at % 4 === 3
      ? []
      : [{ query, condition, trial, rater: "anna", score: at % 5 === 0 ? 1 - scores.correct : scores.correct }],
  );
  await writeFile(join(root, "labels.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const bench = (...argv: string[]) => runCli(["judge", ...argv, "--labels", "labels.jsonl"], root);
  return { root, folder, name, rows, grades, bench };
}

describe("bench judge correct", () => {
  it("keeps raw and corrected means with the hashes of log, judge and labels, for tables and pages", async () => {
    const { root, folder, name, rows, grades, bench } = await setUp();
    const dry = await bench("correct", "-j", "correct-yes-no", "--dry-run");
    expect(dry).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("nothing was kept") });
    expect((await readdir(folder)).filter((file) => file.endsWith(".json"))).toEqual([]);
    const { stdout, exitCode } = await bench("correct", "-j", "correct-yes-no", "example/bm25-reader");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Rogan–Gladen");
    expect(stdout).toContain("random part of all");
    const kept: Corrections = JSON.parse(
      await readFile(join(folder, name.replace(".jsonl", ".corrected.json")), "utf8"),
    );
    const head = JSON.parse((await readFile(join(folder, name), "utf8")).split("\n")[0]!);
    expect(kept).toMatchObject({ log: head.log, judge: { id: "correct-yes-no", sha256: head.judge.sha256 } });
    expect(kept.labels.files).toMatchObject([
      { name: "labels.jsonl", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(kept.means.reduce((n, { labels }) => n + labels, 0)).toBe(rows.length);
    const own = grades.filter(({ condition }) => condition === "rag@1");
    expect(kept.means.find(({ condition }) => condition === "rag@1")!.judge).toBeCloseTo(
      own.reduce((sum, { scores }) => sum + scores.correct, 0) / own.length,
      12,
    );
    const shown = await runCli(["show"], root);
    expect(shown.stdout).toContain("corrected by people");
    expect(shown.stdout).toContain("correct-yes-no/correct (uncalibrated)");
    await runCli(["report"], root);
    expect(await readFile(join(root, "site", "index.html"), "utf8")).toMatch(/corrected [.\d]+ \[/);
  });

  it("tells the answers of several systems apart by the labels' column `system`", async () => {
    await using server = await faultServer(judging(3));
    const root = await starterProject();
    const systems = join(root, "benchmarks", "systems");
    await writeFile(join(systems, "other.yaml"), await readFile(join(systems, "bm25-reader.yaml"), "utf8"));
    await runCli(["run", "--system", "bm25-reader,other", "--topk", "1", "--quiet"], root);
    await runCli(["judge", "init", "correct-yes-no"], root);
    const env = { JUDGE_URL: server.url };
    await runCli(["judge", "run", "-j", "correct-yes-no", "example/bm25-reader", "example/other", "-q"], root, { env });
    const [run] = await readdir(join(root, "runs"));
    // Of the answers that did not decline: those the judge graded.
    const [grades] = await readdir(join(root, "runs", run!, "grades"));
    const text = await readFile(join(root, "runs", run!, "grades", grades!), "utf8");
    const asked = text.trim().split("\n").slice(1, -1);
    const rows = ["bm25-reader", "other"].flatMap((system) =>
      asked.map((line, at) => {
        const { query } = JSON.parse(line) as Graded;
        return { system, query, condition: "rag@1", rater: "anna", score: system === "other" ? (at + 1) % 3 : at % 2 };
      }),
    );
    const labels = rows.map((row) => ({ ...row, score: Math.min(1, row.score) }));
    await writeFile(join(root, "labels.jsonl"), labels.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const both = await runCli(["judge", "correct", "-l", "labels.jsonl", "--format", "json"], root);
    expect(both).toMatchObject({ exitCode: 0 });
    const means = new Map(
      (JSON.parse(both.stdout) as Corrections[]).map(({ run: name, means: [mean] }) => [
        name.includes("other") ? "other" : "bm25-reader",
        mean!.labelsAlone,
      ]),
    );
    for (const system of ["bm25-reader", "other"]) {
      const own = labels.filter((row) => row.system === system).map(({ score }) => score);
      const value = own.reduce((sum: number, score) => sum + score, 0) / own.length;
      expect(means.get(system)).toMatchObject({ value: expect.closeTo(value, 12), n: own.length });
    }
    expect(new Set(Array.from(means.values(), (mean) => JSON.stringify(mean))).size).toBe(2);
    const argv = ["calibrate", "-l", "labels.jsonl", "--run", "example/other", "--dry-run", "--resamples", "99"];
    expect((await runCli(argv, root)).stderr).toContain(`${asked.length} rows of "bm25-reader"`);
  });

  it("is not shown any more when the judge has graded anew as another version", async () => {
    const { root, bench } = await setUp();
    await bench("correct", "-j", "strict");
    expect((await runCli(["show"], root)).stdout).toContain("corrected by people");
    const file = join(root, "judges", "strict", "judge.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("system_prompt: strict", "system_prompt: stricter"));
    expect(await bench("correct", "-j", "strict")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("E_NOT_GRADED"),
    });
    await using server = await faultServer(judging(4));
    await runCli(["judge", "run", "-j", "strict", "example/bm25-reader", "-q"], root, {
      env: { JUDGE_URL: server.url },
    });
    expect((await runCli(["show"], root)).stdout).not.toContain("corrected by people");
  });

  it("refuses two runs of one system, and labels of nothing that was graded", async () => {
    const { root, bench } = await setUp();
    const [run] = await readdir(join(root, "runs"));
    expect(await bench("correct", "-j", "strict", run!, run!)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("E_RUN_TWICE"),
    });
    await writeFile(join(root, "labels.jsonl"), "");
    expect(await bench("correct", "-j", "strict")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("E_LABEL_NONE"),
    });
  });
});

describe("bench judge plan", () => {
  it("says how many labels a mean needs, with the judge and alone", async () => {
    const { bench } = await setUp();
    const text = await bench("plan", "-j", "correct-yes-no", "--target-width", "0.9");
    expect(text).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("labels with the judge") });
    expect(text.stderr).toContain("fewer than 50 labels");
    const { stdout } = await bench("plan", "-j", "correct-yes-no", "--target-width", "0.001", "--format", "json");
    const { means } = JSON.parse(stdout) as {
      means: { needed: { state: string; labelsAlone: number; withJudge?: number } }[];
    };
    expect(means.length).toBeGreaterThan(0);
    for (const { needed } of means.filter((mean) => mean.needed.state === "known")) {
      expect(needed.labelsAlone).toBeGreaterThan(1000);
      expect(needed.withJudge).toBeUndefined();
    }
    expect(await bench("plan", "-j", "strict", "--target-width", "0")).toMatchObject({ exitCode: 2 });
  });
});

describe("bench judge compare", () => {
  it("ranks judges on the same labelled answers", async () => {
    const { bench, rows } = await setUp();
    const { stdout, exitCode } = await bench(
      "compare",
      "strict",
      "correct-yes-no",
      "--by",
      "exact",
      "--resamples",
      "199",
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`correct: 2 judges on ${rows.length} labelled answers`);
    expect(stdout.indexOf("correct-yes-no  ")).toBeLessThan(stdout.indexOf("strict  "));
    const asJson = await bench("compare", "strict", "correct-yes-no", "--format", "json", "--resamples", "199");
    expect(JSON.parse(asJson.stdout)).toMatchObject({ by: "kappa", judges: [{ verdict: "best" }, { group: 1 }] });
  });

  it("takes a file of labels that are of more criteria of the judges than the one compared", async () => {
    await using server = await faultServer(judgingTwo(3));
    await using other = await faultServer(judgingTwo(2));
    const root = await starterProject();
    await runCli(["run", "--system", "bm25-reader", "--topk", "1", "--quiet"], root);
    for (const [judge, url] of [
      ["first", server.url],
      ["second", other.url],
    ] as const) {
      await runCli(["judge", "init", "correct-yes-no", "--as", judge], root);
      const file = join(root, "judges", judge, "judge.yaml");
      const text = await readFile(file, "utf8");
      const [criterion] = /^ {2}- id: correct\n(?: {4,}.*\n)+/m.exec(text)!;
      const two = text.replace(criterion, criterion + criterion.replace("id: correct", "id: clear"));
      await writeFile(file, two.replace(/^thresholds:.*\n/m, ""));
      const argv = ["judge", "run", "-j", judge, "example/bm25-reader", "--quiet"];
      expect(await runCli(argv, root, { env: { JUDGE_URL: url } })).toMatchObject({ exitCode: 0 });
    }
    const [run] = await readdir(join(root, "runs"));
    const { queries } = await readScores(join(root, "runs", run!));
    const rows = queries.flatMap((query, at) =>
      ["correct", "clear"].map((criterion) => ({ query, condition: "rag@1", rater: "anna", criterion, score: at % 2 })),
    );
    await writeFile(join(root, "labels.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    for (const criterion of ["correct", "clear"]) {
      const argv = ["judge", "compare", "first", "second", "--criterion", criterion, "--by", "exact"];
      const compared = await runCli([...argv, "--resamples", "99", "--labels", "labels.jsonl"], root);
      expect(compared).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`${criterion}: 2 judges on`) });
      expect(compared.stderr).not.toContain("E_LABEL");
    }
  });

  it("refuses one judge, another scale, a criterion that not all have, and judges of different runs", async () => {
    const { root, bench } = await setUp();
    expect(await bench("compare", "strict")).toMatchObject({ exitCode: 2 });
    expect((await bench("compare", "strict", "correct-yes-no", "--criterion", "style")).stderr).toContain(
      "one of correct",
    );
    await runCli(["judge", "init", "answer-0-3"], root);
    expect((await bench("compare", "strict", "answer-0-3")).stderr).toContain("a criterion in common");
    await runCli(["judge", "init", "correct-yes-no", "--as", "idle"], root);
    expect(await bench("compare", "strict", "idle")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("E_NOT_GRADED"),
    });
  });
});
