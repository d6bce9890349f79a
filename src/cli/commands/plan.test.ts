import { describe, expect, it } from "vitest";
import type { QuestionPlan } from "../../gate/index.ts";
import { replay, SIXTY } from "../testing/replayed-project.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const FILES: Readonly<Record<string, string>> = {
  "benchmarks/sixty/suite.yaml":
    "dataset: sixty\nconditions: [rag@1]\nmetrics: [nDCG@10, RR]\ngate: { RR: { min_effect: 0.05 } }\n",
  ...SIXTY,
  ...replay("half", (i) => i % 2 === 0),
  ...replay("third", (i) => i % 3 === 0),
};

async function ran(...more: string[]) {
  const folder = await starterProject(FILES);
  expect(await runCli(["run", "-b", "sixty", "-s", "half,third", "--quiet", ...more], folder)).toMatchObject({
    exitCode: 0,
  });
  return (...args: string[]) => runCli(["plan", ...args], folder);
}

describe("bench plan", () => {
  it("says from two runs what it takes, and what pilot and suite tell", async () => {
    const plan = await ran("--limit", "30");
    const { exitCode, stdout, stderr } = await plan("sixty/half", "sixty/third", "--effect", "0.02");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^pilot: sixty-half-\w+ and sixty-third-\w+\n/);
    expect(stdout).toMatch(/metric +context +pilot n +these tell +60 tell +to tell +questions needed/);
    expect(stdout).toMatch(/RR +retrieval +30 +\.\d{3} +\.\d{3} +\.020 +\d/);
    expect(stdout).toContain("told with a probability of 80\u00a0%; error rate 0.05");
    const found = JSON.parse(
      (await plan("sixty/half", "sixty/third", "-e", "0.02", "--format", "json")).stdout,
    ) as QuestionPlan;
    expect(found).toMatchObject({ basis: "paired", questions: 60 });
  });

  it("takes the suite's newest run and the gate's effects where none are named", async () => {
    const plan = await ran();
    const { stdout } = await plan("--suite", "sixty", "--family", "4");
    expect(stdout).toMatch(/RR +retrieval +60 .* \.050 +at most \d/);
    expect(stdout).not.toContain("nDCG@10");
    expect(stdout).toContain("over 4 differences (each held to 0.013)");
    expect(stdout).toContain("Name two runs");
  });

  it("refuses three runs, a run of another suite, an effect of 0 and a suite without runs", async () => {
    const plan = await ran();
    expect((await plan("sixty/half", "sixty/third", "sixty/half")).exitCode).toBe(2);
    expect((await plan("sixty/half", "--effect", "0")).exitCode).toBe(2);
    const other = await plan("sixty/half", "--suite", "example", "--effect", "0.1");
    expect(other).toMatchObject({ exitCode: 3, stdout: "" });
    expect(other.stderr).toContain("E_PLAN_SUITE");
    const none = await plan("--suite", "example", "--effect", "0.1");
    expect(none.exitCode).toBe(3);
    expect(none.stderr).toContain("bench run --suite example --system SYSTEM --limit 50");
  });
});
