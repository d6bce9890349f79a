import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { completion, faultServer, json, type Reply } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const SUITE = [
  "dataset: example",
  "conditions: [rag@1, rag@3]",
  "metrics: [nDCG@10, F1]",
  "gate: { correct-yes-no/correct: { at_least: 0, point: true } }",
  "gate_limits: { unscored: 0, refusal_shift: 0.9, latency_p95: { at_most: 60000 } }",
  "",
].join("\n");

const GATE = ["gate", "example/bm25-reader", "example/bm25-reader"];

it("a judge's column passes the gate once people's labels vouch for the judge, and no more when its prompt changes", async () => {
  const models: Reply = json({ data: [{ id: "judge" }] });
  let asked = 0;
  await using server = await faultServer((response, request) => {
    if (request.path.endsWith("/models")) return models(response, request);
    asked += 1;
    return completion(JSON.stringify({ reason: "r", correct: asked % 2 === 0 ? "NO" : "YES" }))(response, request);
  });
  const root = await starterProject({ "benchmarks/example/suite.yaml": SUITE });
  const bench = async (...argv: string[]) => {
    const ran = await runCli(argv, root, { env: { JUDGE_URL: server.url } });
    expect(ran, argv.join(" ")).toMatchObject({ exitCode: 0 });
    return ran.stdout;
  };
  await bench("run", "--system", "bm25-reader", "--quiet");
  const ungraded = await runCli(GATE, root);
  expect(ungraded.exitCode).toBe(3);
  expect(ungraded.stderr).toContain("the gated metric correct-yes-no/correct under rag@1");

  await bench("judge", "init", "correct-yes-no");
  await bench("judge", "run", "-j", "correct-yes-no", "example/bm25-reader");
  expect(await bench(...GATE)).toMatch(/^gate: cannot tell\n[\s\S]*judge correct-yes-no was not compared with people/);
  expect((await runCli([...GATE, "--strict"], root)).exitCode).toBe(5);

  const [run] = await readdir(join(root, "runs"));
  const [file] = await readdir(join(root, "runs", run!, "grades"));
  const lines = (await readFile(join(root, "runs", run!, "grades", file!), "utf8")).trim().split("\n").slice(1, -1);
  const label = (name: string, score: (grade: number) => number) => {
    const labels = lines.map((text) => {
      const { query, condition, trial, scores } = JSON.parse(text) as { scores: { correct: number } } & Record<
        string,
        unknown
      >;
      return `${JSON.stringify({ query, condition, trial, rater: "anna", score: score(scores.correct) })}\n`;
    });
    return writeFile(join(root, name), labels.join(""));
  };
  await label("other.jsonl", (grade) => 1 - grade);
  expect((await runCli(["calibrate", "--resamples", "200", "--labels", "other.jsonl"], root)).exitCode).toBe(1);
  expect(await bench(...GATE)).toContain("judge correct-yes-no agrees with people less than its thresholds ask");
  await label("same.jsonl", (grade) => grade);
  await bench("calibrate", "--resamples", "200", "--labels", "same.jsonl");
  const calibrated = await bench(...GATE, "--format", "json");
  const { checks } = JSON.parse(calibrated) as { checks: { judge?: { state: string }; verdict: string; of: string }[] };
  expect(checks.filter(({ of }) => of === "metric").map(({ judge, verdict }) => [judge!.state, verdict])).toEqual([
    ["calibrated", "pass"],
    ["calibrated", "pass"],
  ]);

  const kept = join(root, "judges/correct-yes-no/calibration.json");
  await writeFile(
    kept,
    (await readFile(kept, "utf8")).replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${"0".repeat(64)}"`),
  );
  expect(await bench(...GATE)).toContain("judge correct-yes-no has changed since it was calibrated");
});
