import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { completion, type FaultServer, faultServer, json } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { endpointSystem, starterProject } from "../testing/starter-project.ts";
import { wordEncoder } from "../testing/word-encoder.ts";

const RUN = ["run", "--system", "endpoint", "--topk", "1"];
const PRICES = "prices: [{ model: m, on: 2026-05-31, input: 10, output: 100 }]\n";

/** A server that lists its model with what it says of it, and answers questions. */
function serving(model: object = {}): Promise<FaultServer> {
  return faultServer((response, request) =>
    request.method === "GET"
      ? json({ data: [{ id: "m", ...model }] })(response, request)
      : completion("four minutes")(response, request),
  );
}

async function runsOf(project: string): Promise<string[]> {
  return readdir(join(project, "runs")).catch(() => []);
}

describe("bench run", () => {
  it("asks nothing where prompts do not fit the context window, and starts no run", async () => {
    await using server = await serving({ max_model_len: 520 });
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const ran = await runCli(RUN, project, { env: { URL: server.url } });
    expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
    expect(ran.stderr).toContain("E_CONTEXT_WINDOW");
    expect(server.seen.filter(({ method }) => method === "POST")).toEqual([]);
    expect(await runsOf(project)).toEqual([]);
  });

  it("warns where only a prompt of the longest passages would not fit, and goes on", async () => {
    await using server = await serving({ max_model_len: 595 });
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const ran = await runCli(RUN, project, { env: { URL: server.url } });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("warning: benchmarks/systems/endpoint.yaml");
    expect(ran.stderr).toContain("W_CONTEXT_WINDOW");
  });
});

describe("bench run --dry-run", () => {
  it("prints its plan as text alone, and refuses to print it in a form of results", async () => {
    const project = await starterProject();
    const dry = ["run", "--system", "bm25-reader", "--topk", "1", "--dry-run"];
    for (const format of ["json", "csv"]) {
      const asked = await runCli([...dry, "--format", format], project);
      expect(asked).toMatchObject({ exitCode: 2, stdout: "" });
      expect(asked.stderr).toMatch(/text with --dry-run: it prints a plan/);
    }
    expect(await runCli([...dry, "--format", "text"], project)).toMatchObject({ exitCode: 0 });
    expect(await runsOf(project)).toEqual([]);
    const load = await runCli(
      ["load", "--system", "bm25-reader", "--rate", "1", "--dry-run", "--format", "json"],
      project,
    );
    expect(load).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("text with --dry-run") });
  });

  it("says what would be asked and what it would take, asks nothing and writes nothing", async () => {
    await using server = await serving({ max_model_len: 8192 });
    const files = { "benchmarks/systems/endpoint.yaml": endpointSystem(), "prices.yaml": PRICES };
    const project = await starterProject(files);
    const ran = await runCli([...RUN, "--dry-run"], project, { env: { URL: server.url } });
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain("9 questions under rag@1: 9 answers to ask for");
    expect(ran.stdout).toContain("context window: 8\u202f192 tokens, from the server's list of models");
    expect(ran.stdout).toMatch(/rag@1 +9 +about \d+ +at most about \d+ +at most 512/);
    expect(ran.stdout).toMatch(/tokens: about [\d\u202f]+ of prompts, at most about 4\u202f608 of answers/);
    expect(ran.stdout).toMatch(/cost: at most about \$0\.4\d+ \(prices of 2026-05-31 in prices\.yaml\)/);
    expect(ran.stdout).toContain("time: unknown: run a pilot with --limit 4 first");
    expect(ran.stdout).toContain("Nothing was retrieved");
    expect(ran.stdout).not.toContain(server.url);
    expect(server.seen.map(({ method }) => method)).toEqual(["GET"]);
    expect(await runsOf(project)).toEqual([]);
    expect(await readdir(project)).not.toContain(".cache");
  });

  it("extrapolates a pilot: tokens as the server counted them, cost and time", async () => {
    await using server = await serving();
    const files = { "benchmarks/systems/endpoint.yaml": endpointSystem("rate: { rpm: 3 }"), "prices.yaml": PRICES };
    const project = await starterProject(files);
    const env = { URL: server.url };
    const pilot = await runCli([...RUN, "--limit", "2"], project, { env });
    expect(pilot.stderr).toContain("pilot: all 9 questions would take");
    const { stdout } = await runCli([...RUN, "--dry-run"], project, { env });
    expect(stdout).toMatch(/rag@1 +9 +11 counted +at most about \d+ +3 counted, at most 512/);
    expect(stdout).toContain("tokens: about 99 of prompts, about 27 of answers");
    expect(stdout).toContain("cost: about $0.00369 (");
    expect(stdout).toContain("time: about 3 min at 8 at once; the budgets alone ask for 3 min");
    expect(stdout).toMatch(/Counted and timed: .*\(2 answers\)\./);
  });

  it.each([
    ["the server is down", undefined, "E_ENDPOINT_UNREACHABLE"],
    ["the model is not served", { id: "n" }, "E_ENDPOINT_MODEL"],
  ])("exits with 4 when %s, and still says the plan", async (_, model, code) => {
    await using server = await serving(model);
    const { url } = server;
    if (model === undefined) await server[Symbol.asyncDispose]();
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const ran = await runCli([...RUN, "--dry-run"], project, { env: { URL: url } });
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain(code);
    expect(ran.stdout).toContain("9 answers to ask for");
    expect(ran.stdout).toContain("tokens: about");
    expect(ran.stderr).not.toContain(url);
  });

  it.each([
    ["from the server", { max_model_len: 520 }, "", "from the server's list of models", "/generator/max_tokens"],
    ["from the file", {}, "context_window: 520", "from context_window", "/generator/context_window"],
  ])("exits with 4 when prompts do not fit the context window %s", async (_, model, more, from, where) => {
    await using server = await serving(model);
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem(more) });
    const ran = await runCli([...RUN, "--dry-run"], project, { env: { URL: server.url } });
    expect(ran.exitCode).toBe(4);
    expect(ran.stdout).toContain(`context window: 520 tokens, ${from}`);
    expect(ran.stderr).toContain(`${where} (E_CONTEXT_WINDOW)`);
    expect(ran.stderr).toContain("prompts and answers of at most 520 tokens together");
  });

  it("counts what an interrupted run still lacks", async () => {
    const stop = new AbortController();
    let asked = 0;
    await using server = await faultServer((response, request) => {
      if (request.method === "GET") return json({ data: [{ id: "m" }] })(response, request);
      asked += 1;
      if (asked === 5) stop.abort();
      return completion("four minutes")(response, request);
    });
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem("concurrency: 1") });
    const env = { URL: server.url };
    expect((await runCli(RUN, project, { env, signal: stop.signal })).exitCode).toBe(130);
    const { stdout } = await runCli([...RUN, "--resume", "--dry-run"], project, { env });
    expect(stdout).toContain("(interrupted, would go on)");
    expect(stdout).toContain("9 questions under rag@1: 5 answers to ask for");
    const refused = await runCli([...RUN, "--dry-run"], project, { env });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("E_RUN_INTERRUPTED");
  });

  it("counts with the tokenizer that the system names", async () => {
    await using server = await serving();
    const project = await starterProject({
      "benchmarks/systems/endpoint.yaml": endpointSystem("tokenizer: ../../model"),
      ...wordEncoder("model", ["the", "tea"], 2, seeded("words")),
    });
    const env = { URL: server.url };
    const { stdout } = await runCli([...RUN, "--dry-run"], project, { env });
    // A token a word: four to seven bytes of English, with its punctuation.
    expect(stdout).toMatch(/Tokens are estimates: [4567]\.\d\d bytes a token, by the tokenizer on 8 texts\./);
    const wrong = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem("tokenizer: ../nothing") });
    const ran = await runCli([...RUN, "--dry-run"], wrong, { env });
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toContain("E_ENCODER_TOKENIZER");
  });

  it("says of a finished run that there is nothing to ask, and of a system without a model what it does", async () => {
    const project = await starterProject();
    const first = await runCli(["run", "--system", "bm25-reader", "--dry-run"], project);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toContain("a generator of kind reader: its tokens and cost are not estimated");
    await runCli(["run", "--system", "bm25-reader"], project);
    const { stdout } = await runCli(["run", "--system", "bm25-reader", "--dry-run"], project);
    expect(stdout).toContain("finished before, nothing to ask");
    expect(stdout).toContain(": 0 answers to ask for");
  });
});
