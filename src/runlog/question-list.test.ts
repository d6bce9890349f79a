import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { QuestionList } from "./question-list.ts";
import type { QuestionRecord } from "./schema.ts";
import { questions } from "./testing/made-log.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Some ten megabytes. */
function many(): QuestionRecord[] {
  const text = "What is it worth? ".repeat(300);
  return Array.from({ length: 1800 }, (_, i) => ({ id: `q${i}`, text: `${i}. ${text}`, judgements: [] }));
}

describe("QuestionList", () => {
  it("gives the questions as they were added, each id once", () => {
    const list = QuestionList.of(questions);
    expect(list.add({ ...questions[0]!, text: "another" })).toBe(false);
    expect([...list]).toEqual(questions);
    expect([...list.ids]).toEqual(questions.map(({ id }) => id));
    expect(list.length).toBe(3);
    expect(list.filter(({ answerable }) => answerable === false)).toEqual([questions[1]]);
    expect(Buffer.concat([...list.blocks()]).toString()).toBe(questions.map((q) => `${JSON.stringify(q)}\n`).join(""));
  });

  it("grows after it was read", () => {
    const list = QuestionList.of(questions.slice(0, 1));
    expect([...list]).toHaveLength(1);
    list.add(questions[1]!);
    expect([...list]).toEqual(questions.slice(0, 2));
  });

  it("knows what some of its questions have", () => {
    const none = { spans: false, judgements: false, documentJudgements: false, document: false, answerable: false };
    const bare: QuestionRecord = { id: "a", text: "?", answerable: false, judgements: [] };
    const traits = (...list: QuestionRecord[]) => QuestionList.of(list).traits;
    expect(traits()).toEqual(none);
    expect(traits(bare)).toEqual(none);
    expect(traits(bare, { id: "b", text: "?", judgements: [] })).toEqual({ ...none, answerable: true });
    expect(traits(bare, { ...bare, id: "b", strict: [] })).toEqual({ ...none, spans: true });
    expect(traits({ ...bare, judgements: [["p", 0]] }, bare)).toEqual({ ...none, judgements: true });
    expect(traits({ ...bare, documents: [] })).toEqual(none);
    expect(traits({ ...bare, documents: [["d", 1, ["p"]]] })).toEqual({ ...none, documentJudgements: true });
    expect(traits({ ...bare, document: "d" })).toEqual({ ...none, document: true });
  });

  it("puts most of many aside on disk, under no name, and reads them back as often as asked", async () => {
    const folder = await tempFolder();
    vi.stubEnv("TMPDIR", folder);
    const list = QuestionList.of(many());
    expect(await readdir(folder)).toEqual([]);
    for (let round = 0; round < 2; round += 1) expect([...list]).toEqual(many());
    const held = [...list.blocks()];
    expect(held.every((block) => block.at(-1) === 10)).toBe(true);
    expect(Buffer.concat(held).length).toBeGreaterThan(9e6);
  });

  it("keeps all in memory where the disk takes nothing", async () => {
    const folder = await tempFolder();
    vi.stubEnv("TMPDIR", join(folder, "none"));
    expect([...QuestionList.of(many())]).toEqual(many());
  });
});
