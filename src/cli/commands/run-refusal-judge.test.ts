import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { completion, faultServer } from "../../system/testing/fault-server.ts";
import { decliningJudge, decliningProject, logLines, meansOf, SUITE } from "../testing/declining-project.ts";
import { runCli } from "../testing/run-cli.ts";

// Some command lines in a row, each with a server to ask.
vi.setConfig({ testTimeout: 120_000 });

const RUN = ["run", "--system", "made"];
const JSON_TABLE = [...RUN, "--format", "json"];
const NOWHERE = { JUDGE_URL: "http://127.0.0.1:9/v1" };
/** Of 11 answers: 7 to answerable questions, two of them declined; of the 4 others one was given. */
const FIGURES = {
  ...{ Coverage: 6 / 11, AnswerPrecision: 3 / 6, RefusalPrecision: 3 / 5, RefusalRecall: 3 / 4 },
  ...{ OverRefusal: 2 / 7, FalseAnswer: 1 / 4, EM: 6 / 11 },
};

type Cell = { readonly metric: string; readonly judged?: { readonly bounds?: object } };

function expectFigures(summary: string): void {
  const means = meansOf(summary);
  for (const [metric, mean] of Object.entries(FIGURES)) expect(means.get(metric), metric).toBeCloseTo(mean, 12);
}

describe("bench run on a suite whose refusals a judge decides", () => {
  it("has the answers judged at its end, and its word is in every figure, with its calibration beside", async () => {
    const root = await decliningProject();
    await using server = await faultServer(decliningJudge());
    const env = { JUDGE_URL: server.url };
    const { exitCode, stdout, stderr } = await runCli(JSON_TABLE, root, { env });
    expect(stderr).toContain("declines-yes-no on tiny-made");
    expect(exitCode).toBe(0);
    expectFigures(stdout);
    const asked = server.seen.length;
    const text = (await runCli(RUN, root, { env })).stdout;
    expect(text).toContain("RefusalPrecision (uncalibrated)");
    expect(text.replace(/\s+/g, " ")).toContain("depends on what declines-yes-no takes for refusals; uncalibrated");
    expect(text).not.toContain("not judged");
    // A finished run whose answers are all judged asks nobody again.
    expect(server.seen.length).toBe(asked);
    const [manifest, ...lines] = await logLines(root);
    expect(manifest).toMatchObject({ schema: 2, refusalJudge: { id: "declines-yes-no", criterion: "declines" } });
    const by = new Map(lines.map((line) => [line.query, line]));
    expect(by.get("over")).toMatchObject({
      refusedBy: "judge: declines-yes-no",
      ifRefused: { Coverage: { value: 0 } },
    });
    expect(by.get("over")).not.toHaveProperty("refused");
    expect(by.get("flagged")).toMatchObject({ refused: true, refusedBy: "system" });
    expect(by.get("empty")).toMatchObject({ refused: true, refusedBy: "empty" });
  });

  it("without the judge keeps the answers, counts what is not judged, and goes on when the judge is there", async () => {
    const root = await decliningProject();
    const down = await runCli(JSON_TABLE, root, { env: NOWHERE });
    expect(down.exitCode).toBe(4);
    expect(down.stderr).toMatch(/is finished and kept.*bench judge run --judge declines-yes-no tiny-made/);
    const before = meansOf(down.stdout);
    // What the system itself declined is known; a coverage of those alone would be 0.
    for (const metric of Object.keys(FIGURES)) expect(before.get(metric), metric).toBe("not judged by declines-yes-no");
    expect(JSON.parse(down.stdout).suites[0].tables[0].parts[0].rows[0]).toMatchObject({
      ...{ refused: 2, notJudged: 9, noVerdict: 0, refusals: { judge: "declines-yes-no", notJudged: 9 } },
    });
    const shown = await runCli(["show"], root);
    expect(shown.stdout).toContain("2, 9 not judged");
    expect(shown.stdout).toMatch(/answers whose refusal is unknown, by the judge declines-yes-no: 9 not judged/);
    await using server = await faultServer(decliningJudge());
    const up = await runCli(JSON_TABLE, root, { env: { JUDGE_URL: server.url } });
    expect(up.exitCode).toBe(0);
    expectFigures(up.stdout);
    expect(await readdir(join(root, "runs"))).toHaveLength(1);
  });

  it("counts a verdict that is none apart, never as refusal or answer", async () => {
    const root = await decliningProject();
    await using server = await faultServer(
      decliningJudge((answer) => (/blue|nothing is written/.test(answer) ? completion("Hard to say.") : undefined)),
    );
    const { exitCode, stdout, stderr } = await runCli(JSON_TABLE, root, { env: { JUDGE_URL: server.url } });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("2 without a verdict")]);
    expect(JSON.parse(stdout).suites[0].tables[0].parts[0].rows[0]).toMatchObject({
      refused: 4,
      notJudged: 0,
      noVerdict: 2,
    });
    const means = meansOf(stdout);
    // Without the wrong answer and one that declined.
    expect(means.get("Coverage")).toBeCloseTo(5 / 9, 12);
    expect(means.get("RefusalRecall")).toBeCloseTo(2 / 3, 12);
    // What the two may be at worst and at best, high or low being good.
    const { cells } = JSON.parse(stdout).suites[0].tables[0].parts[0].rows[0];
    const bounds = new Map(cells.map((cell: Cell) => [cell.metric, cell.judged?.bounds]));
    expect(bounds.get("Coverage")).toEqual({ worst: 5 / 11, best: 7 / 11, unscored: 2 });
    expect(bounds.get("OverRefusal")).toEqual({ worst: 3 / 7, best: 2 / 7, unscored: 1 });
    expect(bounds.get("EM")).toEqual({ worst: 5 / 11, best: 6 / 11, unscored: 1 });
    // A wrong answer to an answerable question is no exact match, whether it declines or not.
    expect(means.get("EM")).toBeCloseTo(5 / 10, 12);
    const show = await runCli(["log", "show", "tiny/made", "--query", "wrong"], root);
    expect(show.stdout).toContain("[whether refused: judge-failed, judge: declines-yes-no]");
  });

  it("survives a server that fails now and then, and an interruption: no answer is judged twice", async () => {
    const root = await decliningProject();
    const yaml = join(root, "judges/declines-yes-no/judge.yaml");
    await writeFile(
      yaml,
      (await readFile(yaml, "utf8")).replace("max_tokens: 200", "max_tokens: 200\n  concurrency: 1"),
    );
    const stop = new AbortController();
    const judged: string[] = [];
    let requests = 0;
    const well = decliningJudge((answer) => {
      judged.push(answer);
      return undefined;
    });
    await using server = await faultServer((response, request) => {
      if (request.path.endsWith("/models")) return well(response, request);
      requests += 1;
      if (requests === 2) return void response.writeHead(500).end("{}");
      if (requests === 4) return void response.socket?.destroy();
      if (requests === 6) stop.abort();
      return well(response, request);
    });
    const env = { JUDGE_URL: server.url };
    const stopped = await runCli(RUN, root, { env, signal: stop.signal });
    expect(stopped.exitCode).toBe(130);
    const { exitCode, stdout } = await runCli(JSON_TABLE, root, { env });
    expect(exitCode).toBe(0);
    expectFigures(stdout);
    expect(await readdir(join(root, "runs"))).toHaveLength(1);
    // Only the answer under way when it was stopped may be asked about again.
    expect(judged.length).toBeLessThanOrEqual(12);
    expect(new Set(judged).size).toBe(11);
  });

  it("takes the vote of a panel; where its members are divided there is no verdict", async () => {
    const root = await decliningProject({ ...SUITE, refusal: "refusal: { judge: both }" });
    await runCli(["judge", "init", "declines-yes-no", "--as", "strict"], root);
    const prompt = join(root, "judges/strict/prompt.hbs");
    await writeFile(prompt, `${await readFile(prompt, "utf8")}\nBe strict.\n`);
    await mkdir(join(root, "judges/both"));
    await writeFile(
      join(root, "judges/both/judge.yaml"),
      "kind: panel\nof: [declines-yes-no, strict]\nvote: majority\n",
    );
    const said = decliningJudge();
    const divided = decliningJudge((answer) =>
      answer.includes("nothing is written") ? completion(JSON.stringify({ reason: "", declines: "NO" })) : undefined,
    );
    await using server = await faultServer((response, request) =>
      (JSON.stringify(request.body).includes("Be strict") ? divided : said)(response, request),
    );
    const { exitCode, stdout, stderr } = await runCli(JSON_TABLE, root, { env: { JUDGE_URL: server.url } });
    expect(exitCode, stderr).toBe(0);
    const [row] = JSON.parse(stdout).suites[0].tables[0].parts[0].rows;
    expect(row).toMatchObject({ refused: 4, notJudged: 0, noVerdict: 1, refusals: { judge: "both" } });
    expect(meansOf(stdout).get("RefusalRecall")).toBeCloseTo(2 / 3, 12);
  });

  it("names the version of the judge: grades of another do not decide, and say so; a changed judge means another run", async () => {
    const root = await decliningProject();
    await using server = await faultServer(decliningJudge());
    const env = { JUDGE_URL: server.url };
    await runCli(JSON_TABLE, root, { env: NOWHERE });
    const prompt = join(root, "judges/declines-yes-no/prompt.hbs");
    await writeFile(prompt, `${await readFile(prompt, "utf8")}\nBe strict.\n`);
    const other = await runCli(["judge", "run", "-j", "declines-yes-no", "tiny/made"], root, { env });
    expect(other.exitCode).toBe(0);
    expect(other.stderr).toContain("these grades do not decide its refusals; bench run makes a run");
    expect(other.stdout).toMatch(/grades by another version of declines-yes-no \([0-9a-f]{8}\) do not decide/);
    expect(other.stdout).toContain("2, 9 not judged");
    expect((await runCli(JSON_TABLE, root, { env })).exitCode).toBe(0);
    const runs = await readdir(join(root, "runs"));
    expect(runs).toHaveLength(2);
    const compared = await runCli(["gate", ...runs.map((name) => join("runs", name))], root);
    expect(compared).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("/refusal/judge/sha256") });
  });

  it.each([
    ["an unknown judge", "refusal: { judge: declins-yes-no }", ["E_JUDGE_UNKNOWN", "declines-yes-no"]],
    ["a scale that is not yes or no", "refusal: { judge: answer-0-3 }", ["E_SUITE_JUDGE", "/refusal/judge", "0-3"]],
    ["a judge that is shown no refusals", "refusal: { judge: correct-yes-no }", ["refusals: judged", "E_SUITE_JUDGE"]],
    ["a judge of pairs", "refusal: { judge: pairwise }", ["E_SUITE_JUDGE", "it compares two"]],
    ["two detectors", "refusal: { judge: declines-yes-no, phrases: [no] }", ["E_SUITE", "a judge and phrases"]],
    ["a path", "refusal: { judge: ../../etc }", ["E_"]],
  ])("refuses %s before anything is asked", async (_, refusal, said) => {
    const root = await decliningProject({ ...SUITE, refusal });
    for (const id of ["answer-0-3", "correct-yes-no", "pairwise"]) await runCli(["judge", "init", id], root);
    const { exitCode, stderr } = await runCli(RUN, root, { env: NOWHERE });
    expect(exitCode).toBe(3);
    for (const words of said) expect(stderr).toContain(words);
    expect(await readdir(join(root, "runs")).catch(() => [])).toEqual([]);
  });

  it("--max-cost is for answers and verdicts together, and needs the judge's price before the first question", async () => {
    const root = await decliningProject();
    await using server = await faultServer(decliningJudge());
    const env = { JUDGE_URL: server.url };
    const none = await runCli([...RUN, "--max-cost", "1"], root, { env });
    expect([none.exitCode, server.seen.length]).toEqual([2, 0]);
    expect(none.stderr).toContain("none in prices.yaml");
    await writeFile(
      join(root, "prices.yaml"),
      "prices:\n  - { model: judge, on: 2026-05-31, input: 1000, output: 1000 }\n",
    );
    const yaml = join(root, "judges/declines-yes-no/judge.yaml");
    await writeFile(
      yaml,
      (await readFile(yaml, "utf8")).replace("max_tokens: 200", "max_tokens: 200\n  concurrency: 1"),
    );
    // 14 tokens at 1,000 USD a million: .014 USD a verdict.
    const some = await runCli([...RUN, "--max-cost", "0.05"], root, { env });
    expect(some.exitCode).toBe(130);
    expect(some.stderr).toContain("of --max-cost 0.05");
    expect(some.stdout).toContain("not judged");
    const all = await runCli([...JSON_TABLE, "--max-cost", "1"], root, { env });
    expect(all.exitCode).toBe(0);
    expectFigures(all.stdout);
    expect(server.seen.filter(({ path }) => path.endsWith("/chat/completions"))).toHaveLength(11);
  });

  it("--dry-run says what the judge would be asked, and asks nothing", async () => {
    const root = await decliningProject();
    await using server = await faultServer(decliningJudge());
    const env = { JUDGE_URL: server.url };
    const { exitCode, stdout } = await runCli([...RUN, "--dry-run"], root, { env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/then declines-yes-no on tiny-made-\w+: 11 grades to ask for/);
    expect(server.seen.every(({ path }) => path.endsWith("/models"))).toBe(true);
    const down = await runCli([...RUN, "--dry-run"], root, { env: NOWHERE });
    expect([down.exitCode, down.stdout]).toEqual([4, expect.stringContaining("its endpoint cannot be used")]);
  });
});
