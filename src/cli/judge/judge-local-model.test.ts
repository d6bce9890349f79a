import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listGradings, readGrades } from "../../runlog/index.ts";
import { chatServer, hasLocalModel, NO_LOCAL_MODEL } from "../../system/testing/local-model.ts";
import { answeredProject } from "../testing/answered-project.ts";
import { runCli } from "../testing/run-cli.ts";

// A real model behind a real server, from the prompt to the table. It is too small to judge well, which the figures of a
// calibration would say; here every verdict has to be one of the rubric, or a failure that says why.
describe.skipIf(!hasLocalModel)(`bench judge with a small real model${NO_LOCAL_MODEL}`, () => {
  it("estimates, grades within the rubric, and compares in both orders", async () => {
    await using server = await chatServer();
    const { root, runs } = await answeredProject({
      right: (_, reference) => reference,
      wrong: (i) => `Plan ${i} has no limit at all.`,
    });
    for (const id of ["correct-yes-no", "pairwise"]) {
      await runCli(["judge", "init", id], root);
      const path = join(root, "judges", id, "judge.yaml");
      const text = (await readFile(path, "utf8")).replace("model: judge", `model: ${server.model}`);
      await writeFile(path, text.replace(/max_tokens: \d+/, "max_tokens: 120\n  concurrency: 1"));
    }
    const bench = (...argv: string[]) => runCli(argv, root, { env: { JUDGE_URL: server.url } });

    const dry = await bench("judge", "run", "-j", "correct-yes-no", "--limit", "2", "--dry-run", "made/right");
    expect(dry.stdout).toMatch(/2 grades to ask for\n +context window: 2.?048 tokens/);

    const graded = await bench("judge", "run", "-j", "correct-yes-no", "--limit", "2", "made/right");
    expect([graded.exitCode, graded.stderr]).toEqual([0, expect.stringMatching(/correct-yes-no on made-right-/)]);
    const [{ path } = { path: "" }] = await listGradings(runs.get("right")!);
    let answers = 0;
    for await (const line of readGrades(path)) {
      answers += 1;
      expect(line.usage!.promptTokens).toBeGreaterThan(100);
      if (line.kind === "grade") expect([0, 1]).toContain(line.scores.correct);
      else expect([line.code, line.asked]).toEqual([expect.stringMatching(/^E_VERDICT_/), 2]);
    }
    expect(answers).toBe(2);

    const compared = await bench("judge", "pairs", "--limit", "1", "--format", "json", "made/right", "made/wrong");
    expect(compared.exitCode).toBe(0);
    expect(compared.stderr).toMatch(/[12] verdicts, [01] failures|0 verdicts, 2 failures/);
  }, 120_000);
});
