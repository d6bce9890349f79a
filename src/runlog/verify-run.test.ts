import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sha256 } from "../lib/hash.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { openRun } from "./open-run.ts";
import { runFolder } from "./run-folder.ts";
import { allLines, manifest, writeRun } from "./testing/made-log.ts";
import { sealProblems, verifyRun } from "./verify-run.ts";

type Edit = (lines: string[]) => string[];

/** Changes the log of a sound run as somebody might by hand; with a hash that fits when `rehash`. */
async function verifyEdited(edit: Edit, rehash = false): Promise<string[]> {
  const folder = await tempFolder();
  const dir = join(folder, "r");
  await writeRun(dir);
  const { log } = runFolder(dir);
  const lines = edit((await readFile(log, "utf8")).trimEnd().split("\n"));
  if (rehash) {
    const before = lines.slice(0, -1).map((line) => `${line}\n`);
    lines[lines.length - 1] = JSON.stringify({ ...JSON.parse(lines.at(-1)!), sha256: sha256(before.join("")) });
  }
  await writeFile(log, `${lines.join("\n")}\n`);
  return (await verifyRun(dir)).map((p) => `${p.where.replace(`${dir}/`, "")}: expected ${p.expected}, got ${p.got}`);
}

const swap: Edit = ([first, a, b, ...rest]) => [first!, b!, a!, ...rest];
const drop: Edit = (lines) => lines.filter((_, i) => i !== 9);

describe("verifyRun", () => {
  it("finds nothing wrong with a sound run, complete or interrupted", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "whole"));
    await writeRun(join(folder, "part"), allLines().reverse().slice(0, 5));
    expect(await verifyRun(join(folder, "whole"))).toEqual([]);
    expect(await verifyRun(join(folder, "part"))).toEqual([]);
  });

  it("finds a single changed byte", async () => {
    const [problem, ...more] = await verifyEdited((lines) =>
      lines.map((line) => line.replace("réponse à q", "réponse á q")),
    );
    expect(problem).toMatch(/^run\.jsonl: expected the SHA-256 [0-9a-f]{64} of the end line, got [0-9a-f]{64}$/);
    expect(more).toEqual([]);
  });

  it.each<[string, Edit, string[]]>([
    [
      "a missing result",
      drop,
      [
        'run.jsonl: expected a result of question "__proto__", closed-book, trial 0, got none',
        'run.jsonl: expected the counts of the end line, {"retrievals":2,"answers":10,"failures":3}, got {"retrievals":2,"answers":9,"failures":3}',
      ],
    ],
    [
      "a result twice",
      (lines) => [...lines.slice(0, 3), lines[2]!, ...lines.slice(3)],
      ['run.jsonl:4: expected each result once, got question "../../x", rag@2, trial 0 again'],
    ],
    [
      "results out of order",
      swap,
      ['run.jsonl:3: expected results in the plan\'s order, got question "../../x", retrieval, trial 0 too late'],
    ],
    [
      "a result of no plan",
      (lines) => lines.map((line, i) => (i === 2 ? line.replace("rag@2", "rag@9") : line)),
      [
        'run.jsonl:3: expected a result of the run\'s plan, got the answer of question "../../x", rag@9, trial 0',
        'run.jsonl: expected a result of question "../../x", rag@2, trial 0, got none',
        'run.jsonl: expected the counts of the end line, {"retrievals":2,"answers":10,"failures":3}, got {"retrievals":2,"answers":9,"failures":3}',
      ],
    ],
    [
      "a second manifest",
      (lines) => [lines[0]!, JSON.stringify(manifest()), ...lines.slice(1)],
      ["run.jsonl:2: expected one manifest, got a second one"],
    ],
  ])("finds %s even where the hash fits", async (_, edit, problems) => {
    expect(await verifyEdited(edit, true)).toEqual(problems);
  });

  it("finds files beside the log that were changed or lost", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    await writeRun(dir);
    const files = runFolder(dir);
    const text = await readFile(files.questions, "utf8");
    await writeFile(files.questions, text.replace("third", "3rd"));
    await rm(files.passages);
    const problems = await verifyRun(dir);
    expect(problems.map((p) => [p.code, p.where])).toEqual([
      ["E_RUN_VERIFY", files.questions],
      ["E_RUN_FILE", files.passages],
    ]);
    await writeFile(files.questions, text.split("\n").slice(1).join("\n"));
    expect((await verifyRun(dir))[0]).toMatchObject({ expected: "3 questions", got: "2" });
  });

  it("names each missing result", async () => {
    const found = await verifyEdited((lines) => [lines[0]!, lines.at(-1)!], true);
    expect(found.filter((p) => p.endsWith("got none"))).toHaveLength(15);
  });
});

describe("sealProblems", () => {
  it("names each file that is not as the run left it, and has nothing to say of an interrupted run", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    await writeRun(dir);
    const found = async () => (await sealProblems(await openRun(dir))).map(({ where }) => where.replace(`${dir}/`, ""));
    expect(await found()).toEqual([]);
    for (const path of Object.values(runFolder(dir)).filter((path) =>
      /(?:run|questions|passages)\.jsonl$/.test(path),
    )) {
      const was = await readFile(path, "utf8");
      // Behind the first third, so that the manifest of the log stays whole.
      const at = was.indexOf('"', was.length / 3) + 1;
      await writeFile(path, `${was.slice(0, at)}x${was.slice(at)}`);
      expect(await found(), path).toEqual([path.replace(`${dir}/`, "")]);
      await writeFile(path, was);
    }
    // Other programs write the same line otherwise.
    const { log } = runFolder(dir);
    const text = await readFile(log, "utf8");
    const at = text.trimEnd().lastIndexOf("\n") + 1;
    await writeFile(log, `${text.slice(0, at)}${text.slice(at, -2)}  }\n`);
    expect((await openRun(dir)).state).toBe("complete");
    expect(await found()).toEqual([]);
    await writeRun(join(folder, "part"), allLines().slice(0, 5));
    expect(await sealProblems(await openRun(join(folder, "part")))).toEqual([]);
  });
});
