import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { readByQuestion } from "./read-by-question.ts";
import { readRun } from "./read-run.ts";
import { runFolder } from "./run-folder.ts";
import { questions, writeRun } from "./testing/made-log.ts";

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function madeRun(change: (lines: string[]) => readonly string[] = (lines) => lines): Promise<string> {
  const dir = join(await tempFolder(), "r");
  await writeRun(dir);
  const { log } = runFolder(dir);
  const lines = (await readFile(log, "utf8")).trimEnd().split("\n");
  await writeFile(log, `${change(lines).join("\n")}\n`);
  return dir;
}

describe("readByQuestion", () => {
  it("gives each question in the dataset's order with all of its results, and no line twice or to another question", async () => {
    const dir = await madeRun();
    const asked = await all(readByQuestion(dir));
    expect(asked.map(({ at }) => at)).toEqual([0, 1, 2]);
    expect(asked.map(({ question }) => question)).toEqual(questions);
    for (const { question, results } of asked)
      expect(new Set(results.map(({ query }) => query))).toEqual(new Set([question.id]));
    const lines = (await all(readRun(dir))).filter(({ kind }) => kind !== "manifest" && kind !== "end");
    expect(asked.flatMap(({ results }) => results)).toEqual(lines);
  });

  it.each([
    ["in another order", (lines: string[]) => [lines[0]!, ...lines.slice(1, -1).reverse(), lines.at(-1)!]],
    [
      "of a question that is not there",
      (lines: string[]) => lines.map((line) => line.replace('"query":"__proto__"', '"query":"constructor"')),
    ],
  ])("refuses a log with results %s", async (_, change) => {
    await expect(all(readByQuestion(await madeRun(change)))).rejects.toMatchObject({ code: "E_RUN_ORDER" });
  });

  it("names the lines that are damaged rather than the order that they leave behind", async () => {
    const dir = await madeRun((lines) => [...lines.slice(0, 1), ...lines.slice(1, -1).reverse(), "{", lines.at(-1)!]);
    await expect(all(readByQuestion(dir))).rejects.toMatchObject({ code: "E_RUN_LINE" });
  });
});
