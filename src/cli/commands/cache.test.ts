import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AnswerCache } from "../../run/index.ts";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

/** A project whose cache has an answer of 40 days ago and two of today. */
async function filled(): Promise<string> {
  const project = await starterProject();
  const cache = new AnswerCache(join(project, ".cache", "answers"));
  const answer = { text: "x".repeat(2000), finish: "stop" };
  await cache.put("a", { answer, from: { run: "old-run", at: daysAgo(40) } });
  for (const key of ["b", "c"]) await cache.put(key, { answer, from: { run: "new\u001b[31mrun", at: daysAgo(0) } });
  return project;
}

describe("bench cache show", () => {
  it("says that there is nothing", async () => {
    const { exitCode, stdout } = await runCli(["cache", "show"], await starterProject());
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "no answers in .cache/answers\n" });
  });

  it("lists the runs that filled it, the newest first, with nothing that a terminal obeys", async () => {
    const { stdout } = await runCli(["cache", "show"], await filled());
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^3 answers, 24\.6 kB, in \.cache\/answers$/);
    expect(lines[2]).toMatch(/^made by +answers +size +newest$/);
    expect(lines[3]).toContain(`new\\u001b[31mrun  2        16.4 kB`);
    expect(lines[4]).toMatch(new RegExp(`^old-run .*${daysAgo(40).slice(0, 10)}$`));
  });
});

describe("bench cache prune", () => {
  it.each([
    [["--older-than", "30d"], "1 answers", "2 answers"],
    [["--max-size", "10kB"], "2 answers", "1 answers"],
    [["--all"], "3 answers", "0 answers"],
    [["--older-than", "60d", "--max-size", "1GB"], "0 answers", "3 answers"],
  ])("%j removes what it says", async (flags, removed, kept) => {
    const { exitCode, stdout } = await runCli(["cache", "prune", ...flags], await filled());
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${removed} \\(.*\\) removed, ${kept} \\(.*\\) kept\n$`));
  });

  it("asks what is to go", async () => {
    const project = await filled();
    const { exitCode, stderr } = await runCli(["cache", "prune"], project);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("fix: add --older-than 30d, --max-size 1GB or --all");
    expect((await runCli(["cache", "show"], project)).stdout).toContain("3 answers");
  });
});
