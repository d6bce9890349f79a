import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { completion, faultServer, json } from "../../system/testing/fault-server.ts";
import { decliningJudge, decliningProject, SUITE } from "../testing/declining-project.ts";
import { runCli } from "../testing/run-cli.ts";
import { endpointSystem, starterProject } from "../testing/starter-project.ts";

// Some command lines in a row, each with a server to ask.
vi.setConfig({ testTimeout: 120_000 });

const RUN = ["run", "--system", "made", "--quiet"];
const NOWHERE = { JUDGE_URL: "http://127.0.0.1:9/v1" };
const CHECK = ["refusal", "check", "--labels", "labels.csv", "--format", "json"];
/** By people: one that hedges declined after all, one that says alas did not. */
const LABELS = [
  "id,refused",
  "right-1,no",
  "wrong,no",
  "hedged,yes",
  "over,yes",
  "declined-1,no",
  "flagged,yes",
  "gone,no",
];
const TEXTS = [
  "id,question,answer,refused",
  "a,What of it?,Alas it is not there,yes",
  "b,What of it?,four,no",
  "c,What of it?,I don't know,yes",
  "d,What of it?,Alas! It is five.,no",
];
const lines = (rows: readonly string[]) => `${rows.join("\n")}\n`;
const confusionOf = (stdout: string) => JSON.parse(stdout).detectors[0].check;

describe("bench refusal check with a judge", () => {
  it("measures what it said of a run's answers, against labels that name them; nobody is asked", async () => {
    const root = await decliningProject();
    await using server = await faultServer(decliningJudge());
    await runCli(RUN, root, { env: { JUDGE_URL: server.url } });
    const asked = server.seen.length;
    await writeFile(join(root, "labels.csv"), lines(LABELS));
    const { exitCode, stdout, stderr } = await runCli([...CHECK, "--run", "tiny/made"], root);
    expect(exitCode, stderr).toBe(0);
    expect(confusionOf(stdout)).toMatchObject({
      ...{ n: 6, undecided: 0, missed: [{ id: "hedged", text: "I don't know, but it is one", rule: "none" }] },
      confusion: { refusalFlagged: 2, refusalMissed: 1, answerFlagged: 1, answerPassed: 2 },
      false: [{ id: "declined-1", rule: "judge: declines-yes-no" }],
    });
    expect(stderr).toContain("1 labels are of no answer of the run");
    expect(server.seen.length).toBe(asked);
    const twice = await runCli([...CHECK, "--run", "tiny/made", "--suite", "tiny"], root);
    expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining("either --suite or --run")]);
  });

  it("leaves answers without a verdict out and counts them; wrong labels are told before anything is measured", async () => {
    const root = await decliningProject();
    await runCli(RUN, root, { env: NOWHERE });
    await writeFile(join(root, "labels.csv"), lines(LABELS));
    const run = [...CHECK, "--run", "tiny/made"];
    const { stdout, stderr } = await runCli(run, root);
    expect(confusionOf(stdout)).toMatchObject({ n: 1, undecided: 5, confusion: { refusalFlagged: 1 } });
    expect(stderr).toContain("next: bench judge run --judge declines-yes-no tiny-made");
    const text = await runCli([...run.slice(0, 4), "--run", "tiny/made"], root);
    expect(text.stdout).toContain("no verdict on 5 more labelled answers: they are in no figure");
    for (const [labels, code, exit] of [
      [["id,refused", "over,yes", "over,no"], "one label of each answer", 3],
      [["id,refused", "elsewhere,yes"], "none of run tiny-made", 3],
      [["id,condition,refused", "over,rag@3,yes"], "E_CONDITION", 2],
      [["id,refused", "over,perhaps"], "true or false", 3],
    ] as const) {
      await writeFile(join(root, "labels.csv"), lines(labels));
      const bad = await runCli(run, root);
      expect([bad.exitCode, bad.stderr]).toEqual([exit, expect.stringContaining(code)]);
    }
  });

  it("asks the judge of a suite about labelled texts, and keeps to --max-cost", async () => {
    const root = await decliningProject();
    await writeFile(join(root, "labels.csv"), lines(TEXTS));
    await using server = await faultServer(
      decliningJudge((answer) => (answer === "four" ? completion("perhaps") : undefined)),
    );
    const env = { JUDGE_URL: server.url };
    const { exitCode, stdout, stderr } = await runCli([...CHECK, "--suite", "tiny"], root, { env });
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout).detectors[0].detector).toBe("The judge declines-yes-no");
    expect(confusionOf(stdout)).toMatchObject({
      ...{ n: 3, undecided: 1, missed: [{ id: "c" }], false: [{ id: "d" }] },
      confusion: { refusalFlagged: 1, refusalMissed: 1, answerFlagged: 1, answerPassed: 0 },
    });
    const before = server.seen.length;
    const limited = await runCli([...CHECK, "--suite", "tiny", "--max-cost", "1"], root, { env });
    expect([limited.exitCode, server.seen.length, limited.stderr]).toEqual([
      2,
      before,
      expect.stringContaining("E_COST_UNKNOWN"),
    ]);
    const untitled = TEXTS.map((row) => row.replace("What of it?", ""));
    await writeFile(join(root, "labels.csv"), lines(untitled));
    const silent = await runCli([...CHECK, "--suite", "tiny"], root, { env });
    expect([silent.exitCode, silent.stderr]).toEqual([
      3,
      expect.stringContaining("the question, which the judge sees"),
    ]);
  });

  it("ends with 4 where the judge's server fails on everything, and with 3 for a judge that must see more", async () => {
    const root = await decliningProject();
    await writeFile(
      join(root, "labels.csv"),
      lines([TEXTS[0]!, ...Array.from({ length: 12 }, (_, i) => `q${i},Why?,four,no`)]),
    );
    await using server = await faultServer((response, request) =>
      request.path.endsWith("/models")
        ? json({ data: [{ id: "judge" }] })(response, request)
        : void response.writeHead(403).end("{}"),
    );
    const yaml = join(root, "judges/declines-yes-no/judge.yaml");
    const written = await readFile(yaml, "utf8");
    await writeFile(yaml, written.replace("max_tokens: 200", "max_tokens: 200\n  max_attempts: 1"));
    const down = await runCli([...CHECK, "--suite", "tiny"], root, { env: { JUDGE_URL: server.url } });
    expect([down.exitCode, down.stderr]).toEqual([4, expect.stringContaining("E_")]);
    expect(down.stdout).toBe("");
    await writeFile(yaml, written.replace("sees: [question, history]", "sees: [question, history, passages]"));
    const seeing = await runCli([...CHECK, "--suite", "tiny"], root, { env: { JUDGE_URL: server.url } });
    expect([seeing.exitCode, seeing.stderr]).toEqual([3, expect.stringContaining("sees passages too")]);
  });
});

describe("a probe on a suite whose refusals a judge decides", () => {
  it("is judged at its end too; without the judge its false answers are nobody's", async () => {
    const root = await starterProject({
      "benchmarks/example/suite.yaml":
        "dataset: example\nconditions: [rag@1]\nmetrics: [F1]\nrefusal: { judge: declines-yes-no }\n",
      "benchmarks/systems/alas.yaml": endpointSystem(),
    });
    await runCli(["judge", "init", "declines-yes-no"], root);
    const judge = decliningJudge();
    await using server = await faultServer((response, request) => {
      if (request.path.endsWith("/models")) return json({ data: [{ id: "m" }, { id: "judge" }] })(response, request);
      const judging = JSON.stringify(request.body).includes("<answer>");
      return judging ? judge(response, request) : completion("Alas, not here.")(response, request);
    });
    const probe = ["probe", "distractors", "alas", "--count", "0", "--drop-oracle", "--limit", "3", "--format", "json"];
    const down = await runCli(probe, root, { env: { URL: server.url, ...NOWHERE } });
    expect([down.exitCode, down.stderr]).toEqual([4, expect.stringContaining("is finished and kept")]);
    const up = await runCli(probe, root, { env: { URL: server.url, JUDGE_URL: server.url } });
    expect(up.exitCode, up.stderr).toBe(0);
    const falseAnswers = (stdout: string) => {
      const { columns, rows } = JSON.parse(stdout);
      const at = columns.findIndex(({ name }: { name: string }) => name === "FalseAnswer");
      return rows.flatMap(({ estimates }: { estimates: (object | null)[] }) => estimates[at] ?? []);
    };
    // Without the gold the system declines three times; nobody but the judge knows its words.
    expect(falseAnswers(down.stdout)).toMatchObject([{ state: "not-estimable", n: 0, unscored: 3 }]);
    expect(falseAnswers(up.stdout)).toMatchObject([{ state: "estimated", mean: 0, n: 3, unscored: 0 }]);
  });

  it("a suite's own rules are needed where nothing is kept to be judged: ask says so, a sweep of answers is refused", async () => {
    const root = await starterProject({
      "benchmarks/example/suite.yaml":
        "dataset: example\nconditions: [rag@1]\nmetrics: [R@1, F1]\nrefusal: { judge: declines-yes-no }\n",
      "benchmarks/systems/alas.yaml": endpointSystem(),
    });
    await using server = await faultServer((response, request) =>
      request.path.endsWith("/models")
        ? json({ data: [{ id: "m" }] })(response, request)
        : completion("I don't know.")(response, request),
    );
    const env = { URL: server.url };
    const asked = await runCli(["ask", "How hot?", "--system", "alas", "--suite", "example"], root, { env });
    expect(asked.stdout).toContain("Answer (whether a refusal, not asked here: judge: declines-yes-no)");
    const swept = await runCli(["sweep", "alas", "--suite", "example", "--topk", "1,2", "--answers"], root, { env });
    expect([swept.exitCode, swept.stderr]).toEqual([2, expect.stringContaining("E_SWEEP_JUDGE")]);
  });
});

describe("what else reads a run whose refusals a judge decides", () => {
  const GATED = `gate: { RefusalRecall: { at_least: 0.1, point: true } }\ngate_limits: { refusal_shift: 0.9, unscored: 0.5 }\n`;

  it("a gated refusal figure passes once people vouch for the judge; without verdicts nothing can be told", async () => {
    const root = await decliningProject(SUITE, GATED);
    await using server = await faultServer(decliningJudge());
    const env = { JUDGE_URL: server.url };
    const gate = ["gate", "tiny/made", "tiny/made"];
    await runCli(RUN, root, { env: NOWHERE });
    const open = await runCli([...gate, "--strict"], root);
    expect(open.stdout).toContain("declines-yes-no has not said whether they are refusals");
    expect(open.exitCode).toBe(1);
    await runCli(RUN, root, { env });
    const uncalibrated = await runCli(gate, root);
    expect(uncalibrated.stdout).toMatch(
      /^gate: cannot tell\n[\s\S]*judge declines-yes-no was not compared with people/,
    );
    const [run] = await readdir(join(root, "runs"));
    const [file] = await readdir(join(root, "runs", run!, "grades"));
    const grades = (await readFile(join(root, "runs", run!, "grades", file!), "utf8")).trim().split("\n").slice(1, -1);
    const labels = grades.map((text) => {
      const { query, condition, trial, scores } = JSON.parse(text);
      return JSON.stringify({ query, condition, trial, rater: "anna", score: scores.declines });
    });
    await writeFile(join(root, "labels.jsonl"), lines(labels));
    const calibrated = await runCli(["calibrate", "--resamples", "200", "--labels", "labels.jsonl"], root, { env });
    expect(calibrated.exitCode, calibrated.stderr).toBe(0);
    const { stdout } = await runCli([...gate, "--format", "json"], root);
    const { checks } = JSON.parse(stdout) as { checks: { of: string; verdict: string; judge?: { state: string } }[] };
    expect(checks.map(({ of, judge }) => [of, judge?.state])).toEqual([
      ["metric", "calibrated"],
      ["refusals", "calibrated"],
    ]);
    expect(checks[0]!.verdict).toBe("pass");
    const shown = await runCli(["show"], root);
    const words = shown.stdout.replace(/\s+/g, " ");
    expect(words).toContain(
      "depends on what declines-yes-no takes for refusals; calibrated: exact 1.000, κ 1.000, n 11",
    );
    expect(shown.stdout).not.toContain("(uncalibrated)");
  });

  it("exports, tables and the log say what is not decided, and the site is built", async () => {
    const root = await decliningProject();
    await runCli(RUN, root, { env: NOWHERE });
    await runCli(["export", "tiny/made", "--as", "jsonl", "--out", "rows.jsonl"], root);
    const rows = (await readFile(join(root, "rows.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((row) => JSON.parse(row));
    expect(rows.map(({ state }) => state).sort()).toEqual(
      [...new Array(2).fill("refused"), ...new Array(9).fill("undecided")].sort(),
    );
    expect(rows.find(({ query }) => query === "over")).toMatchObject({ "Coverage state": "not-judged" });
    const raw = await runCli(["log", "show", "tiny/made", "--query", "over", "--format", "json"], root);
    expect(JSON.parse(raw.stdout)).toHaveProperty("ifRefused");
    const csv = await runCli(["show", "--format", "csv"], root);
    expect(csv.stdout).toContain(",not_judged,no_verdict");
    expect((await runCli(["show", "--format", "markdown"], root)).stdout).toContain("| 2, 9 not judged |");
    const site = await runCli(["report"], root);
    expect(site.exitCode, site.stderr).toBe(0);
    const board = await readFile(join(root, "site/index.html"), "utf8");
    expect(board).toContain("depends on what declines-yes-no takes for refusals; uncalibrated");
    expect(board).toContain("9 not judged");
    // The badge leads to a page that is there, though nothing was graded yet.
    const [, href = ""] = /class="badge" href="([^"]+)"/.exec(board) ?? [];
    expect(await readFile(join(root, "site", href), "utf8")).toContain("declines-yes-no");
  });
});
