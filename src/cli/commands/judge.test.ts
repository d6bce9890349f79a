import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { completion, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const models: Reply = json({ data: [{ id: "judge" }] });
const verdict: Reply = completion(JSON.stringify({ reason: "agrees", correct: "YES" }));
/** Lists its model, then judges. */
const judging =
  (reply: Reply): Reply =>
  (response, request) =>
    (request.path.endsWith("/models") ? models : reply)(response, request);

describe("bench judge", () => {
  it("init lists the judges that come with the tool, and says what each is for", async () => {
    const { stdout, exitCode } = await runCli(["judge", "init"], await tempFolder());
    expect(exitCode).toBe(0);
    for (const id of [
      "answer-0-3",
      "correct-yes-no",
      "grounded-0-3",
      "relevance-0-3",
      "relevance-1-5",
      "pairwise",
      "lexical-0-3",
    ]) {
      expect(stdout).toMatch(new RegExp(`^${id} +(model|pairwise|lexical) +[A-Z]`, "m"));
    }
  });

  it("init copies a judge once, under a name of one's choice", async () => {
    const root = await starterProject();
    expect((await runCli(["judge", "init", "correct-yes-no", "--as", "strict"], root)).exitCode).toBe(0);
    expect(await readdir(join(root, "judges", "strict"))).toEqual(["judge.yaml", "prompt.hbs"]);
    const again = await runCli(["judge", "init", "correct-yes-no", "--as", "strict"], root);
    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("E_INIT_EXISTS") });
    expect((await runCli(["judge", "init", "correct-yes-no", "--as", "../x"], root)).stderr).toContain("E_JUDGE_NAME");
    expect((await runCli(["judge", "init", "corect-yes-no"], root)).stderr).toContain('did you mean "correct-yes-no"?');
  });

  it.each([
    ["correct-yes-no", "then bench judge run --judge correct-yes-no"],
    ["pairwise", "then bench judge pairs --judge pairwise"],
    ["lexical-0-3", "Next: bench judge fit --judge lexical-0-3"],
    ["relevance-0-3", "then bench judge passages --judge relevance-0-3 --all"],
  ])("init says what comes next for %s", async (id, next) => {
    const { stdout } = await runCli(["judge", "init", id], await tempFolder({ "benchmarks/.keep": "" }));
    expect(stdout).toContain(next);
    expect(stdout.includes("JUDGE_URL")).toBe(id !== "lexical-0-3");
  });

  describe("run", () => {
    /** A project with a finished run and a judge. */
    const setUp = async () => {
      const root = await starterProject();
      await runCli(["run", "--system", "bm25-reader", "--topk", "3", "--quiet"], root);
      await runCli(["judge", "init", "correct-yes-no"], root);
      return root;
    };
    const answers = async (root: string) => {
      const [run] = await readdir(join(root, "runs"));
      const lines = (await readFile(join(root, "runs", run!, "run.jsonl"), "utf8")).trim().split("\n");
      return lines
        .map((line) => JSON.parse(line) as { kind: string; refused?: boolean })
        .filter(({ kind }) => kind === "answer");
    };

    it("grades the answers of the newest run and shows them beside its metrics", async () => {
      const root = await setUp();
      await using server = await faultServer(judging(verdict));
      const env = { JUDGE_URL: server.url };
      const first = await runCli(
        ["judge", "run", "--judge", "correct-yes-no", "--limit", "2", "example/bm25-reader"],
        root,
        { env },
      );
      expect(first.exitCode).toBe(0);
      expect(first.stdout).toContain("correct-yes-no/correct");
      const done = await runCli(
        ["judge", "run", "-j", "correct-yes-no", "example/bm25-reader", "--format", "json"],
        root,
        { env },
      );
      const graded = (await answers(root)).filter(({ refused }) => !refused).length;
      expect(graded).toBeGreaterThan(3);
      expect(done.stderr).toContain(`correct-yes-no on `);
      expect(done.stderr).toContain(`${graded} grades`);
      expect(server.seen.filter(({ path }) => path.endsWith("/chat/completions"))).toHaveLength(graded);
      expect(JSON.stringify(JSON.parse(done.stdout))).toContain('"correct-yes-no/correct"');
      expect((await runCli(["show"], root)).stdout).toContain("correct-yes-no/correct");
    });

    it("refuses an unknown judge, condition, kind, and a server that is not there", async () => {
      const root = await setUp();
      const judge = (...argv: string[]) =>
        runCli(["judge", "run", ...argv, "example/bm25-reader"], root, { env: { JUDGE_URL: "http://127.0.0.1:9/v1" } });
      expect(await judge("--judge", "corect")).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining("E_JUDGE_UNKNOWN"),
      });
      expect(await judge()).toMatchObject({ exitCode: 2 });
      expect(await judge("-j", "correct-yes-no", "--condition", "rag@9")).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("rag@3"),
      });
      expect(await judge("-j", "correct-yes-no", "--fresh")).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("E_ENDPOINT_UNREACHABLE"),
      });
      await runCli(["judge", "init", "pairwise"], root);
      expect(await judge("-j", "pairwise")).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining("kind pairwise"),
      });
    });

    it("says without a variable which one is missing", async () => {
      const root = await setUp();
      const { stderr, exitCode } = await runCli(["judge", "run", "-j", "correct-yes-no", "example/bm25-reader"], root);
      expect(exitCode).toBe(3);
      expect(stderr).toContain("JUDGE_URL");
      await writeFile(join(root, "judges", "correct-yes-no", "prompt.hbs"), "{{question}} {{wrong}}");
      const bad = await runCli(["judge", "run", "-j", "correct-yes-no", "example/bm25-reader"], root, {
        env: { JUDGE_URL: "http://127.0.0.1:9/v1" },
      });
      expect(bad).toMatchObject({ exitCode: 3, stderr: expect.stringContaining("{{wrong}}") });
    });
  });
});
