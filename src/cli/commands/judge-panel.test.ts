import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type GradedLine, listGradings, readGrades } from "../../runlog/index.ts";
import { completion, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { answeredProject } from "../testing/answered-project.ts";
import { runCli } from "../testing/run-cli.ts";

const NAMES = ["kind", "strict", "odd"] as const;
const models: Reply = json({ data: NAMES.map((id) => ({ id })) });

/** Each model has its own opinion of the question whose number stands in the prompt; `odd` gives every tenth no verdict. */
function opinionOf(model: string, i: number): string | undefined {
  if (model === "kind") return "YES";
  if (model === "strict") return i % 2 === 0 ? "YES" : "NO";
  return i % 10 === 0 ? undefined : i % 4 === 0 ? "YES" : "NO";
}
const panel: Reply = (response, request) => {
  if (request.path.endsWith("/models")) return models(response, request);
  const { model, messages } = request.body as { model: string; messages: { content: string }[] };
  const opinion = opinionOf(model, Number(/question (\d+)/.exec(messages[0]!.content)![1]));
  return completion(opinion ? JSON.stringify({ reason: "r", correct: opinion }) : "I would rather not.")(
    response,
    request,
  );
};

async function setUp(vote: "majority" | "median") {
  const { root, runs } = await answeredProject({ made: (_, reference) => reference });
  for (const name of NAMES) {
    await runCli(["judge", "init", "correct-yes-no", "--as", name], root);
    const path = join(root, "judges", name, "judge.yaml");
    await writeFile(path, (await readFile(path, "utf8")).replace("model: judge", `model: ${name}`));
  }
  await mkdir(join(root, "judges/panel"));
  await writeFile(join(root, "judges/panel/judge.yaml"), `kind: panel\nof: [${NAMES.join(", ")}]\nvote: ${vote}\n`);
  const grades = async (id: string): Promise<GradedLine[]> => {
    const found = (await listGradings(runs.get("made")!)).filter(({ head }) => head.judge.id === id);
    expect(found).toHaveLength(1);
    const lines: GradedLine[] = [];
    for await (const line of readGrades(found[0]!.path)) lines.push(line);
    return lines;
  };
  return { root, runs, grades };
}

describe("bench judge run with a panel", () => {
  it("keeps each member's grades, votes by them, tells how far they agree, and asks nothing twice", async () => {
    const { root, runs, grades } = await setUp("majority");
    await using server = await faultServer(panel);
    const env = { JUDGE_URL: server.url };
    const run = (...argv: string[]) => runCli(["judge", "run", "-j", "panel", "made/made", ...argv], root, { env });
    const asked = () => server.seen.filter(({ path }) => path.endsWith("/chat/completions")).length;

    expect((await run("--limit", "6")).exitCode).toBe(0);
    expect(await grades("panel")).toHaveLength(6);
    const done = await run();
    expect(done.exitCode).toBe(0);
    expect(done.stdout).toContain("panel/correct");
    // Four questions on which one member was asked twice and gave no verdict.
    expect(asked()).toBe(3 * 40 + 4);
    expect(done.stderr).toMatch(/its members agree on correct: Krippendorff's α −?\.\d+ \[/);
    const { panel: told } = (await listGradings(runs.get("made")!)).find(({ head }) => head.judge.id === "panel")!.head;
    expect(told!.members.map(({ id }) => id)).toEqual([...NAMES]);
    expect(told!.agreement).toMatchObject([{ criterion: "correct", alpha: { value: expect.any(Number), n: 40 } }]);
    expect(await grades("odd")).toHaveLength(40);
    const votes = await grades("panel");
    expect(votes).toHaveLength(40);
    for (const line of votes) {
      if (line.kind !== "grade") throw new Error(line.message);
      const i = Number(/question-(\d+)/.exec(line.query)![1]);
      const yes = NAMES.filter((name) => opinionOf(name, i) === "YES").length;
      expect([i, line.scores.correct]).toEqual([i, yes >= 2 ? 1 : 0]);
      expect(line).toMatchObject({ asked: 0, timing: { source: "replayed" } });
      expect(line.reason).toContain("kind 1, strict ");
    }
    // A vote asks nobody, and a pilot's limit takes no votes away.
    expect((await run("--limit", "2")).exitCode).toBe(0);
    expect((await run("--fresh")).exitCode).toBe(0);
    expect(asked()).toBe(124);
    expect(await grades("panel")).toHaveLength(40);
  });

  it("has no grade where no majority is, and never a default", async () => {
    const { root, grades } = await setUp("majority");
    await using server = await faultServer((response, request) =>
      request.path.endsWith("/models") || (request.body as { model: string }).model === "kind"
        ? panel(response, request)
        : completion("no")(response, request),
    );
    const { exitCode, stderr } = await runCli(["judge", "run", "-j", "panel", "made/made", "--limit", "3"], root, {
      env: { JUDGE_URL: server.url },
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("3 without a verdict");
    expect(stderr).toContain("not estimable");
    for (const line of await grades("panel"))
      expect(line).toMatchObject({ kind: "judge-failure", code: "E_PANEL_VOTE" });
  });

  it("does not vote while a member is interrupted", async () => {
    const { root } = await setUp("median");
    const control = new AbortController();
    let asked = 0;
    await using server = await faultServer((response, request) => {
      if (++asked > 50) control.abort();
      return panel(response, request);
    });
    const { exitCode, stderr } = await runCli(["judge", "run", "-j", "panel", "made/made"], root, {
      env: { JUDGE_URL: server.url },
      signal: control.signal,
    });
    expect(exitCode).toBe(130);
    expect(stderr).not.toContain("panel on ");
  });
});
