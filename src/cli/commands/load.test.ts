import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { LoadFigures } from "../../report/load/load-figures.ts";
import type { LoadRecord } from "../../runlog/load-record.ts";
import {
  completion,
  event,
  type FaultServer,
  faultServer,
  json,
  type Reply,
} from "../../system/testing/fault-server.ts";
import { type CliResult, runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

type Result = LoadRecord & { readonly figures: LoadFigures };

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Streams so many tokens, evenly over a time. @param turn how requests share the server */
function streaming(
  serviceMs: number,
  tokens: number,
  turn: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
): Reply {
  return (response, { body }) =>
    turn(async () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (let n = 0; n < tokens; n += 1) {
        await wait(serviceMs / tokens);
        response.write(event({ choices: [{ index: 0, delta: { content: "a " }, finish_reason: null }] }));
      }
      response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: "length" }] }));
      const prompt_tokens = 9 + Math.round(1.5 * JSON.stringify(body.messages).split(" ").length);
      response.write(event({ choices: [], usage: { prompt_tokens, completion_tokens: tokens } }));
      response.end("data: [DONE]\n\n");
    });
}

/** One request after the other. */
function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

async function serve(answer: Reply): Promise<FaultServer> {
  const server = await faultServer((response, request) =>
    request.method === "GET" ? json({ data: [{ id: "m" }] })(response, request) : answer(response, request),
  );
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

const SYSTEM = [
  "retriever: { kind: bm25 }",
  "generator:",
  "  kind: openai",
  "  base_url: ${URL}",
  "  model: m",
  "  concurrency: 1",
  "  max_attempts: 4",
  "  rate: { rpm: 1 }",
  "price: { on: 2026-05-31, input: 1, output: 10 }",
  "",
].join("\n");

interface Loaded extends CliResult {
  readonly project: string;
  readonly result: Result;
}

async function load(server: FaultServer | undefined, flags: string, signal?: AbortSignal): Promise<Loaded> {
  const project = await starterProject({ "benchmarks/systems/mine.yaml": SYSTEM });
  const argv = ["load", "-s", "mine", "--arrivals", "constant", "--warmup", "0", "--quiet", "-o", "out/load.json"];
  const ran = await runCli([...argv, ...flags.split(" ")], project, {
    env: { URL: server?.url ?? "http://127.0.0.1:9/v1" },
    ...(signal && { signal }),
  });
  const text = await readFile(join(project, "out/load.json"), "utf8").catch(() => "{}");
  return { ...ran, project, result: JSON.parse(text) as Result };
}
const SHORT = "--prompt-tokens 300 --output-tokens 4";
const ends = ({ steps }: Result): number[] =>
  steps[0]!.requests.flatMap((request) => (request.state === "answered" ? request.endMs : []));

describe("bench load", () => {
  it("sends what is due whatever the file says of concurrency, budgets and attempts, and measures each answer", async () => {
    const server = await serve(streaming(200, 4));
    const { exitCode, stdout, result } = await load(server, `--rate 10 --duration 1s ${SHORT}`);
    expect(exitCode).toBe(0);
    // Ten of the window and the one before all others.
    expect(server.seen.filter(({ method }) => method === "POST")).toHaveLength(11);
    expect(server.seen.at(-1)!.body).toMatchObject({ max_tokens: 4, stream: true });
    const [step] = result.figures.steps;
    expect(step).toMatchObject({ rate: 10, n: 10, answered: 10, errors: [], hitLimit: 1, answerTokens: 4 });
    expect(Math.min(...ends(result))).toBeGreaterThan(190);
    expect(step!.firstToken.percentiles[0]!.value).toBeGreaterThan(45);
    expect(step!.firstToken.percentiles[0]!.value).toBeLessThan(step!.end.percentiles[0]!.value);
    expect(step!.tokenGap.percentiles[0]!.value).toBeGreaterThan(40);
    expect(stdout).toMatch(/^10\/s +10 +1\.000 /m);
  });

  it("makes prompts up, no two alike, of the length that the server counts", async () => {
    const server = await serve(streaming(5, 4));
    const { result } = await load(server, `--rate 20 --duration 500ms ${SHORT}`);
    const asked = server.seen.slice(1).map(({ body }) => JSON.stringify(body.messages));
    expect(new Set(asked).size).toBe(asked.length);
    const { prompts, figures } = result;
    // A word is 1.5 tokens to this server: the first prompt was too long.
    expect(prompts).toMatchObject({
      kind: "synthetic",
      tokens: 300,
      firstCounted: expect.toSatisfy((n: number) => n > 380),
    });
    expect(figures.steps[0]!.promptTokens! / 300).toBeCloseTo(1, 0.7);
    expect(Math.abs(figures.steps[0]!.promptTokens! - 300)).toBeLessThan(30);
  });

  it("shows the queue that builds behind a server which serves one at a time", async () => {
    const server = await serve(streaming(100, 2, inTurn()));
    const { result } = await load(server, `--rate 20 --duration 500ms ${SHORT}`);
    const times = ends(result);
    expect(times).toHaveLength(10);
    // Every 50 ms one that takes at least 100: in whichever order they are served, the last ends 1 s after the first was due,
    // and the mean wait grows by 50 ms with each.
    expect(Math.max(...times)).toBeGreaterThan(100 + 50 * 9 - 10);
    expect(times.reduce((sum, ms) => sum + ms, 0) / 10).toBeGreaterThan(100 + 50 * 4.5 - 10);
  });

  it("counts a stall against every request that was due in it", async () => {
    const started = performance.now();
    let stalled = false;
    // From 300 ms after the first measured request on, nothing is answered for a second; then all is at once.
    let first: number | undefined;
    const server = await serve(async (response, request) => {
      const now = performance.now() - started;
      first ??= request.body.max_tokens === 4 && server.seen.length > 2 ? now : undefined;
      const into = first === undefined ? 0 : now - first;
      if (into >= 300 && into < 1300) {
        stalled = true;
        await wait(1300 - into);
      }
      await streaming(4, 2)(response, request);
    });
    const { result } = await load(server, `--rate 20 --duration 2s --e2e-limit 250ms ${SHORT}`);
    expect(stalled).toBe(true);
    const slow = ends(result).filter((ms) => ms > 200);
    // About 16 of 40: one that waits for each answer before the next question would have had one.
    expect(slow.length).toBeGreaterThanOrEqual(13);
    expect(Math.max(...slow)).toBeGreaterThan(900);
    expect(result.figures.steps[0]!.goodput!.share).toBeLessThan(0.7);
  });

  it("counts errors by their code, asks nothing again, and takes them for what is not good", async () => {
    let asked = 0;
    const server = await serve((response, request) => {
      asked += 1;
      if (asked % 3 === 0) return json({ error: { message: "no" } }, 500)(response, request);
      if (asked % 3 === 1 && asked > 1) return json({ error: { message: "slow" } }, 429)(response, request);
      return streaming(5, 2)(response, request);
    });
    const { exitCode, stdout, result } = await load(server, `--rate 30 --duration 400ms --e2e-limit 5s ${SHORT}`);
    expect(exitCode).toBe(0);
    const [step] = result.figures.steps;
    expect(step!.errors.map(({ code, count }) => `${code} ${count}`).sort()).toEqual([
      "E_ENDPOINT_RATE_LIMIT 4",
      "E_ENDPOINT_STATUS 4",
    ]);
    expect(asked).toBe(13);
    expect(step!.goodput).toMatchObject({ good: 4 });
    expect(stdout).toContain("Requests failed at 30/s");
  });

  it("finds the knee of a server that serves one at a time, and writes a page", async () => {
    const server = await serve(streaming(50, 2, inTurn()));
    const { exitCode, stdout, project, result } = await load(
      server,
      `--rate 14 --ramp auto --duration 800ms --e2e-limit 250ms ${SHORT}`,
    );
    expect(exitCode).toBe(0);
    const { knee } = result.figures;
    // Even arrivals are borne up to 1 / 50 ms; each service takes some milliseconds more than that.
    expect(knee).toMatchObject({ state: "found" });
    if (knee.state !== "found") return;
    expect(knee.rate).toBeLessThan(28);
    expect(knee.above / knee.rate).toBeLessThan(2.01);
    expect(stdout).toContain("The knee lies at");
    expect(await readFile(join(project, "out/load.html"), "utf8")).toContain("The knee lies at");
    expect((await readdir(join(project, "out"))).sort()).toEqual(["load.html", "load.json"]);
  });

  it("asks a suite's questions with passages that were retrieved before", async () => {
    const server = await serve(streaming(5, 2));
    const { exitCode, stderr, result } = await load(server, "--suite example -k 2 --rate 20 --duration 300ms");
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(result.prompts).toMatchObject({ kind: "suite", suite: "example", k: 2 });
    const bodies = server.seen
      .filter(({ method }) => method === "POST")
      .map(({ body }) => JSON.stringify(body.messages));
    expect(new Set(bodies).size).toBeGreaterThan(3);
    expect(bodies[1]).toMatch(/\[2\]|passage/i);
  });

  it("limits answers under the name that the file uses, and asks for a stream whatever the file says", async () => {
    const server = await serve(streaming(5, 2));
    const extra = "  stream: false\n  extra_body: { max_completion_tokens: 900, ignore_eos: true }\nprice";
    const files = { "benchmarks/systems/mine.yaml": SYSTEM.replace("price", extra) };
    const argv = "load -s mine --rate 20 --duration 100ms --warmup 0 --prompt-tokens 50 --output-tokens 7 -q".split(
      " ",
    );
    const project = await starterProject(files);
    expect(await runCli(argv, project, { env: { URL: server.url } })).toMatchObject({ exitCode: 0, stderr: "" });
    const { body } = server.seen.at(-1)!;
    expect(body).toMatchObject({ max_completion_tokens: 7, ignore_eos: true, stream: true });
    expect(body).not.toHaveProperty("max_tokens");
    expect((await readdir(join(project, "loads"))).map((name) => name.replace(/^\d{8}T\d{6}Z/, "time")).sort()).toEqual(
      ["time-mine.html", "time-mine.json"],
    );
  });

  it("ends with 4 when the passages of a suite's questions cannot be had", async () => {
    const server = await serve(streaming(5, 2));
    // It answers before the first question, and fails then.
    await using retriever = await faultServer(json({ hits: [] }), json({ error: "down" }, 400));
    const http = `retriever: { kind: http, url: "${retriever.url}", body: '{"q": {{json query}}, "k": {{k}}}', ids: /hits/*/id }`;
    const project = await starterProject({
      "benchmarks/systems/mine.yaml": SYSTEM.replace("retriever: { kind: bm25 }", http),
    });
    const argv = "load -s mine --suite example --rate 20 --duration 100ms -q".split(" ");
    const { exitCode, stderr } = await runCli(argv, project, { env: { URL: server.url } });
    expect(stderr).toContain("E_ENDPOINT_STATUS");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(exitCode).toBe(4);
  });

  it("keeps what was measured when it is stopped", async () => {
    const stop = new AbortController();
    const server = await serve((response, request) => {
      if (server.seen.length === 8) stop.abort();
      return streaming(5, 2)(response, request);
    });
    const { exitCode, stdout, result } = await load(server, `--ramp 20,40 --duration 20s ${SHORT}`, stop.signal);
    expect(exitCode).toBe(130);
    expect(result).toMatchObject({ status: "interrupted" });
    expect(result.steps).toHaveLength(1);
    expect(result.steps[0]!.requests.length).toBeGreaterThanOrEqual(4);
    expect(result.steps[0]!.cutOff).toBeGreaterThan(300);
    expect(stdout).toContain("The test was stopped");
  });

  it("sends no more at once than allowed", async () => {
    const server = await serve(streaming(300, 1));
    const { result } = await load(server, `--rate 50 --duration 200ms --max-in-flight 3 ${SHORT}`);
    expect(result.figures.steps[0]).toMatchObject({ n: 10, answered: 3, notSent: 7 });
  });

  it("ends with 4 when the first request is not answered, and writes nothing", async () => {
    const server = await serve(json({ error: { message: "too long", code: "context_length_exceeded" } }, 400));
    const { exitCode, stderr, result } = await load(server, `--rate 20 ${SHORT}`);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("E_ENDPOINT_CONTEXT");
    expect(result).toEqual({});
    const posts = server.seen.filter(({ method }) => method === "POST");
    expect(posts).toHaveLength(1);
  });

  it("ends with 4 when nothing of the test itself is answered, and keeps the log of that", async () => {
    let asked = 0;
    const server = await serve((response, request) =>
      (asked++ === 0 ? completion("a") : json({ error: { message: "no" } }, 500))(response, request),
    );
    const { exitCode, result } = await load(server, `--ramp 20,40 --duration 200ms ${SHORT}`);
    expect(exitCode).toBe(4);
    expect(result.steps).toHaveLength(1);
    expect(result.figures.steps[0]!.errors).toEqual([{ code: "E_ENDPOINT_STATUS", count: 4 }]);
  });

  it("prints its figures as JSON", async () => {
    const server = await serve(streaming(5, 2));
    const { stdout } = await load(server, `--rate 20 --duration 200ms --format json ${SHORT}`);
    const printed = JSON.parse(stdout);
    expect(printed).toMatchObject({ kind: "load", figures: { steps: [{ n: 4 }] } });
    expect(printed).not.toHaveProperty("steps");
  });
});

describe("bench load --dry-run", () => {
  it("says requests, tokens and cost, and contacts nothing", async () => {
    const { exitCode, stdout, result } = await load(undefined, "--ramp 1,2 --duration 100s --dry-run");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("load at 1/s, 2/s, 2 min each");
    expect(stdout).toContain("requests: about 301, at most 256 under way");
    // 301 × 2,000 and 301 × 256 tokens at 1 and 10 dollars a million.
    expect(stdout).toMatch(/about 602.000 of prompts, at most about 77.056 of answers/);
    expect(stdout).toMatch(/cost: at most about \$1\.37/);
    expect(result).toEqual({});
  });

  it("estimates a suite's prompts, and a search for the knee by a guess", async () => {
    const { exitCode, stdout } = await load(undefined, "--suite example --ramp auto --e2e-limit 1s --dry-run");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/load at 1\/s, 2\/s, 4\/s, 8\/s, 16\/s, .*if the knee lies near 8\/s/);
    expect(stdout).toMatch(/tokens: about \d+/);
  });
});

describe("bench load refuses", () => {
  it.each([
    ["an unbounded search", "--ramp auto", "--ttft-limit 500ms"],
    ["a rate of 0", "--rate 0", "above 0"],
    ["one rate twice", "--ramp 1,2,1", "each rate once"],
    ["rates beside auto", "--ramp 1,auto --e2e-limit 1s", "auto alone"],
    ["two kinds of prompts", "--suite example --prompt-tokens 10", "--prompt-tokens"],
    ["passages of no suite", "-k 3", "add --suite"],
    ["a span without sense", "--duration fast", "--duration"],
  ])("%s", async (_what, flags, words) => {
    const { exitCode, stderr } = await load(undefined, flags);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
  });

  it("all of them at once", async () => {
    const { stderr } = await load(undefined, "--ramp auto,1,1 -k 3");
    expect(stderr.match(/E_USAGE/g)).toHaveLength(4);
  });

  it("a system whose generator does no work, and one that is not named", async () => {
    const project = await starterProject();
    const reader = await runCli(["load", "-s", "bm25-reader"], project);
    expect(reader).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("of kind reader") });
    expect(await runCli(["load"], project)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--system") });
  });
});
