import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";
import { starterProject } from "../testing/starter-project.ts";

const rows = (...list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join("");
const WHO = { question: "Who wrote it?", answer: ["Bob Russell", "Bobby Scott"] };
const WHEN = { question: "When?", answer: ["1969"] };

const FILES = {
  "a.jsonl": rows({ ...WHO, prediction: ["bob russell", "Bobby Scott"] }, { ...WHEN, prediction: "1970" }),
  "b.jsonl": rows({ ...WHO, prediction: "the Hollies" }, { ...WHEN, question: " when? ", prediction: 1969 }),
  "short.jsonl": `${rows({ ...WHO, prediction: "Bobby Scott" })}not json\n`,
};

async function project(files: Readonly<Record<string, string>> = FILES) {
  const folder = await starterProject(files);
  return { folder, bench: (...argv: string[]) => runCli(argv, folder) };
}

describe("bench system import", () => {
  it("makes a dataset, suites and systems that run, and says what it met in the files", async () => {
    const { bench, folder } = await project();
    const made = await bench("system", "import", "a.jsonl", "b.jsonl", "short.jsonl", "--into", "songs");
    expect([made.exitCode, made.stderr]).toEqual([0, ""]);
    expect(made.stdout).toContain("songs: 2 questions, 3 systems");
    expect(made.stdout).toMatch(/short +1 +fails 1 of songs/);
    expect(made.stdout).toContain("a.jsonl: 1 row: a list of answers, of which the first is taken (line 1)");
    expect(made.stdout).toContain("short.jsonl: 1 row: left out, no JSON object (line 2)");
    expect(made.stdout).toContain("bench run --suite songs-common --system a,b,short");
    const run = await bench("run", "--suite", "songs", "--system", "a,b", "--format", "json");
    expect([run.exitCode, run.stdout.includes('"EM"')]).toEqual([0, true]);
    expect(run.stderr).toContain("a: answers/songs/a.jsonl: 1 row: a list of answers");
    const log = await readFile(join(folder, "datasets/songs/queries.jsonl"), "utf8");
    expect(
      log
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      expect.objectContaining({ text: "Who wrote it?", answers: WHO.answer, split: "test" }),
      expect.objectContaining({ text: "When?", answers: ["1969"] }),
    ]);
    const common = await bench("run", "--suite", "songs-common", "--system", "a,b,short", "--format", "csv");
    expect(common.exitCode).toBe(0);
    // What the third did not answer is a failure, not an empty answer.
    expect((await bench("run", "--suite", "songs", "--system", "short", "-q")).exitCode).toBe(4);
  });

  it("takes what most files accept, and says which file accepts something else", async () => {
    const other = { "c.jsonl": rows({ ...WHO, answer: ["Nobody"], prediction: "x" }) };
    const { bench, folder } = await project({ ...FILES, ...other });
    const { stdout } = await bench("system", "import", "c.jsonl", "a.jsonl", "b.jsonl", "--into", "songs");
    expect(stdout).toContain("c.jsonl: other accepted answers to 1 questions than most files");
    expect(await readFile(join(folder, "datasets/songs/queries.jsonl"), "utf8")).not.toContain("Nobody");
  });

  it("names all that stands in the way, and writes nothing then", async () => {
    const { bench, folder } = await project();
    expect((await bench("system", "import", "a.jsonl", "--into", "songs")).exitCode).toBe(0);
    const again = await bench("system", "import", "a.jsonl", "b.jsonl", "--into", "songs");
    expect(again.exitCode).toBe(3);
    for (const place of ["datasets/songs", "benchmarks/songs/suite.yaml", "benchmarks/systems/a.yaml"]) {
      expect(again.stderr).toContain(`${place} (E_IMPORT_EXISTS)`);
    }
    await expect(readFile(join(folder, "benchmarks/systems/b.yaml"))).rejects.toThrow("ENOENT");
    expect((await bench("system", "import", "a.jsonl", "b.jsonl", "--into", "songs", "--force")).exitCode).toBe(0);
  });

  it.each([
    ["no name", ["a.jsonl"], 2, "--into (E_USAGE)"],
    ["a name that leaves the project", ["a.jsonl", "--into", "../x"], 2, "--into (E_USAGE)"],
    ["a file that is not there", ["z.jsonl", "--into", "x"], 3, "z.jsonl (E_REPLAY_ANSWERS)"],
    ["keys that the file does not have", ["a.jsonl", "--into", "x", "--answer", "said"], 3, '"said"'],
    ["two files of one name", ["a.jsonl", "./a.jsonl", "--into", "x"], 2, "rename one of the files"],
  ])("refuses %s", async (_, argv, exitCode, said) => {
    const { bench } = await project();
    const result = await bench("system", "import", ...argv);
    expect([result.exitCode, result.stderr]).toEqual([exitCode, expect.stringContaining(said)]);
  });

  it("takes tables with their columns named", async () => {
    const { bench, folder } = await project();
    await writeFile(join(folder, "t.tsv"), 'ask\tok\tsaid\nWho?\tMe\t"me"\nlost\n');
    const keys = ["--question", "ask", "--gold", "ok", "--answer", "said"];
    const { stdout, exitCode } = await bench("system", "import", "t.tsv", "--into", "t", ...keys);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("t.tsv: 1 row: left out, 1 cell where the header has 3 (line 3)");
    expect((await bench("run", "--suite", "t", "--system", "t", "-q")).exitCode).toBe(0);
  });
});
