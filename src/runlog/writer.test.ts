import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { openRun } from "./open-run.ts";
import { QuestionList } from "./question-list.ts";
import { runFolder } from "./run-folder.ts";
import { allLines, answer, manifest, owner, questions, retrieval, sealing, writeRun } from "./testing/made-log.ts";
import { verifyRun } from "./verify-run.ts";
import { RunLogWriter } from "./writer.ts";

const options = { owner: owner() };

async function contentsOf(dir: string): Promise<Record<string, string>> {
  const files = runFolder(dir);
  return {
    log: await readFile(files.log, "utf8"),
    questions: await readFile(files.questions, "utf8"),
    passages: await readFile(files.passages, "utf8"),
  };
}

describe("RunLogWriter.create", () => {
  it("makes a folder that holds manifest and questions from its first moment", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "runs", "r");
    const writer = await RunLogWriter.create(dir, manifest(), QuestionList.of(questions), options);
    expect((await openRun(dir)).manifest).toEqual(manifest());
    expect(await readdir(join(folder, "runs"))).toEqual(["r"]);
    expect((await readdir(dir)).sort()).toEqual(["questions.jsonl", "run.jsonl", "writer.here.11.1011.lock"]);
    await writer.close();
    expect((await readdir(dir)).sort()).toEqual(["questions.jsonl", "run.jsonl"]);
  });

  it.each(["folder", "file"])("refuses a name that is taken by a %s, and leaves that alone", async (kind) => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    if (kind === "folder") {
      await mkdir(dir);
      await writeFile(join(dir, "mine.txt"), "mine");
    } else await writeFile(dir, "mine");
    await expect(RunLogWriter.create(dir, manifest(), QuestionList.of(questions), options)).rejects.toMatchObject({
      code: "E_RUN_EXISTS",
    });
    expect(await readFile(kind === "folder" ? join(dir, "mine.txt") : dir, "utf8")).toBe("mine");
    expect(await readdir(folder)).toEqual(["r"]);
  });
});

describe("RunLogWriter.append", () => {
  it("keeps every line of many appended at once, whole and in the order of the calls", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    const writer = await RunLogWriter.create(dir, manifest(), QuestionList.of(questions), options);
    await Promise.all(allLines().map((line) => writer.append(line)));
    const text = await readFile(runFolder(dir).log, "utf8");
    expect(
      text
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) => JSON.parse(line)),
    ).toEqual(allLines());
    expect(writer.counts).toEqual({ retrievals: 2, answers: 10, failures: 3 });
    expect(writer.failedQueries).toBe(1);
    expect(await writer.read(3)).toEqual(allLines()[3]);
    await writer.close();
  });

  it("refuses a result that the plan does not have, and a second one of the same", async () => {
    const folder = await tempFolder();
    const writer = await RunLogWriter.create(join(folder, "r"), manifest(), QuestionList.of(questions), options);
    await writer.append(retrieval("__proto__"));
    await expect(writer.append(retrieval("__proto__"))).rejects.toThrow('already of question "__proto__", retrieval');
    await expect(writer.append(retrieval("nobody"))).rejects.toThrow("the plan has no retrieval of nobody");
    await writer.close();
  });

  it("refuses a line that no reader would take, and goes on", async () => {
    const folder = await tempFolder();
    const writer = await RunLogWriter.create(join(folder, "r"), manifest(), QuestionList.of(questions), options);
    const huge = answer("__proto__", "rag@2", 0, { text: "x".repeat(17 << 20) });
    await expect(writer.append(huge)).rejects.toMatchObject({ code: "E_RUN_LINE" });
    await writer.append(answer("__proto__", "rag@2", 0));
    expect(writer.done).toBe(1);
    await writer.close();
  });
});

describe("RunLogWriter.seal", () => {
  it("gives the same files whatever the order in which results came", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "plain"));
    const expected = await contentsOf(join(folder, "plain"));
    let n = 0;
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(allLines(), { minLength: 15 }), async (lines) => {
        const dir = join(folder, `r${n++}`);
        await writeRun(dir, lines);
        expect(await contentsOf(dir)).toEqual(expected);
        expect(await verifyRun(dir)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it("keeps each passage that the shown part of a ranking or the gold names once, without what the corpus lacks", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "r"));
    const { passages } = await contentsOf(join(folder, "r"));
    const lines = passages!
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    // p3 is not in the corpus; the fourth hit is below what is shown but also the gold of the third question.
    expect(lines.map((p) => p.id)).toEqual(["p1", "p2", "p7", "constructor"]);
    expect(lines[0]).toEqual({ id: "p1", text: "text of p1\n", document: "p1" });
  });

  it("refuses while a result is missing", async () => {
    const folder = await tempFolder();
    const writer = await RunLogWriter.create(join(folder, "r"), manifest(), QuestionList.of(questions), options);
    for (const line of allLines().filter((_, i) => i !== 7)) await writer.append(line);
    await expect(writer.seal(sealing)).rejects.toThrow('no result yet of question "__proto__", rag@2, trial 1');
    await writer.close();
  });
});

describe("RunLogWriter.resume", () => {
  it("goes on after a cut at any byte of the last two lines, and ends as the uninterrupted run", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "whole"));
    const expected = await contentsOf(join(folder, "whole"));
    const dir = join(folder, "cut");
    const writer = await RunLogWriter.create(dir, manifest(), QuestionList.of(questions), options);
    // Out of order, as results come when several are asked for at once.
    const lines = [...allLines().slice(4), ...allLines().slice(0, 4)];
    for (const line of lines.slice(0, 12)) await writer.append(line);
    await writer.close();
    const { log } = runFolder(dir);
    const bytes = await readFile(log);
    const lastLine = bytes.lastIndexOf(10, bytes.length - 2);
    const from = bytes.lastIndexOf(10, lastLine - 1) + 1;
    expect(bytes.subarray(from).toString()).toContain("é");
    for (let cut = from; cut <= bytes.length; cut += 1) {
      await writeFile(log, bytes.subarray(0, cut));
      const resumed = await RunLogWriter.resume(dir, options);
      expect(resumed.done, `cut at ${cut}`).toBe(cut <= lastLine ? 10 : cut < bytes.length ? 11 : 12);
      // Syncing a few hundred runs to the disk would take long; every cut is resumed, some are finished.
      if (cut % 16 !== 0 && Math.abs(cut - lastLine) > 1 && cut < bytes.length) {
        await resumed.close();
        continue;
      }
      for (const line of lines) if (!resumed.has(resumed.slots.slotOfLine(line)!)) await resumed.append(line);
      await resumed.seal(sealing);
      expect(await contentsOf(dir), `cut at ${cut}`).toEqual(expected);
    }
  });

  it("takes a finished log whose end line is torn for an interrupted one, with nothing left to ask", async () => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    await writeRun(dir);
    const { log } = runFolder(dir);
    const bytes = await readFile(log);
    const endFrom = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    for (let cut = endFrom; cut < bytes.length; cut += cut < bytes.length - 5 ? 7 : 1) {
      await writeFile(log, bytes.subarray(0, cut));
      expect((await openRun(dir)).state).toBe("interrupted");
      const resumed = await RunLogWriter.resume(dir, options);
      expect(resumed.done).toBe(15);
      if (cut % 8 === 0) await resumed.seal(sealing);
      else await resumed.close();
      expect((await readFile(log)).subarray(0, endFrom)).toEqual(bytes.subarray(0, endFrom));
    }
  });

  it("refuses a complete run, and a folder that holds no run", async () => {
    const folder = await tempFolder();
    await writeRun(join(folder, "r"));
    await expect(RunLogWriter.resume(join(folder, "r"), options)).rejects.toMatchObject({
      code: "E_RUN_COMPLETE",
    });
    await expect(RunLogWriter.resume(join(folder, "none"), options)).rejects.toMatchObject({
      code: "E_RUN_MISSING",
    });
    expect((await readdir(join(folder, "r"))).filter((f) => f.endsWith(".lock"))).toEqual([]);
  });

  it.each([
    ["a line that is not JSON", "half\n", ":3", "a line of JSON"],
    ["a result twice", `${JSON.stringify(allLines()[0])}\n`, ":3", "each result once"],
    ["a result of no plan", `${JSON.stringify(retrieval("nobody"))}\n`, ":3", "a result of the plan"],
    ["a second manifest", `${JSON.stringify(manifest())}\n`, ":3", "a result"],
  ])("refuses %s that is not the torn last line", async (_, bad, where, expected) => {
    const folder = await tempFolder();
    const dir = join(folder, "r");
    await writeRun(dir, allLines().slice(0, 1));
    const { log } = runFolder(dir);
    const before = `${await readFile(log, "utf8")}${bad}${JSON.stringify(allLines()[1])}\n`;
    await writeFile(log, before);
    const problem = { where: `${log}${where}`, expected };
    await expect(RunLogWriter.resume(dir, options)).rejects.toMatchObject({ problems: [problem] });
    expect(await readFile(log, "utf8")).toBe(before);
  });
});
