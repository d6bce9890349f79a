import { execFile } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../src/cli/testing/run-cli.ts";
import { endpointSystem, starterProject } from "../../src/cli/testing/starter-project.ts";
import { completion, type FaultServer, faultServer, json } from "../../src/system/testing/fault-server.ts";
import { bench, buildProgram, startBench } from "./bench-process.ts";

/** Without the cache, so that what is asked can be counted; with it see the end. */
const RUN = ["run", "--system", "endpoint", "--topk", "1,3", "--no-cache"];
/** Nine questions under two conditions. */
const ANSWERS = 18;

beforeAll(buildProgram);

function signal(): { readonly given: Promise<void>; give(): void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

/** An endpoint that answers so many questions at once and holds the next until it is let go. */
async function holding(free: number): Promise<FaultServer & { readonly held: Promise<void>; letGo(): void }> {
  let asked = 0;
  const gate = signal();
  const held = signal();
  const server = await faultServer(async (response, request) => {
    if (request.method === "GET") return json({ data: [{ id: "m" }] })(response, request);
    if (++asked > free) {
      held.give();
      await gate.given;
    }
    if (response.destroyed) return;
    const messages = request.body.messages as { content: string }[];
    return completion(`Answer of ${messages.at(-1)!.content.length} characters.`)(response, request);
  });
  return Object.assign(server, { held: held.given, letGo: gate.give });
}

function project(): Promise<string> {
  return starterProject({ "benchmarks/systems/endpoint.yaml": endpointSystem("concurrency: 2") });
}

/** The files of the only run, times and the hash over them taken out. */
async function runFiles(folder: string): Promise<Record<string, string>> {
  const [run, ...others] = await readdir(join(folder, "runs"));
  expect(others).toEqual([]);
  const files: Record<string, string> = {};
  for (const name of (await readdir(join(folder, "runs", run!))).sort()) {
    const text = await readFile(join(folder, "runs", run!, name), "utf8");
    files[name] = text
      .replace(/"(?:startedAt|endedAt)":"[^"]*"/g, '"time"')
      .replace(/"timing":\{[^}]*\}/g, '"timing"')
      .replace(/,"cachedFrom":\{[^}]*\}/g, "")
      .replace(/^(\{"kind":"end".*)"sha256":"[0-9a-f]+"/m, '$1"sha256"');
  }
  return files;
}

/** What every interrupted run should come to; made once. */
let whole: Promise<Record<string, string>> | undefined;
function uninterrupted(): Promise<Record<string, string>> {
  whole ??= makeUninterrupted();
  return whole;
}

async function makeUninterrupted(): Promise<Record<string, string>> {
  await using server = await holding(Number.POSITIVE_INFINITY);
  const folder = await project();
  expect((await bench(RUN, folder, { URL: server.url })).exitCode).toBe(0);
  return runFiles(folder);
}

describe("Ctrl-C in a run", () => {
  it("ends it with 130 and how to go on; --resume asks only what is open, and the log is that of an uninterrupted run", async () => {
    const expected = await uninterrupted();
    const folder = await project();
    await using server = await holding(5);
    const { child, ended } = startBench(RUN, folder, { URL: server.url });
    await server.held;
    child.kill("SIGINT");
    const stopped = await ended;
    expect(stopped).toMatchObject({ exitCode: 130, stdout: "" });
    expect(stopped.stderr).toMatch(/: interrupted at \d+ of 27; the same command with --resume goes on\n$/);
    const finished = (await runFiles(folder))["run.jsonl"]!.match(/^\{"kind":"answer"/gm)!.length;
    expect(finished).toBeGreaterThanOrEqual(4);
    const again = await bench(RUN, folder, { URL: server.url });
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain("fix: add --resume to go on with it");

    server.letGo();
    const before = server.seen.filter((request) => request.method === "POST").length;
    const resumed = await bench([...RUN, "--resume"], folder, { URL: server.url });
    expect(resumed.exitCode).toBe(0);
    expect(resumed.stdout).toMatch(/rag@3 +9 +0 +0 /);
    expect(server.seen.filter((request) => request.method === "POST").length - before).toBe(ANSWERS - finished);
    expect(await runFiles(folder)).toEqual(expected);
    expect((await runCli(["log", "verify"], folder)).exitCode).toBe(0);
  });

  it("says how to go on even with --quiet, and a termination signal does the same", async () => {
    const folder = await project();
    await using server = await holding(2);
    const { child, ended } = startBench([...RUN, "--quiet"], folder, { URL: server.url });
    await server.held;
    child.kill("SIGTERM");
    const stopped = await ended;
    expect(stopped).toMatchObject({ exitCode: 130, stdout: "" });
    expect(stopped.stderr).toContain("--resume goes on");
  });
});

describe("kill -9 in a run", () => {
  it("pays for nothing twice where answers are kept: the log is that of an uninterrupted run but for where answers came from", async () => {
    const cached = RUN.filter((argument) => argument !== "--no-cache");
    await using server = await holding(7);
    const folder = await project();
    const { child, ended } = startBench(cached, folder, { URL: server.url });
    await server.held;
    child.kill("SIGKILL");
    await ended;
    server.letGo();
    expect(await bench([...cached, "--resume"], folder, { URL: server.url })).toMatchObject({ exitCode: 0 });
    const asked = server.seen.filter((request) => request.method === "POST").map(({ body }) => JSON.stringify(body));
    // Two were in flight.
    expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(2);
    const withoutCommand = (files: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(files).map(([name, text]) => [name, text.replace(/"command":"[^"]*"/, '"command"')]),
      );
    expect(withoutCommand(await runFiles(folder))).toEqual(withoutCommand(await uninterrupted()));
  });

  it.each([0, 7, 16])("after %d answers, then --resume: the log is that of an uninterrupted run", async (answers) => {
    const expected = await uninterrupted();
    const folder = await project();
    await using server = await holding(answers);
    const { child, ended } = startBench(RUN, folder, { URL: server.url });
    await server.held;
    child.kill("SIGKILL");
    expect((await ended).exitCode).toBe(137);
    server.letGo();
    const resumed = await bench([...RUN, "--resume"], folder, { URL: server.url });
    expect(resumed).toMatchObject({ exitCode: 0 });
    expect(await runFiles(folder)).toEqual(expected);
  });

  it("leaves a run that no second process takes for its own while the first one lives", async () => {
    const folder = await project();
    await using server = await holding(3);
    const { child, ended } = startBench(RUN, folder, { URL: server.url });
    await server.held;
    const second = await bench([...RUN, "--resume"], folder, { URL: server.url });
    expect(second.exitCode).toBe(3);
    expect(second.stderr).toMatch(/\(E_RUN_BUSY\)/);
    child.kill("SIGKILL");
    await ended;
    server.letGo();
    expect((await bench([...RUN, "--resume"], folder, { URL: server.url })).exitCode).toBe(0);
  });
});

describe.skipIf(process.platform === "win32")("Ctrl-C in a command that does not stop by itself", () => {
  it("ends it at once with 130", async () => {
    const folder = await starterProject();
    // A named pipe that nobody writes: the command waits in the middle of its work. The signal comes once it listens.
    const pipe = join(folder, "datasets/example/corpus.jsonl");
    await rm(pipe);
    await promisify(execFile)("mkfifo", [pipe]);
    const press = `const timer = setInterval(() => {
      if (process.listenerCount("SIGINT") === 0) return;
      clearInterval(timer);
      process.kill(process.pid, "SIGINT");
    }, 50);`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(press)}` };
    expect(await bench(["dataset", "check", "example"], folder, env)).toEqual({
      exitCode: 130,
      stdout: "",
      stderr: "",
    });
  });
});
