import { describe, expect, it } from "vitest";
import { EXIT } from "../../core/errors.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const suite = (split: string) =>
  `dataset: example\nsplit: ${split}\nconditions: [rag@3]\nmetrics: [R@3, F1, Contains, Coverage]\n`;
const READER = "retriever: { kind: bm25 }\ngenerator: { kind: reader }\n";

/** Finished runs of a reader that never declines by itself on eval and on test. */
async function project(): Promise<string> {
  const folder = await starterProject({
    "benchmarks/on-eval/suite.yaml": suite("eval"),
    "benchmarks/on-test/suite.yaml": suite("test"),
    "benchmarks/systems/bold.yaml": READER,
  });
  for (const name of ["on-eval", "on-test"]) {
    const { exitCode, stderr } = await runCli(["run", "--suite", name, "--system", "bold", "--quiet"], folder);
    expect(exitCode, stderr).toBe(EXIT.ok);
  }
  return folder;
}

describe("bench refusal fit", () => {
  it("chooses on eval and gives the figures of test without and with the threshold, each with its n", async () => {
    const folder = await project();
    const args = ["refusal", "fit", "on-eval/bold", "on-test/bold"];
    const { exitCode, stdout } = await runCli(args, folder);
    expect(exitCode).toBe(EXIT.ok);
    expect(stdout).toMatch(/^decline below: (?:\d|never).*\(rag@3\)\nchosen on on-eval-bold-\w+: mean Contains \.?\d/);
    expect(stdout).toMatch(/measured on on-test-bold-\w+/);
    for (const name of ["Coverage", "AnswerPrecision", "RefusalRecall", "FalseAnswer"]) {
      expect(stdout).toMatch(new RegExp(`${name} +\\S.*n=\\d+.* n=\\d+`));
    }
    const json = JSON.parse((await runCli([...args, "--format", "json"], folder)).stdout);
    expect(json).toMatchObject({ condition: "rag@3", right: { metric: "Contains" }, aim: { kind: "score" } });
    expect(json.reached).toBeGreaterThanOrEqual(json.without);
    expect(json.figures.map((figure: { name: string }) => figure.name)).toHaveLength(6);

    const strict = await runCli([...args, "--precision", "0.999"], folder);
    expect([EXIT.ok, EXIT.data]).toContain(strict.exitCode);
    if (strict.exitCode === EXIT.data) expect(strict.stderr).toContain("E_REFUSAL_FIT");

    const same = await runCli(["refusal", "fit", "on-test/bold", "on-test/bold"], folder);
    expect(same.exitCode).toBe(EXIT.usage);
    expect(same.stderr).toContain("runs on two splits");
    const missing = await runCli([...args, "--condition", "oracle"], folder);
    expect(missing.exitCode).toBe(EXIT.usage);
    expect(missing.stderr).toContain("name one with --condition");
  });

  it("names a run that is not there", async () => {
    const { exitCode, stderr } = await runCli(["refusal", "fit", "a/b", "c/d"], await starterProject());
    expect(exitCode).toBe(EXIT.data);
    expect(stderr).toContain("E_RUN_UNKNOWN");
  });
});
