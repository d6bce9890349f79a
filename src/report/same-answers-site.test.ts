import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { buildSite } from "./build-site.ts";
import { type MadeRun, makeRun } from "./testing/made-run.ts";

const assets = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const NOTE = "Two systems with the same answers";

/** A system whose answers are its own but for the share that it has from the system named. */
const answers = (own: string, from?: string, share = 1): MadeRun["answer"] => {
  return (_, at) => `The ${from !== undefined && at % 100 < 100 * share ? from : own} answer to question ${at}`;
};

/** A folder for runs and a site of them, built as often as asked. */
async function siteOf(systems: Readonly<Record<string, Partial<MadeRun>>>) {
  const folder = await tempFolder();
  const runs: string[] = [];
  for (const [system, rest] of Object.entries(systems)) {
    const made = { run: `run-${system}`, system, skill: 0.6, questions: 100, conditions: ["rag@3"], metrics: ["F1"] };
    runs.push(await makeRun(folder, { ...made, ...rest }));
  }
  const out = join(folder, "site");
  const build = async (): Promise<string> => {
    await buildSite({ runs, out, assets, generatedAt: "now", code: "1" });
    return readFile(join(out, "index.html"), "utf8");
  };
  return { build, runs, out };
}

const board = async (systems: Parameters<typeof siteOf>[0]) => (await siteOf(systems)).build();

describe("the leaderboard", () => {
  it("names two systems whose answers are the same, with how many, why, and a mark beside both rows", async () => {
    const page = await board({
      ...{ first: { answer: answers("first") }, copy: { answer: answers("copy", "first", 0.95) } },
      ...{ other: { answer: answers("other") } },
    });
    const [, note] = /<div class="note alert alike">(.*?)<\/div>/s.exec(page)!;
    expect(note).toContain(NOTE);
    expect(note!.match(/<li>/g)).toHaveLength(1);
    expect(note).toMatch(
      /run-copy.*<\/a> and <a href="runs\/run-first[^.]*.*rag@3: \d\d of \d\d answers compared \(9\d\.\d %\)/,
    );
    expect(note).toContain("from 90 % of them on");
    expect(page.match(/answers compared are word for word those of (copy|first)"/g)).toHaveLength(2);
  });

  it("says nothing of systems that answer by themselves, share half of their answers, or were asked little", async () => {
    const first = { answer: answers("first") };
    expect(await board({ first, half: { answer: answers("half", "first", 0.5) } })).not.toContain(NOTE);
    const few = { ...first, questions: 15 };
    expect(await board({ few, copy: few })).not.toContain(NOTE);
  });

  it("says nothing of systems whose files name one source, or of two runs of one system", async () => {
    const answer = answers("one");
    const replay = (file: string) => ({ answer, card: { generator: { kind: "replay", file } } });
    expect(await board({ a: replay("saved.jsonl"), b: replay("saved.jsonl") })).not.toContain(NOTE);
    expect(await board({ a: replay("saved.jsonl"), b: replay("copied.jsonl") })).toContain(NOTE);
    expect(await board({ a: { answer }, again: { answer, system: "a" } })).not.toContain(NOTE);
  });

  it("says nothing where right answers alone are the same, or one answer is given to everything", async () => {
    const right = { answer: (_: string, at: number) => `${at * 3 + 1} units` };
    expect(await board({ a: right, b: right })).not.toContain(NOTE);
    const yes = { answer: () => "Yes." };
    expect(await board({ a: yes, b: yes })).not.toContain(NOTE);
  });

  it("says the same after a build that kept the runs' pages, and makes anew those that lost what it needs", async () => {
    const site = await siteOf({ a: { answer: answers("one") }, b: { answer: answers("one") } });
    const first = await site.build();
    expect(first).toContain(NOTE);
    expect(await site.build()).toBe(first);
    await rm(join(site.out, "runs/run-a/data/prints.bin"));
    expect(await site.build()).toBe(first);
  });
});
