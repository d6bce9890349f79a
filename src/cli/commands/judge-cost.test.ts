import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listGradings } from "../../runlog/index.ts";
import { completion, type FaultServer, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { answeredProject } from "../testing/answered-project.ts";
import { runCli } from "../testing/run-cli.ts";

const YES: Reply = completion(JSON.stringify({ reason: "agrees", correct: "YES" }));
/** A server that lists its model, with a window where one is given. */
const serving =
  (window?: number): Reply =>
  (response, request) => {
    const listed = { id: "judge", ...(window !== undefined && { max_model_len: window }) };
    return (request.path.endsWith("/models") ? json({ data: [listed] }) : YES)(response, request);
  };

async function setUp(
  server: FaultServer,
  prices = "prices:\n  - { model: judge, on: 2026-05-31, input: 1000, output: 1000 }\n",
) {
  const { root, runs } = await answeredProject({ made: (_, reference) => reference });
  await runCli(["judge", "init", "correct-yes-no"], root);
  if (prices !== "") await writeFile(join(root, "prices.yaml"), prices);
  const env = { JUDGE_URL: server.url };
  return {
    root,
    dir: runs.get("made")!,
    judge: (...argv: string[]) => runCli(["judge", "run", "-j", "correct-yes-no", "made/made", ...argv], root, { env }),
    asked: () => server.seen.filter(({ path }) => path.endsWith("/chat/completions")).length,
  };
}

describe("bench judge run: what it takes", () => {
  it("--dry-run tells grades, window, tokens and cost, and asks and writes nothing", async () => {
    await using server = await faultServer(serving(4096));
    const { dir, judge, asked } = await setUp(server);
    const { exitCode, stdout, stderr } = await judge("--dry-run");
    expect([exitCode, asked(), await listGradings(dir)]).toEqual([0, 0, []]);
    expect(stdout).toContain("40 grades to ask for");
    expect(stdout).toMatch(
      /context window: 4,?\s?096 tokens; the longest prompt has about \d+, its verdict at most 300/,
    );
    expect(stdout).toMatch(/cost: at most about .*\(prices of 2026-05-31 in prices\.yaml\)/);
    expect(stdout).toContain("time: unknown: judge a few with --limit 4 first");
    expect(stderr).toContain("nothing was judged");
  });

  it("after a pilot, --dry-run counts what is left by what the server counted", async () => {
    await using server = await faultServer(serving());
    const { judge } = await setUp(server);
    await judge("--limit", "4");
    const { stdout } = await judge("--dry-run");
    expect(stdout).toContain("36 grades to ask for");
    expect(stdout).toContain("Counted and timed on 4 earlier grades");
    // The server counts 11 tokens for each prompt and 3 for each reply.
    expect(stdout).toMatch(/tokens: about 396 of prompts, about \d+ of verdicts/);
    expect(stdout).toMatch(/time: about /);
    expect(stdout).toContain("unknown, the server does not list it");
  });

  it("refuses prompts that do not fit the window before anything is spent", async () => {
    await using server = await faultServer(serving(400));
    const { dir, judge, asked } = await setUp(server);
    const dry = await judge("--dry-run");
    expect([dry.exitCode, dry.stdout]).toEqual([4, expect.stringContaining("E_CONTEXT_WINDOW")]);
    const real = await judge();
    expect([real.exitCode, real.stderr]).toEqual([4, expect.stringContaining("at most 400 tokens together")]);
    expect([asked(), await listGradings(dir)]).toEqual([0, []]);
  });

  it("--max-cost stops in time, counts what was spent before, and can be gone on with", async () => {
    await using server = await faultServer(serving());
    const { dir, judge, asked } = await setUp(server);
    // 14 tokens at 1,000 USD a million: .014 USD a grade; those under way count too.
    const first = await judge("--max-cost", "0.14");
    expect([first.exitCode, first.stderr]).toEqual([130, expect.stringContaining("of --max-cost 0.14")]);
    const spent = asked();
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(10);
    const again = await judge("--max-cost", "0.14");
    expect([again.exitCode, asked()]).toEqual([130, spent]);
    const [{ path } = { path: "" }] = await listGradings(dir);
    expect((await readFile(path, "utf8")).trim().split("\n")).toHaveLength(1 + spent);
    expect((await judge("--max-cost", "5")).exitCode).toBe(0);
    expect(asked()).toBe(40);
  });

  it("--fresh throws nothing away that could not be judged anew", async () => {
    let window: number | undefined;
    await using server = await faultServer((response, request) => serving(window)(response, request));
    const { dir, judge, asked } = await setUp(server);
    await judge("--limit", "3");
    window = 400;
    expect((await judge("--fresh")).exitCode).toBe(4);
    expect((await judge("--fresh", "--max-cost", "1")).exitCode).toBe(4);
    expect([asked(), (await listGradings(dir)).length]).toEqual([3, 1]);
    window = undefined;
    expect((await judge("--fresh", "--limit", "5")).exitCode).toBe(0);
    expect(asked()).toBe(8);
  });

  it("--max-cost needs a price", async () => {
    await using server = await faultServer(serving());
    const { judge, asked } = await setUp(server, "");
    const { exitCode, stderr } = await judge("--max-cost", "1");
    expect([exitCode, asked()]).toEqual([2, 0]);
    expect(stderr).toMatch(
      /E_COST_UNKNOWN\)[\s\S]*price of the model "judge", which judges\/correct-yes-no\/judge\.yaml asks/,
    );
    // Not even the list of models.
    expect(server.seen).toEqual([]);
    expect((await judge("--dry-run")).stdout).toContain("prices.yaml names no price");
  });

  it("--dry-run finds a judge that could not grade, and a limit below 0 is refused", async () => {
    await using server = await faultServer(serving());
    const { root, judge } = await setUp(server);
    await runCli(["judge", "init", "lexical-0-3"], root);
    const { stdout, exitCode } = await runCli(["judge", "run", "-j", "lexical-0-3", "made/made", "--dry-run"], root);
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect((await judge("--max-cost", "-1")).exitCode).toBe(2);
  });
});
