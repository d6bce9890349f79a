import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listGradings } from "../../runlog/index.ts";
import { completion, faultServer, json } from "../../system/testing/fault-server.ts";
import { runCli } from "../testing/run-cli.ts";
import { endpointSystem, starterProject } from "../testing/starter-project.ts";

const VERDICT = JSON.stringify({ reason: "agrees", correct: "YES" });

/** A project whose system asks the model m, judged by the model that is named. */
async function judgedBy(model: string, authors: readonly string[] = []) {
  const server = await faultServer((response, request) =>
    (request.path.endsWith("/models")
      ? json({ data: [{ id: "m" }, { id: "org/M" }, { id: "n" }] })
      : completion(VERDICT))(response, request),
  );
  const root = await starterProject({ "benchmarks/systems/own.yaml": endpointSystem() });
  if (authors.length > 0) {
    await appendFile(join(root, "datasets/example/dataset.yaml"), `\nreferences_by: [${authors.join(", ")}]\n`);
  }
  const env = { URL: server.url, JUDGE_URL: server.url };
  const ran = await runCli(["run", "--system", "own", "--topk", "1", "--quiet"], root, { env });
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  await runCli(["judge", "init", "correct-yes-no"], root);
  const path = join(root, "judges/correct-yes-no/judge.yaml");
  await writeFile(path, (await readFile(path, "utf8")).replace("model: judge", `model: ${model}`));
  const { exitCode, stderr } = await runCli(["judge", "run", "-j", "correct-yes-no", "example/own"], root, { env });
  await server[Symbol.asyncDispose]();
  const [run] = await readdir(join(root, "runs"));
  const [grading] = await listGradings(join(root, "runs", run!));
  return { exitCode, stderr, judge: grading!.head.judge };
}

describe("a judge whose model plays another part", () => {
  it("is told and kept with its grades: contestant, by whatever name the model is served", async () => {
    const { exitCode, stderr, judge } = await judgedBy("org/M");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("warning: correct-yes-no judges with org/M, which also gave the answers of own");
    expect(judge.selfPreference).toEqual([{ role: "contestant", model: "org/M", of: "own" }]);
  });

  it("author of the references, where the dataset names one", async () => {
    const { stderr, judge } = await judgedBy("n", ["someone", "N"]);
    expect(stderr).toContain("judges with n, which also wrote the references");
    expect(judge.selfPreference).toEqual([{ role: "references", model: "n" }]);
  });

  it("is silent about a model that does nothing but judge", async () => {
    const { stderr, judge } = await judgedBy("n", ["someone"]);
    expect(stderr).not.toContain("warning");
    expect(judge).not.toHaveProperty("selfPreference");
  });
});
