import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  completion,
  type FaultServer,
  faultServer,
  json,
  type Reply,
  raw,
  silent,
} from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { endpointSystem, starterProject } from "../testing/starter-project.ts";

const RUN = ["run", "--system", "endpoint", "--topk", "1"];
const MODELS = json({ data: [{ id: "m" }] });

/** A server that lists its model and answers questions as told. */
function serving(...replies: [Reply, ...Reply[]]): Promise<FaultServer> {
  let asked = 0;
  return faultServer((response, request) => {
    if (request.method === "GET") return MODELS(response, request);
    return replies[Math.min(asked++, replies.length - 1)]!(response, request);
  });
}

async function logOf(project: string): Promise<string> {
  const [run] = await readdir(join(project, "runs"));
  return readFile(join(project, "runs", run!, "run.jsonl"), "utf8");
}

function failuresOf(log: string): { code: string; attempts: number }[] {
  return log
    .split("\n")
    .filter((line) => line.startsWith('{"kind":"failure"'))
    .map((line) => JSON.parse(line) as { code: string; attempts: number });
}

describe("bench run on an endpoint", () => {
  it("asks the nine questions and records the answers", async () => {
    await using server = await serving(completion("four minutes"));
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const ran = await runCli(RUN, project, { env: { URL: server.url } });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("9 rankings, 9 answers; log in");
    expect(server.seen.filter((request) => request.method === "POST")).toHaveLength(9);
  });

  it("exits with 4 and starts no run when the server is down, naming the line that says where it is", async () => {
    const server = await faultServer();
    const { url } = server;
    await server[Symbol.asyncDispose]();
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const ran = await runCli(RUN, project, { env: { URL: url } });
    expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
    expect(ran.stderr).toContain("benchmarks/systems/endpoint.yaml:4 /generator/base_url (E_ENDPOINT_UNREACHABLE)");
    expect(ran.stderr).toContain("ECONNREFUSED");
    expect(ran.stderr).toContain("fix: start the server, or correct its address");
    expect(ran.stderr).not.toContain(url);
    await expect(readdir(join(project, "runs"))).rejects.toThrow("ENOENT");
  });

  it.each([
    [
      "answers HTML",
      raw("<html><script>alert(1)</script></html>", { "content-type": "text/html" }),
      "E_ENDPOINT_REPLY",
    ],
    ["answers nothing that is an answer", json({}), "E_ENDPOINT_REPLY"],
  ])("counts each question as failed and exits with 4 when the server %s", async (_, reply, code) => {
    await using server = await serving(reply);
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    const ran = await runCli(RUN, project, { env: { URL: server.url } });
    expect(ran.exitCode).toBe(4);
    expect(ran.stdout).toMatch(/rag@1 +9 +9 +0 /);
    expect(ran.stderr).toContain("9 rankings, 0 answers, 9 failed");
    expect(ran.stderr).toContain("max_failures (0)");
    expect(failuresOf(await logOf(project)).map((failure) => failure.code)).toEqual(Array(9).fill(code));
    const shown = await runCli(["log", "show", "example/endpoint", "--failed"], project);
    expect(shown.stdout.match(new RegExp(`failed in answer after 1 attempts: ${code}`, "g"))).toHaveLength(9);
    expect((await runCli(["log", "verify"], project)).exitCode).toBe(0);
  });

  it.each([
    ["is down behind its list of models", json({ error: { message: "overloaded" } }, 503), "E_ENDPOINT_STATUS"],
    ["answers half a JSON", raw('{"choices":[{"mess', { "content-type": "application/json" }), "E_ENDPOINT_REPLY"],
    ["limits the rate", json({ error: { message: "slow down" } }, 429), "E_ENDPOINT_RATE_LIMIT"],
  ])(
    "ends the run with 4 when the server %s, counts nothing as failed, and goes on when it answers",
    async (_, reply, code) => {
      await using server = await serving(reply);
      const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
      const ran = await runCli(RUN, project, { env: { URL: server.url } });
      expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
      expect(ran.stderr).toContain(`failures in a row, the last: ${code}`);
      expect(ran.stderr).toContain("--resume");
      expect(failuresOf(await logOf(project))).toEqual([]);
      await using mended = await serving(completion("four minutes"));
      const resumed = await runCli([...RUN, "--resume"], project, { env: { URL: mended.url } });
      expect(resumed.stderr).toContain("9 rankings, 9 answers; log in");
      expect(resumed.exitCode).toBe(0);
    },
  );

  it("exits with 4 again when the run that failed is used again", async () => {
    await using server = await serving(json({}));
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem() });
    expect((await runCli(RUN, project, { env: { URL: server.url } })).exitCode).toBe(4);
    const again = await runCli(RUN, project, { env: { URL: server.url } });
    expect(again.stderr).toContain("finished before");
    expect(again.stderr).toContain("max_failures (0)");
    expect(again.exitCode).toBe(4);
  });

  it("gives up on a slow answer after timeout_s and goes on with the next question", async () => {
    await using server = await serving(silent, completion("four minutes"));
    const system = endpointSystem("timeout_s: 0.2");
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": system });
    const ran = await runCli(RUN, project, { env: { URL: server.url } });
    expect(ran.exitCode).toBe(4);
    expect(ran.stdout).toMatch(/rag@1 +9 +1 +0 /);
    expect(failuresOf(await logOf(project))).toMatchObject([{ code: "E_ENDPOINT_TIMEOUT", attempts: 1 }]);
  });

  it("asks again after a 429 as the server wishes, and counts nothing as failed", async () => {
    const limited = json({ error: { message: "slow down" } }, 429, { "retry-after": "0" });
    await using server = await serving(limited, completion("four minutes"));
    const system = endpointSystem().replace("max_attempts: 1", "max_attempts: 2");
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": system });
    const ran = await runCli(RUN, project, { env: { URL: server.url } });
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/rag@1 +9 +0 +0 /);
    expect(server.seen.filter((request) => request.method === "POST")).toHaveLength(10);
  });

  it("exits with 0 when no more questions fail than the suite's max_failures allows", async () => {
    await using server = await serving(json({}, 500), completion("four minutes"));
    const project = await starterProject({
      "benchmarks/systems/endpoint.yaml": endpointSystem(),
      "benchmarks/example/suite.yaml": "dataset: example\nmetrics: [F1]\nmax_failures: 0.2\n",
    });
    expect((await runCli(RUN, project, { env: { URL: server.url } })).exitCode).toBe(0);
  });

  it("names the missing variable before anything is asked", async () => {
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem("api_key_env: MY_KEY") });
    const noAddress = await runCli(RUN, project);
    expect(noAddress.exitCode).toBe(3);
    expect(noAddress.stderr).toContain("expected the environment variable URL, got nothing");
    await using server = await serving(completion("x"));
    const noKey = await runCli(RUN, project, { env: { URL: server.url } });
    expect(noKey.exitCode).toBe(3);
    expect(noKey.stderr).toContain("MY_KEY");
    expect(server.seen).toEqual([]);
  });

  it("sends the key and writes neither key nor address anywhere", async () => {
    await using server = await serving(
      completion("four minutes"),
      json({ error: { message: "key sk-secret-123 at" } }, 500),
    );
    const project = await starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem("api_key_env: MY_KEY") });
    const env = { URL: server.url, MY_KEY: "sk-secret-123" };
    const ran = await runCli(RUN, project, { env });
    expect(server.seen[0]!.headers.authorization).toBe("Bearer sk-secret-123");
    const explained = await runCli(["explain", "system", "endpoint"], project, { env });
    expect(explained.stdout).toContain("${URL}");
    const everything = [ran.stdout, ran.stderr, explained.stdout, explained.stderr];
    for (const entry of await readdir(join(project, "runs"), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) everything.push(await readFile(join(entry.parentPath, entry.name), "utf8"));
    }
    for (const text of everything) {
      expect(text).not.toContain("sk-secret-123");
      expect(text).not.toContain(server.url);
    }
  });
});
