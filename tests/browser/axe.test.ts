import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareRuns } from "../../src/gate/compare/compare-runs.ts";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import { buildSite } from "../../src/report/index.ts";
import { loadFigures } from "../../src/report/load/load-figures.ts";
import { loadPage } from "../../src/report/load/load-page.ts";
import { answered, recordOf, stepOf } from "../../src/report/load/testing/made-load.ts";
import { metricHead } from "../../src/report/metric-head.ts";
import { probePage } from "../../src/report/probe/probe-page.ts";
import { probeTable } from "../../src/report/probe/probe-table.ts";
import { writeSingleFile } from "../../src/report/single-file/single-file.ts";
import { sweepPage } from "../../src/report/sweep/sweep-page.ts";
import { sweepTable } from "../../src/report/sweep/sweep-table.ts";
import { JUDGE, judgeRun, madeCalibration } from "../../src/report/testing/judged-run.ts";
import { makeRun } from "../../src/report/testing/made-run.ts";

const ASSETS = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const N = 30;
const made = (of: (i: number) => number): Float64Array => Float64Array.from({ length: N }, (_, i) => of(i));

let folder: string;
let browser: Browser;
/** One page of each kind, relative to the folder. */
let kinds: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "axe-"));
  const settings = { questions: N, metrics: ["R@4", "EM", "F1"], failAt: [3] };
  const card = { type: "open weights", size: "8B", licence: "MIT", reference: true };
  const runs = [
    await makeRun(folder, { ...settings, run: "a-1", system: "a", skill: 0.7, card }),
    await makeRun(folder, { ...settings, run: "a-2", system: "a", skill: 0.6, startedAt: "2026-03-09T10:00:00.000Z" }),
    await makeRun(folder, { ...settings, run: "b-1", system: "b", skill: 0.3, answer: () => "As ever." }),
  ];
  const grades = Object.fromEntries(Array.from({ length: N }, (_, i) => [`q${i + 1} rag@3`, [i % 4, 2] as const]));
  for (const run of runs) await judgeRun(run, grades, { head: { judge: { ...JUDGE, config: {} } } });
  const site = join(folder, "site");
  const { pages } = await buildSite({
    ...{
      runs,
      out: site,
      assets: ASSETS,
      generatedAt: "2026-03-10",
      calibrations: new Map([["j", madeCalibration()]]),
    },
    comparing: { compare: compareRuns },
    reported: [
      {
        ...{ title: "Chatbot", source: { name: "a paper", url: "https://example.org", date: "2024-08-30" } },
        ...{ protocol: { k: 7 }, metrics: { right: {} } },
        results: [
          { system: "x", metric: "right", right: 54, n: 71 },
          { system: "y", metric: "right", right: 53, n: 71 },
        ],
      },
    ],
  });
  const found = new Map<string, string>();
  // The kind of a page is its path without what is the user's.
  for (const path of pages)
    found.set(path.replace(/\/.+\//, "/…/").replace(/\/[^/…]+\.html$/, "/….html"), `site/${path}`);
  const run = pages.find((path) => /^runs\/[^/]+\/index\.html$/.test(path))!;
  found.set("a question", `site/${run}#question=q4`);
  const across = pages.find((path) => path.startsWith("questions/"));
  if (across) found.set("a question of all systems", `site/${across}#question=q4`);
  await writeSingleFile({ site, pages, assets: ASSETS, out: join(folder, "single.html") });
  found.set("single file", "single.html");
  for (const [kind, html] of await otherPages()) {
    await writeFile(join(folder, `${kind}.html`), html);
    found.set(kind, `${kind}.html`);
  }
  kinds = found;
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Pages that other commands write. */
async function otherPages(): Promise<[kind: string, html: string][]> {
  const facts = { assets: ASSETS, generatedAt: "now", command: "bench" };
  const cell = (value: string, mean: number) => ({
    ...{ settings: [value], values: [made((i) => mean + (i % 5) / 50)], passages: 10 },
    ...{ failed: [0], missed: 0, asFile: false },
  });
  const sweep = sweepTable({
    ...{ system: "a", dataset: "trees", split: "eval", tested: false, questions: N, axes: ["b"], chosenBy: 0 },
    ...{ columns: [{ name: "nDCG@10", unscored: 0 }], cells: [cell("0.4", 0.2), cell("0.75", 0.6)] },
    ...{ level: 0.95, seed: 0, notes: [] },
  });
  const column = (of: (i: number) => number) => ({ values: made(of), failed: 0, unscored: 0 });
  const probe = probeTable({
    ...{ title: "context probe", system: "a", dataset: "trees", split: "test", questions: N, facts: ["tokens"] },
    ...{ columns: [metricHead("F1")], reference: 0, pairs: [], level: 0.95, seed: 0, notes: ["A note."], run: "r" },
    cells: [
      { label: "gold alone", columns: [column((i) => (i % 7) / 10)], facts: [7] },
      { label: "far", columns: [column((i) => (i % 5) / 10)], facts: [9] },
    ],
  });
  const step = (rate: number, endMs: number) => stepOf(rate, 30, (i, at) => answered(at, endMs + i));
  const load = recordOf([step(1, 300), step(2, 400), step(4, 4000)], { share: 0.9, limits: { endMs: 1000 } });
  return [
    ["sweep", await sweepPage(sweep, facts)],
    ["probe", await probePage(probe, facts)],
    ["load", await loadPage(load, loadFigures(load, 0.95), ASSETS)],
  ];
}

describe("axe-core's rules", () => {
  it("know every kind of page that is built", () => {
    expect([...kinds.keys()]).toEqual(
      expect.arrayContaining([
        ...["index.html", "definitions.html", "runs/…/….html", "compare/…/….html", "judges/….html"],
        ...["questions/…/….html", "a question", "single file", "sweep", "probe", "load"],
      ]),
    );
  });

  it.each([
    ["light", 1280],
    ["dark", 360],
  ] as const)(
    "find nothing serious on any kind of page in the %s scheme at %d pixels",
    async (colorScheme, width) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      for (const [kind, path] of kinds) {
        const page = await context.newPage();
        const [file = "", hash] = path.split("#");
        await page.goto(pathToFileURL(join(folder, file)).href + (hash === undefined ? "" : `#${hash}`));
        if (kind.startsWith("a question")) await page.locator("#question h2").first().waitFor();
        await page.evaluate(axe.source);
        const run = 'axe.run(document, { resultTypes: ["violations"] })';
        const { passes, violations } = (await page.evaluate(run)) as axe.AxeResults;
        expect(passes.length, kind).toBeGreaterThan(8);
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        const said = serious.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 160)}`);
        expect(said, kind).toEqual([]);
        await page.close();
      }
      await context.close();
    },
    240_000,
  );
});
