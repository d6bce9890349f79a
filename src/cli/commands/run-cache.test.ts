import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AnswerLine, Manifest } from "../../runlog/index.ts";
import { completion, type FaultServer, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { endpointSystem, starterProject } from "../testing/starter-project.ts";

const RUN = ["run", "--system", "endpoint", "--topk", "1"];

/** A server that lists its model and answers questions as told; `asked` counts the questions. */
async function serving(reply: Reply): Promise<FaultServer & { asked(): number }> {
  const server = await faultServer((response, request) =>
    request.method === "GET" ? json({ data: [{ id: "m" }] })(response, request) : reply(response, request),
  );
  return Object.assign(server, { asked: () => server.seen.filter(({ method }) => method === "POST").length });
}

async function newestLog(project: string): Promise<{ manifest: Manifest; answers: AnswerLine[] }> {
  const runs = await readdir(join(project, "runs"));
  const text = await readFile(join(project, "runs", runs.sort().at(-1)!, "run.jsonl"), "utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Manifest | AnswerLine);
  return { manifest: lines[0] as Manifest, answers: lines.filter((line) => line.kind === "answer") };
}

describe("bench run with a cache of answers", () => {
  it("asks an endpoint nothing twice, and says of every kept answer when and by which run it was made", async () => {
    await using server = await serving(completion("four minutes"));
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const env = { URL: server.url };
    expect((await runCli(RUN, project, { env })).stderr).not.toContain("cache");
    const first = await newestLog(project);
    expect(server.asked()).toBe(9);
    const again = await runCli([...RUN, "--fresh"], project, { env });
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain("9 answers from the cache, without latency and cost; --refresh asks anew");
    expect(server.asked()).toBe(9);
    const { answers } = await newestLog(project);
    expect(answers).toHaveLength(9);
    for (const { timing, cachedFrom, text } of answers) {
      expect({ timing, text }).toEqual({ timing: { ms: 0, source: "cached" }, text: "four minutes" });
      expect(cachedFrom?.run).toBe(first.manifest.run);
      expect(Date.parse(cachedFrom!.at)).not.toBeNaN();
    }
    const shown = await runCli(["log", "show", "example/endpoint"], project);
    expect(shown.stdout).toContain(`four minutes  [from the cache: made by ${first.manifest.run}, 20`);
  });

  it.each([
    ["--refresh", 9],
    ["--no-cache", 0],
  ])("asks again with %s", async (flag, kept) => {
    await using server = await serving(completion("four minutes"));
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const env = { URL: server.url };
    await runCli([...RUN, flag], project, { env });
    await runCli([...RUN, flag, "--fresh"], project, { env });
    expect(server.asked()).toBe(18);
    for (const { timing } of (await newestLog(project)).answers) expect(timing.source).toBe("measured");
    await runCli([...RUN, "--fresh"], project, { env });
    expect(server.asked()).toBe(27 - kept);
  });

  it("asks each trial, and what changes in the request", async () => {
    await using server = await serving(completion("four minutes"));
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const env = { URL: server.url };
    await runCli(RUN, project, { env });
    await runCli([...RUN, "--trials", "2"], project, { env });
    expect(server.asked()).toBe(18);
    await runCli(["run", "--system", "endpoint", "--topk", "2"], project, { env });
    // For one question BM25 finds a single passage: under rag@2 its request is the one of rag@1.
    expect(server.asked()).toBe(26);
  });

  it("keeps no failure: what failed is asked anew", async () => {
    let down = true;
    await using server = await serving((response, request) =>
      (down ? json({ error: { message: "no" } }, 500) : completion("four minutes"))(response, request),
    );
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const env = { URL: server.url };
    expect((await runCli(RUN, project, { env })).exitCode).toBe(4);
    down = false;
    const again = await runCli([...RUN, "--fresh"], project, { env });
    expect(again.exitCode).toBe(0);
    expect(again.stderr).not.toContain("from the cache");
  });

  it("keeps no key, no password and no address", async () => {
    const KEY = "sk-planted-key-0123456789";
    await using server = await serving(completion(`four minutes, ${KEY}`));
    const system = endpointSystem("api_key_env: KEY");
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": system });
    const URL_ = server.url.replace("//", "//user:planted-password@");
    expect((await runCli(RUN, project, { env: { URL: URL_, KEY } })).exitCode).toBe(0);
    const entries = await readdir(join(project, ".cache", "answers"), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThanOrEqual(10);
    for (const { parentPath, name } of files) {
      const text = await readFile(join(parentPath, name), "utf8");
      for (const secret of ["planted", new URL(server.url).host]) expect(text).not.toContain(secret);
    }
  });

  it("keeps nothing of what is computed on this machine", async () => {
    const project = await starterProject();
    await runCli(["run", "--system", "bm25-reader"], project);
    const again = await runCli(["run", "--system", "bm25-reader", "--fresh"], project);
    expect(again.stderr).not.toContain("from the cache");
    for (const { timing } of (await newestLog(project)).answers) expect(timing.source).toBe("measured");
  });
});

describe("bench run with a price", () => {
  const PRICES = "prices: [{ model: m, on: 2026-05-31, input: 1, output: 100 }]\n";

  it("writes the cost of each measured answer and the price it was made with into the log", async () => {
    await using server = await serving(completion("four minutes"));
    const files = { "benchmarks/systems/endpoint.yaml": endpointSystem(), "prices.yaml": PRICES };
    const project = await starterProject(files);
    const env = { URL: server.url };
    await runCli(RUN, project, { env });
    const { manifest, answers } = await newestLog(project);
    expect(manifest.price).toEqual({ on: "2026-05-31", input: 1, output: 100, file: "prices.yaml" });
    // 11 tokens of prompt and 3 of the answer, as the server counts.
    for (const { cost } of answers) expect(cost).toEqual({ usd: (11 + 300) / 1e6, basis: "tokens" });
    await runCli([...RUN, "--fresh"], project, { env });
    for (const { cost } of (await newestLog(project)).answers) expect(cost).toBeUndefined();
  });

  it("writes no cost where the server counts no tokens", async () => {
    await using server = await serving(completion("four minutes", { usage: undefined }));
    const files = { "benchmarks/systems/endpoint.yaml": endpointSystem(), "prices.yaml": PRICES };
    const project = await starterProject(files);
    await runCli(RUN, project, { env: { URL: server.url } });
    for (const { cost } of (await newestLog(project)).answers) expect(cost).toBeUndefined();
  });

  it("does not make another run of a system whose price changed", async () => {
    await using server = await serving(completion("four minutes"));
    const price = (usd: number) => `${endpointSystem()}price: { on: 2026-05-31, per_hour: ${usd} }\n`;
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": price(1) });
    const env = { URL: server.url };
    await runCli(RUN, project, { env });
    for (const { cost } of (await newestLog(project)).answers) expect(cost).toMatchObject({ basis: "time" });
    await writeFile(join(project, "benchmarks/systems/endpoint.yaml"), price(2));
    expect((await runCli(RUN, project, { env })).stderr).toContain("finished before");
  });

  it("says what is wrong with the prices before it asks anything", async () => {
    await using server = await serving(completion("four minutes"));
    const files = { "benchmarks/systems/endpoint.yaml": endpointSystem(), "prices.yaml": "prices: [{ model: m }]\n" };
    const project = await starterProject(files);
    const ran = await runCli(RUN, project, { env: { URL: server.url } });
    expect(ran).toMatchObject({ exitCode: 3, stdout: "" });
    expect(ran.stderr).toContain("prices.yaml:1 /prices/0 (E_PRICE)");
    expect(server.seen).toEqual([]);
  });
});
