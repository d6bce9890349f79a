import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { completion, type FaultServer, faultServer, json, silent } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { endpointSystem, starterProject } from "../testing/starter-project.ts";

const RUN = ["run", "--system", "endpoint", "--topk", "1"];
const MODELS = json({ data: [{ id: "m" }] });

/** Answers; the requests of these numbers (from 1) are refused. */
function serving(refused: readonly number[] = [], pauseMs = 0): Promise<FaultServer> {
  let asked = 0;
  return faultServer(async (response, request) => {
    if (request.method === "GET") return MODELS(response, request);
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const reply = refused.includes(asked) ? json({ error: { message: "no" } }, 400) : completion("four minutes");
    return reply(response, request);
  });
}

const asked = ({ seen }: FaultServer): number => seen.filter(({ method }) => method === "POST").length;
const project = (more = "concurrency: 1"): Promise<string> =>
  starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem(more) });

describe("bench run --retry-failed", () => {
  it("asks the one failed question again, in a new run that says so, and the table is of that run", async () => {
    await using server = await serving([4]);
    const folder = await project();
    const env = { URL: server.url };
    const first = await runCli(RUN, folder, { env });
    expect(first.exitCode).toBe(4);
    expect(first.stderr).toContain("--retry-failed");
    const again = await runCli([...RUN, "--retry-failed"], folder, { env });
    expect(again.exitCode).toBe(0);
    expect(asked(server)).toBe(10);
    const [, second] = (await readdir(join(folder, "runs"))).sort();
    const head = JSON.parse((await readFile(join(folder, "runs", second!, "run.jsonl"), "utf8")).split("\n")[0]!);
    expect(head.retried.results).toHaveLength(1);
    expect((await runCli(["log", "verify"], folder)).exitCode).toBe(0);
    const third = await runCli([...RUN, "--retry-failed"], folder, { env });
    expect(third.stderr).toContain("nothing failed");
    expect(asked(server)).toBe(10);
  });

  it("says so when there is no run whose failures could be asked", async () => {
    const ran = await runCli([...RUN, "--retry-failed"], await project(), { env: { URL: "http://127.0.0.1:9/v1" } });
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toContain("E_RUN_NONE");
  });
});

describe("limits of a run", () => {
  it("stop it after --max-time, and --resume goes on", async () => {
    await using server = await serving([], 60);
    const folder = await project();
    const env = { URL: server.url };
    const ran = await runCli([...RUN, "--max-time", "0.2s"], folder, { env });
    expect(ran).toMatchObject({ exitCode: 130, stdout: "" });
    expect(ran.stderr).toMatch(/stopped, its time \(--max-time\) is over, at \d+ of 18/);
    const before = asked(server);
    expect(before).toBeLessThan(9);
    expect((await runCli([...RUN, "--resume"], folder, { env })).exitCode).toBe(0);
    // What was under way when the time was over was finished, not asked again.
    expect(asked(server)).toBe(9);
  });

  it("refuse --max-cost of a model without a price before anything is asked or written", async () => {
    await using server = await serving();
    const folder = await project();
    for (const more of [[], ["--dry-run"]]) {
      const ran = await runCli([...RUN, "--max-cost", "1", ...more], folder, { env: { URL: server.url } });
      expect(ran.exitCode).toBe(2);
      expect(ran.stderr).toMatch(
        /^--max-cost \(E_COST_UNKNOWN\)\n +expected a price of the model "m", got none in prices/,
      );
      expect(ran.stderr).toMatch(/fix: add price: .* to benchmarks\/systems\/endpoint\.yaml, or an entry/);
    }
    const probe = await runCli(["probe", "distractors", "endpoint", "--max-cost", "1"], folder, {
      env: { URL: server.url },
    });
    expect([probe.exitCode, probe.stderr]).toEqual([2, expect.stringContaining("E_COST_UNKNOWN")]);
    expect(server.seen).toEqual([]);
    expect(await readdir(join(folder, "runs")).catch(() => [])).toEqual([]);
  });

  it.each([
    ["--max-time", "2"],
    ["--max-time", "0s"],
    ["--max-time", "soon"],
    ["--max-cost", "-1"],
  ])("are said wrongly by %s %s", async (flag, value) => {
    expect(await runCli([...RUN, flag, value], await project())).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it("end all attempts at one answer after --question-timeout", async () => {
    await using server = await faultServer((response, request) =>
      request.method === "GET" ? MODELS(response, request) : silent(response, request),
    );
    const folder = await project("concurrency: 4");
    const ran = await runCli([...RUN, "--limit", "4", "--question-timeout", "0.3s"], folder, {
      env: { URL: server.url },
    });
    expect(ran.stderr).toContain("4 failed");
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain("4 failed");
  });
});

describe("a budget", () => {
  it("of two requests a day ends the run when it is used up, says when there is room again, and keeps the answers", async () => {
    await using server = await serving();
    const folder = await project("rate: { rpd: 2 }");
    const ran = await runCli(RUN, folder, { env: { URL: server.url } });
    expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
    expect(ran.stderr).toMatch(/endpoint\.yaml:4 \/generator\/base_url \(E_BUDGET_USED\)[\s\S]*go on in 24 h/);
    expect(asked(server)).toBe(2);
    const [run] = await readdir(join(folder, "runs"));
    const log = await readFile(join(folder, "runs", run!, "run.jsonl"), "utf8");
    expect(log.match(/^\{"kind":"answer"/gm)).toHaveLength(2);
    const resumed = await runCli([...RUN, "--resume"], folder, { env: { URL: server.url } });
    expect(resumed.exitCode).toBe(4);
    // The day of the first process is the day of the second.
    expect(asked(server)).toBe(2);
  });
});

describe("a pilot", () => {
  it("says what all questions would take, with intervals", async () => {
    await using server = await serving();
    const ran = await runCli([...RUN, "--limit", "4"], await project(), { env: { URL: server.url } });
    expect(ran.exitCode).toBe(0);
    // 14 tokens an answer: no spread, so that the interval is a point.
    expect(ran.stderr).toMatch(
      /endpoint: pilot: all 9 questions would take time .+ with 1 at once, tokens 126 \[126 to 126\] \(from 4; 95 % intervals\)/,
    );
  });
});
