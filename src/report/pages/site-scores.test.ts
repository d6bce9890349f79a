import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun, readScores, runFolder } from "../../runlog/index.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { judgeRun } from "../testing/judged-run.ts";
import { makeRun } from "../testing/made-run.ts";
import { SiteScores } from "./site-scores.ts";

describe("the scores of a site's runs", () => {
  it("are those of the log, grades and all, also when they come back from the disk", async () => {
    const parent = await tempFolder();
    const made = await makeRun(parent, {
      ...{ run: "__proto__", system: "s", skill: 0.5, questions: 30, trials: 2, cluster: "document", failAt: [3] },
      ...{ price: { usd: 1 }, more: () => ({ cost: { usd: 0.25, basis: "tokens" } }) },
    });
    const graded = await answeredRun({ a: { "rag@2": "1" }, b: { "rag@2": "refused" } }, ["rag@2"]);
    await judgeRun(graded, { "a rag@2": [1, 1] });
    const interrupted = await makeRun(parent, { run: "half", system: "s", skill: 0.5, interrupted: true });
    const scores = new SiteScores(join(parent, "scratch"));
    for (const dir of [made, graded, interrupted]) {
      const run = await openRun(dir);
      const expected = await readScores(dir);
      expect(await scores.of(run)).toEqual(expected);
      expect(await scores.of(run)).toEqual(expected);
    }
  });

  it("are read once from a log, and not at all where they were added", async () => {
    const parent = await tempFolder();
    const made = (run: string) => makeRun(parent, { run, system: run, skill: 0.5, questions: 4 });
    const [read, added] = [await openRun(await made("read")), await openRun(await made("added"))];
    const scores = new SiteScores(join(parent, "scratch"));
    const first = await scores.of(read);
    const given = await readScores(added.dir);
    await scores.add(added, given);
    for (const { dir } of [read, added]) await rm(runFolder(dir).log);
    expect(await scores.of(read)).toEqual(first);
    expect(await scores.of(added)).toEqual(given);
    expect(await readdir(join(parent, "scratch"))).toHaveLength(2);
  });
});
