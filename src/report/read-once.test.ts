import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { compareRuns, HistoryWalk } from "../gate/index.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { buildSite } from "./build-site.ts";
import { makeRun } from "./testing/made-run.ts";

const assets = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const { createReadStream } = fs;
afterEach(() => {
  fs.createReadStream = createReadStream;
  syncBuiltinESMExports();
});

/** How often each file was read to its end, as `run/file`: opening a run reads its first line alone. */
function countReads(): ReadonlyMap<string, number> {
  const reads = new Map<string, number>();
  fs.createReadStream = (path, options) => {
    const stream = createReadStream(path, options);
    const name = `${basename(dirname(String(path)))}/${basename(String(path))}`;
    stream.once("end", () => reads.set(name, (reads.get(name) ?? 0) + 1));
    return stream;
  };
  syncBuiltinESMExports();
  return reads;
}

it("a build reads a log for its seal and for its pages; where it is compared, once more for what flipped", async () => {
  const parent = await tempFolder();
  const made = (run: string, system: string, day: number) =>
    makeRun(parent, { run, system, skill: 0.3 + day / 10, questions: 40, startedAt: `2026-03-0${day}T10:00:00.000Z` });
  const runs = [await made("old", "a", 1), await made("new", "a", 2), await made("other", "b", 3)];
  const options = {
    ...{ runs, out: join(parent, "site"), assets, generatedAt: "then", code: "c1" },
    ...{ comparing: { compare: compareRuns }, history: () => new HistoryWalk() },
  };
  const first = countReads();
  await buildSite(options);
  expect(["old", "new", "other"].map((run) => first.get(`${run}/run.jsonl`))).toEqual([2, 3, 3]);
  expect(first.get("new/passages.jsonl")).toBe(2);
  // Nothing has changed: the seals, and the scores of the leaderboard's runs.
  const again = countReads();
  await buildSite(options);
  expect(["old", "new", "other"].map((run) => again.get(`${run}/run.jsonl`))).toEqual([1, 2, 2]);
});
