import { readdir, readFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { compareRuns, HistoryWalk } from "../gate/index.ts";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { buildSite } from "./build-site.ts";
import { judgeRun } from "./testing/judged-run.ts";
import { type MadeRun, makeRun } from "./testing/made-run.ts";

const assets = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const TEXT: Readonly<Record<string, string>> = { "&#x3D;": "=", "&#x27;": "'", "&amp;": "&" };
const unescaped = (text: string): string => text.replace(/&(?:#x3D|#x27|amp);/g, (found) => TEXT[found]!);

/** Links of the pages of a site that lead to no file, or to no place in it; views that a script restores are left out. */
async function deadLinks(site: string): Promise<string[]> {
  const files = new Set((await readdir(site, { recursive: true })).map((path) => path.replaceAll("\\", "/")));
  const pages = new Map<string, string>();
  for (const path of files) if (path.endsWith(".html")) pages.set(path, await readFile(join(site, path), "utf8"));
  const dead = new Set<string>();
  for (const [path, html] of pages) {
    for (const [, href] of html.matchAll(/<a [^>]*href="([^"]*)"/g)) {
      const [to, place = ""] = unescaped(href!).split("#");
      const target = to === "" ? path : normalize(join(dirname(path), decodeURIComponent(to!)));
      const known = pages.get(target)?.includes(`id="${place}"`);
      if (!files.has(target) || (place !== "" && !place.includes("=") && !known)) dead.add(`${path}: ${href}`);
    }
  }
  return [...dead];
}

it("every link of every page leads to a page of the site, and to a place that it has", async () => {
  const folder = await tempFolder();
  const make = async (run: string, rest: Partial<MadeRun> = {}) => {
    const conditions = ["closed-book", "rag@3", "oracle"];
    const shared = { run, system: run, skill: 0.6, questions: 24, conditions, trials: 2, metrics: ["R@4", "EM", "F1"] };
    const dir = await makeRun(folder, { ...shared, failAt: [3], ...rest });
    const grades = Array.from({ length: 24 }, (_, i) => [`q${i + 1} rag@3`, [i % 4, 2] as const] as const);
    return judgeRun(dir, Object.fromEntries(grades));
  };
  const runs = [
    await make("old", { system: "a", startedAt: "2026-01-01T00:00:00.000Z" }),
    await make("new", { system: "a", skill: 0.9, startedAt: "2026-01-02T00:00:00.000Z" }),
    await make("b b", { more: (at) => ({ confidence: at / 24, cost: { usd: 0.001, basis: "tokens" } }) }),
    await make("other", { protocolFields: { prompt: "another" } }),
  ];
  const out = join(folder, "site");
  await buildSite({
    ...{ runs, out, assets, generatedAt: "now", comparing: { compare: compareRuns }, history: () => new HistoryWalk() },
  });
  expect(await deadLinks(out)).toEqual([]);
});
