import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

/** A project with one finished run. */
async function finished(files: Readonly<Record<string, string>> = {}, system = "bm25-reader") {
  const project = await starterProject(files);
  const ran = await runCli(["run", "-s", system], project);
  const run = /^(\S+): 9 rankings/m.exec(ran.stderr)![1]!;
  return { project, run, log: join(project, "runs", run, "run.jsonl") };
}

describe("bench log show", () => {
  it("prints ranking, answers and scores of each question under the command that made the run", async () => {
    const { project, run } = await finished();
    const { exitCode, stdout } = await runCli(["log", "show", "example/bm25-reader"], project);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${run}: complete, started 20\\S+\\n {2}bench run -s bm25-reader\\n\\n`));
    expect(stdout).toMatch(/^volume {2}retrieval\n {2}kettle#boil \d\.\d{3}, .*\n {2}R@1 1\.000 {2}R@3 1\.000/m);
    expect(stdout.match(/^\S+ {2}rag@[13]$/gm)).toHaveLength(18);
    expect(stdout).toContain("[refused: ");
  });

  it("keeps to the questions of --query", async () => {
    const { project } = await finished();
    const { stdout } = await runCli(["log", "show", "example/bm25-reader", "--query", "coffee,volume"], project);
    expect(stdout.match(/^\S+(?= {2}retrieval$)/gm)).toEqual(["coffee", "volume"]);
  });

  it("names a question that the run does not have, instead of printing nothing", async () => {
    const { project } = await finished();
    const ran = await runCli(["log", "show", "example/bm25-reader", "--query", "cofee,volume,__proto__"], project);
    expect(ran.exitCode).toBe(2);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain("E_QUERY_UNKNOWN");
    expect(ran.stderr).toContain('did you mean "coffee"?');
    expect(ran.stderr).toContain('got "__proto__"');
  });

  it("prints the lines as they are with --format json", async () => {
    const { project, log } = await finished();
    const { stdout } = await runCli(["log", "show", "example/bm25-reader", "--format", "json"], project);
    const lines = (await readFile(log, "utf8")).trimEnd().split("\n").slice(1, -1);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(lines.map((line) => JSON.parse(line)));
  });

  it("shows markup, terminal escapes and a megabyte of text harmless, and keeps them whole in the log", async () => {
    const hostile = "<script>alert(1)</script>\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\r\n";
    const answers = [
      { query: "boil-time", text: hostile },
      { query: "green-tea", text: "x".repeat(1_000_000) },
      ...["descale", "keep-warm", "wash-base", "coffee", "volume", "rinse", "colour"].map((query) => ({
        query,
        text: "y",
      })),
    ];
    const { project, log } = await finished(
      {
        "benchmarks/systems/replay.yaml":
          'title: "\\e[31mred"\nretriever: { kind: bm25 }\ngenerator: { kind: replay, file: a.jsonl }\n',
        "benchmarks/systems/a.jsonl": answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""),
      },
      "replay",
    );
    expect(await readFile(log, "utf8")).toContain(JSON.stringify(hostile));
    const table = await runCli(["show"], project);
    const text = await runCli(["log", "show", "example/replay"], project);
    const json = await runCli(["log", "show", "example/replay", "--format", "json"], project);
    for (const { exitCode, stdout, stderr } of [table, text, json]) {
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    expect(text.stdout).toContain("<script>alert(1)</script>\\u001b[2J\\u001b]0;owned\\u0007\\u009b31m\\u202eevil");
    expect(Math.max(...text.stdout.split("\n").map((line) => line.length))).toBeLessThan(1000);
    const shown = json.stdout.split("\n").find((line) => line.includes('"boil-time"') && line.includes('"answer"'))!;
    expect((JSON.parse(shown) as { text: string }).text).toBe(hostile);
  });
});

describe("bench log verify", () => {
  it("finds a finished run whole and unchanged", async () => {
    const { project, run } = await finished();
    const verified = await runCli(["log", "verify"], project);
    expect(verified).toEqual({ exitCode: 0, stdout: `${run}: whole and unchanged\n`, stderr: "" });
  });

  it.each([
    ["an answer", (log: string) => log.replace(/"text":"/, '"text":"No. ')],
    ["a score", (log: string) => log.replace('"F1":{"state":"scored","value":0}', '"F1":{"state":"scored","value":1}')],
    ["a line that is gone", (log: string) => log.split("\n").toSpliced(5, 1).join("\n")],
    ["a line twice", (log: string) => log.split("\n").toSpliced(5, 0, log.split("\n")[5]!).join("\n")],
  ])("finds %s that was tampered with, and exits with 3", async (_, tamper) => {
    const { project, log } = await finished();
    const sound = await readFile(log, "utf8");
    expect(tamper(sound)).not.toBe(sound);
    await writeFile(log, tamper(sound));
    const { exitCode, stdout } = await runCli(["log", "verify", "example/bm25-reader"], project);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("(E_RUN_VERIFY)");
    expect(stdout).toMatch(/: \d+ problems?\n$/);
  });

  it("says that an interrupted log is sound as far as it goes", async () => {
    const { project, run, log } = await finished();
    await writeFile(log, (await readFile(log, "utf8")).split("\n").slice(0, 6).join("\n").concat("\n"));
    const { exitCode, stdout } = await runCli(["log", "verify", run], project);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${run}: interrupted, sound as far as it goes\n` });
  });
});
