import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HistoryTable } from "../../report/history/history-table.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const QUESTIONS = Array.from({ length: 60 }, (_, i) => `q${i}`);

/** Answers of which so many are right. */
function answers(right: number): string {
  return QUESTIONS.map(
    (query, i) => `${JSON.stringify({ query, text: i < right ? `number ${i}` : "no idea" })}\n`,
  ).join("");
}

const FILES: Readonly<Record<string, string>> = {
  "benchmarks/sixty/suite.yaml": "dataset: sixty\nconditions: [closed-book]\nmetrics: [EM, F1]\n",
  "datasets/sixty/corpus.jsonl": `${JSON.stringify({ _id: "p", text: "Nothing of use." })}\n`,
  "datasets/sixty/queries.jsonl": QUESTIONS.map(
    (q, i) => `${JSON.stringify({ _id: q, text: `What of ${q}?`, answers: [`number ${i}`] })}\n`,
  ).join(""),
  "datasets/sixty/qrels/test.tsv": `query-id\tcorpus-id\tscore\n${QUESTIONS.map((q) => `${q}\tp\t1\n`).join("")}`,
  "benchmarks/systems/vendor.yaml": "generator: { kind: replay, file: vendor.jsonl }\n",
};

/** A project in which a vendor's model answered the questions so often, so many of them rightly each time. */
async function ran(...rights: readonly number[]) {
  const folder = await starterProject(FILES);
  const again = async (right: number, ...args: string[]) => {
    await writeFile(join(folder, "benchmarks/systems/vendor.jsonl"), answers(right));
    const command = ["run", "-b", "sixty", "-s", "vendor", "--fresh", "--quiet", ...args];
    expect(await runCli(command, folder)).toMatchObject({ exitCode: 0 });
  };
  for (const right of rights) await again(right);
  const history = (...args: string[]) => runCli(["history", ...args], folder);
  return { folder, again, history };
}

describe("bench history", () => {
  it("flags what changed at a vendor's, where nothing of ours did, as a table and as a page", async () => {
    const { folder, history } = await ran(50, 20, 20);
    const { exitCode, stderr, stdout } = await history("sixty", "vendor", "--html", "h.html");
    expect([exitCode, stderr]).toEqual([0, "page: h.html\n"]);
    expect(stdout).toContain("EM closed-book: #2 is worse; changed with it: nothing that the run folders record");
    expect(await readFile(join(folder, "h.html"), "utf8")).toContain("#2 is worse");
    const last = await history("sixty/vendor", "--metric", "EM", "--last", "2", "--format", "json");
    const { metrics } = JSON.parse(last.stdout) as HistoryTable;
    expect(metrics.map(({ metric, points }) => [metric, points.map(({ run, change }) => [run, change?.kind])])).toEqual(
      [
        [
          "EM",
          [
            [2, "step"],
            [3, undefined],
          ],
        ],
      ],
    );
  });

  it("says what of the system's file differs, and holds runs against the baseline", async () => {
    const { folder, again, history } = await ran(50);
    expect((await runCli(["baseline", "sixty/vendor"], folder)).exitCode).toBe(0);
    await writeFile(join(folder, "benchmarks/systems/vendor.yaml"), "generator: { kind: replay, file: newer.jsonl }\n");
    await writeFile(join(folder, "benchmarks/systems/newer.jsonl"), answers(10));
    await again(50);
    const { stdout } = await history("sixty/vendor", "-m", "EM");
    expect(stdout).toMatch(/#2 is worse; changed with it: .*newer\.jsonl/);
    expect(stdout).toMatch(/^#1 \S+, accepted$/m);
  });

  it("lists runs over other questions apart, or takes them in on those that all share", async () => {
    const { again, history } = await ran(50);
    await again(20, "--limit", "30");
    const apart = await history("sixty/vendor");
    expect(apart.stdout).toMatch(/protocol {2}[0-9a-f]{8}, 1 run\n/);
    expect(apart.stdout).toMatch(/1 run of another protocol \([0-9a-f]{8}\): questions/);
    const shared = JSON.parse((await history("sixty/vendor", "--shared", "--format", "json")).stdout) as HistoryTable;
    expect(shared.runs.map(({ questions }) => questions)).toEqual([30, 30]);
    expect(shared.others).toEqual([]);
    expect(shared.metrics[0]!.points[1]!.change).toMatchObject({ verdict: "worse" });
  });

  it("names an interrupted run, and one that was edited, and leaves both out", async () => {
    const { folder, history } = await ran(50, 50, 50);
    const table = JSON.parse((await history("sixty/vendor", "--format", "json")).stdout) as HistoryTable;
    const log = (i: number) => join(folder, "runs", table.runs[i]!.run.run, "run.jsonl");
    const whole = await readFile(log(0), "utf8");
    await writeFile(log(0), whole.slice(0, whole.trimEnd().lastIndexOf("\n") + 1));
    await writeFile(log(1), (await readFile(log(1), "utf8")).replace('"value":1', '"value":0'));
    const { exitCode, stdout, stderr } = await history("sixty/vendor");
    expect(exitCode).toBe(3);
    expect(stderr).toContain("E_RUN_VERIFY");
    expect(stdout).toContain("1 run\n");
    expect(stdout).toContain(`${table.runs[0]!.run.run} was interrupted and is left out`);
  });

  it("refuses what it cannot find, with the nearest name", async () => {
    const { folder, history } = await ran(50);
    for (const [args, code, reason] of [
      [["sixty"], 2, /E_HISTORY_SYSTEM[\s\S]*bench history sixty <system>/],
      [["sixty/vendr"], 3, /E_RUN_UNKNOWN[\s\S]*did you mean "sixty\/vendor"\?/],
      [["sixty/vendor", "--metric", "EN"], 3, /E_HISTORY_METRIC[\s\S]*did you mean "EM"\?/],
      [["sixty/vendor", "--protocol", "none"], 3, /E_HISTORY_EMPTY[\s\S]*begins with "none"/],
      [["sixty/vendor", "--horizon", "0"], 2, /--horizon/],
    ] as const) {
      const { exitCode, stdout, stderr } = await history(...args);
      expect({ args, exitCode, stdout }).toEqual({ args, exitCode: code, stdout: "" });
      expect(stderr).toMatch(reason);
    }
    const [only] = await readdir(join(folder, "runs"));
    const log = join(folder, "runs", only!, "run.jsonl");
    await writeFile(log, (await readFile(log, "utf8")).replace('"value":1', '"value":0'));
    const edited = await history("sixty/vendor");
    expect(edited).toMatchObject({ exitCode: 3, stdout: "" });
    expect(edited.stderr).toMatch(/^\S+run\.jsonl \(E_RUN_VERIFY\)/);
  });
});
