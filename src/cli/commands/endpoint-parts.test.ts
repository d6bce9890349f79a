import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AnswerLine, RetrievalLine } from "../../runlog/index.ts";
import { completion, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { answeredProject } from "../testing/answered-project.ts";
import { runCli } from "../testing/run-cli.ts";
import { endpointSystem, starterProject } from "../testing/starter-project.ts";

const MODELS = json({ data: [{ id: "m" }, { id: "judge" }] });
const PRICES = "prices:\n  - { model: m, on: 2026-05-31, input: 1000, output: 1000 }\n";
const RUN = ["run", "--system", "endpoint", "--topk", "1", "--limit", "3"];
const listing =
  (reply: Reply): Reply =>
  (response, request) =>
    (request.method === "GET" ? MODELS : reply)(response, request);

async function logOf(folder: string): Promise<(AnswerLine | RetrievalLine)[]> {
  const [run] = await readdir(join(folder, "runs"));
  const text = await readFile(join(folder, "runs", run!, "run.jsonl"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("a rewriter's question", () => {
  const REWRITTEN = "How long does descaling the kettle take?";
  const rewriter = 'rewriter: { kind: openai, base_url: "${URL}", model: m, stream: false, max_attempts: 1 }';
  const system = endpointSystem().replace(
    "retriever: { kind: bm25 }",
    `retriever: { kind: rewrite, of: { kind: bm25 }, when: always, ${rewriter} }`,
  );
  const reply = listing((response, request) => {
    const { content } = (request.body.messages as { content: string }[]).at(-1)!;
    return completion(content.includes("<passage") ? "four minutes" : REWRITTEN)(response, request);
  });

  it("is in the log beside the ranking it led to, in what log show prints, and on the question's page", async () => {
    await using server = await faultServer(reply);
    const folder = await starterProject({ "benchmarks/systems/endpoint.yaml": system });
    expect((await runCli(RUN, folder, { env: { URL: server.url } })).exitCode).toBe(0);
    const retrievals = (await logOf(folder)).filter(({ kind }) => kind === "retrieval") as RetrievalLine[];
    expect(retrievals.map(({ rewritten }) => rewritten)).toEqual([REWRITTEN, REWRITTEN, REWRITTEN]);
    expect((await runCli(["log", "show", "example/endpoint"], folder)).stdout).toContain(
      `searched for as: ${REWRITTEN}`,
    );
    expect((await runCli(["log", "verify"], folder)).exitCode).toBe(0);
    expect((await runCli(["report"], folder)).exitCode).toBe(0);
    const [run] = await readdir(join(folder, "site", "runs"));
    const page = await readFile(join(folder, "site", "runs", run!, "data", "q0000.js"), "utf8");
    expect(page.replaceAll("\\", "")).toContain(`"rewritten":"${REWRITTEN}"`);
  });

  it("is not timed where the rewriter has a budget: what would be measured is the wait for it", async () => {
    await using server = await faultServer(reply);
    const budget = system.replace("max_attempts: 1 } }", "max_attempts: 1, rate: { rpm: 1000 } } }");
    const folder = await starterProject({ "benchmarks/systems/endpoint.yaml": budget });
    const { exitCode, stderr } = await runCli([...RUN, "--latency"], folder, { env: { URL: server.url } });
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining("endpoint.yaml /retriever/rewriter/rate holds calls back"),
    ]);
  });

  it("is shown by ask, and is not where the words stay the same", async () => {
    await using server = await faultServer(reply);
    const folder = await starterProject({ "benchmarks/systems/endpoint.yaml": system });
    const ask = async (question: string) =>
      (await runCli(["ask", "-s", "endpoint", question], folder, { env: { URL: server.url } })).stdout;
    expect(await ask("How long?")).toContain(`How long?\nsearched for as: ${REWRITTEN}\nendpoint on example`);
    expect(await ask(REWRITTEN)).not.toContain("searched for as");
  });
});

describe("hedge", () => {
  const hedged = (more = "") => endpointSystem(`hedge: { after_s: 0.05, share: 1 }${more}`);

  it("has both requests counted in the cost, and says in the log which answers were sent twice", async () => {
    const times = new Map<string, number>();
    const reply = listing((response, request) => {
      const body = JSON.stringify(request.body);
      times.set(body, (times.get(body) ?? 0) + 1);
      // The first of two never answers.
      if (times.get(body) === 2) return completion("four minutes")(response, request);
    });
    await using server = await faultServer(reply);
    const folder = await starterProject({ "benchmarks/systems/endpoint.yaml": hedged(), "prices.yaml": PRICES });
    const ran = await runCli(RUN, folder, { env: { URL: server.url } });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toMatch(/base_url: 3 of 3 requests were sent a second time \(hedge\)/);
    const answers = (await logOf(folder)).filter(({ kind }) => kind === "answer") as AnswerLine[];
    for (const { hedged: twice, usage, cost, timing } of answers) {
      expect([twice, usage]).toEqual([true, { promptTokens: 11, completionTokens: 3 }]);
      expect(cost!.usd).toBeCloseTo(0.028, 9);
      expect(timing.ms).toBeGreaterThanOrEqual(50);
    }
    expect((await runCli(["log", "show", "example/endpoint"], folder)).stdout).toContain("[sent twice]");
  });

  it("is warned of where the model samples without a seed", async () => {
    await using server = await faultServer(listing(completion("four minutes")));
    for (const [more, warned] of [
      ["\n  temperature: 0.7", true],
      ["\n  temperature: 0.7\n  seed: 3", false],
      ["", false],
    ] as const) {
      const folder = await starterProject({ "benchmarks/systems/endpoint.yaml": hedged(more) });
      const { stderr } = await runCli([...RUN, "--dry-run"], folder, { env: { URL: server.url } });
      expect(stderr.includes("W_HEDGE_SAMPLING")).toBe(warned);
    }
  });

  it("takes seconds or a percentile, not both", async () => {
    const both = endpointSystem("hedge: { after_s: 1, percentile: 90 }");
    const folder = await starterProject({ "benchmarks/systems/endpoint.yaml": both });
    const { exitCode, stderr } = await runCli(RUN, folder, { env: { URL: "http://localhost:9/v1" } });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("expected after_s or percentile, got both")]);
  });
});

describe("a judge's endpoint", () => {
  const VERDICT = completion(JSON.stringify({ reason: "agrees", correct: "YES" }));
  async function judged(rate: string) {
    const server = await faultServer(listing(VERDICT));
    const { root, runs } = await answeredProject({ made: (_, reference) => reference });
    await runCli(["judge", "init", "correct-yes-no"], root);
    const file = join(root, "judges/correct-yes-no/judge.yaml");
    const yaml = await readFile(file, "utf8");
    await writeFile(file, yaml.replace(/^model:\n/m, `model:\n  ${rate}\n`));
    const judge = () =>
      runCli(["judge", "run", "-j", "correct-yes-no", "made/made"], root, { env: { JUDGE_URL: server.url } });
    const asked = () => server.seen.filter(({ method }) => method === "POST").length;
    const grades = async () => {
      const folder = join(runs.get("made")!, "grades");
      const [name] = await readdir(folder);
      return (await readFile(join(folder, name!), "utf8")).match(/^\{"kind":"grade"/gm)?.length;
    };
    return { server, judge, asked, grades };
  }

  it("with a day's budget ends the judging when it is used up, keeps all that was graded, and asks none twice", async () => {
    const { server, judge, asked, grades } = await judged("rate: { rpd: 5 }");
    await using _ = server;
    const first = await judge();
    expect(first).toMatchObject({ exitCode: 4, stdout: "" });
    expect(first.stderr).toMatch(/judge\.yaml.*\(E_BUDGET_USED\)[\s\S]*go on in 24 h .* with the same command/);
    expect([asked(), await grades()]).toEqual([5, 5]);
    // The day of one process is the day of the next.
    expect((await judge()).exitCode).toBe(4);
    expect([asked(), await grades()]).toEqual([5, 5]);
  });

  it("that asks to wait for hours ends the judging with what it says", async () => {
    const { server, judge, grades } = await judged("concurrency: 1");
    await using _ = server;
    let asked = 0;
    const later = json({ error: { message: "later" } }, 429, { "retry-after": "7200" });
    server.reply(
      listing((response, request) => {
        asked += 1;
        return (asked > 4 ? later : VERDICT)(response, request);
      }),
    );
    const { exitCode, stderr } = await judge();
    expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/asks to wait 2 h 00 min/)]);
    expect(await grades()).toBe(4);
    server.reply(listing(VERDICT));
    expect((await judge()).exitCode).toBe(0);
  });
});
