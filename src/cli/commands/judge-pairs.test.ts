import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PairsSummary } from "../../report/index.ts";
import { completion, type FaultServer, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { answeredProject } from "../testing/answered-project.ts";
import { runCli } from "../testing/run-cli.ts";

type Verdict = "A" | "B" | "tie" | undefined;

/** A judge that sees the number of the question and the two answers in the order they are shown. */
const judging =
  (verdict: (question: number, a: string, b: string) => Verdict): Reply =>
  (response, request) => {
    if (request.path.endsWith("/models")) return json({ data: [{ id: "judge" }] })(response, request);
    const { content } = (request.body as { messages: { content: string }[] }).messages[0]!;
    const part = (tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(content)![1]!;
    const chosen = verdict(Number(/question (\d+)/.exec(part("question"))![1]), part("answer_a"), part("answer_b"));
    const said = chosen === undefined ? "I cannot say." : JSON.stringify({ reason: "r", preference: chosen });
    return completion(said)(response, request);
  };

async function setUp(server: FaultServer) {
  // Ten questions are answered alike, and the second system declines two.
  const { root, runs } = await answeredProject({
    good: (i, reference) => (i < 10 ? "the same" : reference),
    poor: (i) => (i < 10 ? "the same" : i < 12 ? "I don't know." : "something else"),
  });
  await runCli(["judge", "init", "pairwise"], root);
  const env = { JUDGE_URL: server.url };
  return {
    root,
    dir: runs.get("good")!,
    pairs: (...argv: string[]) => runCli(["judge", "pairs", "made/good", "made/poor", ...argv], root, { env }),
    asked: () => server.seen.filter(({ path }) => path.endsWith("/chat/completions")).length,
  };
}

const mean = (estimate: { readonly state: string }) =>
  estimate.state === "estimated" ? (estimate as unknown as { mean: number }).mean : estimate.state;

describe("bench judge pairs", () => {
  it("asks every pair in both orders, spares equal texts and refusals, and finds the better system", async () => {
    await using server = await faultServer(judging((_, a) => (a.startsWith("The limit") ? "A" : "B")));
    const { dir, pairs, asked } = await setUp(server);
    const { exitCode, stdout, stderr } = await pairs();
    expect([exitCode, asked()]).toEqual([0, 2 * 28]);
    // 28 of 38 pairs are wins in both orders, ten are ties.
    expect(stdout).toMatch(/closed-book +38 +\.737 \[.*\] +\.263 \[.*\] +\.000 \[\.000, \.\d+\] +\.868 \[.*\] +good/);
    expect(stdout).toMatch(/Position bias[\s\S]*closed-book +\.000 \[\.000, \.\d+\] +\.500 \[/);
    expect(stdout).toContain("Not compared: 2 declined by poor.");
    expect(stderr).toContain("76 verdicts, 0 failures");
    const [file] = await readdir(join(dir, "pairs"));
    expect(file).toMatch(/^pairwise-[0-9a-f]{8}-[0-9a-f]{8}\.jsonl$/);
    const lines = (await readFile(join(dir, "pairs", file!), "utf8")).trim().split("\n");
    expect(JSON.parse(lines[0]!)).toMatchObject({ kind: "grading", against: { system: "poor" } });
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ kind: "end", counts: { grades: 76, failures: 0 } });
    // The tables of grades do not take pairs for grades.
    expect(await readdir(dir)).not.toContain("grades");
  });

  it("counts verdicts that change with the order as ties and as position bias", async () => {
    await using server = await faultServer(judging((i) => (i % 2 === 0 ? "A" : "tie")));
    const { pairs } = await setUp(server);
    const { stdout } = await pairs("--format", "json");
    const { conditions } = JSON.parse(stdout) as PairsSummary;
    expect(conditions).toHaveLength(1);
    const [{ win, tie, loss, preference, position }] = conditions as [PairsSummary["conditions"][0]];
    expect([win, tie, loss, preference].map(mean)).toEqual([0, 1, 0, 0.5]);
    // Half of the 28 pairs of different texts are decided by place alone, always for the first.
    expect([position.changed, position.first].map(mean)).toEqual([0.5, 1]);
    const { low, high } = position.changed as unknown as { low: number; high: number };
    expect([low > 0.3, high < 0.7]).toEqual([true, true]);
  });

  it("goes on where it was interrupted, and asks nothing twice", async () => {
    const control = new AbortController();
    let count = 0;
    await using server = await faultServer((response, request) => {
      if (++count === 20) control.abort();
      return judging(() => "tie")(response, request);
    });
    const { root, pairs, asked } = await setUp(server);
    const stopped = await runCli(["judge", "pairs", "made/good", "made/poor"], root, {
      env: { JUDGE_URL: server.url },
      signal: control.signal,
    });
    expect(stopped.exitCode).toBe(130);
    const before = asked();
    const kept = Number(/(\d+) verdicts/.exec(stopped.stderr)![1]);
    expect((await pairs("--limit", "11")).exitCode).toBe(0);
    expect((await pairs()).exitCode).toBe(0);
    // Twenty verdicts of the 76 cost nothing.
    expect(asked() - before).toBe(76 - 20 - Math.max(0, kept - 20));
    const all = asked();
    await pairs();
    expect(asked()).toBe(all);
    await pairs("--fresh");
    expect(asked()).toBe(all + 56);
  });

  it("leaves pairs without a verdict out of every figure and counts them", async () => {
    await using server = await faultServer(
      judging((i, a) => (i % 4 === 0 ? undefined : a.startsWith("The limit") ? "A" : "B")),
    );
    const { pairs } = await setUp(server);
    const { conditions } = JSON.parse((await pairs("--format", "json")).stdout) as PairsSummary;
    expect(conditions[0]).toMatchObject({ pairs: 31, undecided: 7 });
  });

  it("tells what it would take, holds prompts against the window and stops at its cost", async () => {
    let window = 4096;
    await using server = await faultServer((response, request) =>
      (request.path.endsWith("/models")
        ? json({ data: [{ id: "judge", max_model_len: window }] })
        : judging(() => "tie"))(response, request),
    );
    const { root, pairs, asked } = await setUp(server);
    const dry = await pairs("--dry-run");
    // Equal texts and refusals are not asked about.
    expect([dry.exitCode, dry.stdout]).toEqual([
      0,
      expect.stringMatching(/ and made-poor-\w+: 56 verdicts to ask for/),
    ]);
    expect((await pairs("--max-cost", "1")).stderr).toContain("E_COST_UNKNOWN");
    await writeFile(
      join(root, "prices.yaml"),
      "prices: [{ model: judge, on: 2026-05-31, input: 1000, output: 1000 }]\n",
    );
    const stopped = await pairs("--max-cost", "0.2");
    expect([stopped.exitCode, stopped.stderr]).toEqual([130, expect.stringContaining("of --max-cost 0.2, the same")]);
    expect(asked()).toBeLessThan(20);
    window = 300;
    expect(await pairs()).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("E_CONTEXT_WINDOW") });
    window = 4096;
    const left = await pairs("--dry-run");
    expect(left.stdout).toContain(`${56 - asked()} verdicts to ask for`);
    expect(left.stdout).toContain(`on ${asked()} earlier grades`);
    expect((await pairs()).exitCode).toBe(0);
    expect(asked()).toBe(56);
  });

  it("refuses another kind of judge, a run of another dataset and a condition that they do not share", async () => {
    await using server = await faultServer(judging(() => "tie"));
    const { root, pairs } = await setUp(server);
    const other = await answeredProject({ other: () => "x" }, () => "another reference");
    await runCli(["judge", "init", "correct-yes-no"], root);
    expect(await pairs("-j", "correct-yes-no")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("kind model"),
    });
    const stranger = await runCli(["judge", "pairs", "made/good", other.runs.get("other")!], root, {
      env: { JUDGE_URL: server.url },
    });
    expect(stranger).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("E_PAIRS_DATASET") });
    expect(await pairs("--condition", "rag@3")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("E_PAIRS_CONDITION"),
    });
  });
});
