import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { HistoryWalk } from "../../src/gate/index.ts";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import { buildSite } from "../../src/report/index.ts";
import { makeRun } from "../../src/report/testing/made-run.ts";
import { PROBES } from "./page-probes.ts";
import { watchedPage } from "./watched-page.ts";

// A machine may be slow to start a browser.
vi.setConfig({ testTimeout: 120_000 });

const ASSETS = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const INJECTION = "<img src=x onerror=alert(1)>\u202e";

let folder: string;
let site: string;
let history: string;
let dataset: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "history-"));
  site = join(folder, "site");
  const runs: string[] = [];
  for (const day of [1, 2, 3, 4]) {
    const broken = day >= 3 ? { answer: () => "nothing of the kind" } : {};
    runs.push(
      await makeRun(folder, {
        ...{ run: `r${day}`, system: "vendor", title: `Vendor ${INJECTION}`, skill: 0.6, conditions: ["rag@3"] },
        ...{ metrics: ["R@4", "EM"], startedAt: `2026-03-0${day}T10:00:00.000Z`, ...broken },
        question: (record) => ({ ...record, tags: [INJECTION] }),
      }),
    );
  }
  const walk = () => new HistoryWalk();
  const { pages } = await buildSite({ runs, out: site, assets: ASSETS, generatedAt: "2026-03-10", history: walk });
  history = pages.find((path) => path.startsWith("history/"))!;
  dataset = pages.find((path) => path.startsWith("datasets/"))!;
  browser = await launchChromium();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  ({ context, page, troubles } = await watchedPage(browser, site));
});
afterEach(async () => {
  await context.close();
  expect(troubles).toEqual([]);
});

const open = (path: string) => page.goto(pathToFileURL(join(site, path)).href);
const heading = () => page.locator("h1").innerText();

describe("from disk", () => {
  it("the board leads to a system over time, its change to the run, and the run back", async () => {
    await open("index.html");
    await page.getByText("Over time:").getByRole("link").click();
    await expect.poll(heading).toContain("over time");
    await expect.poll(() => page.locator(".changes .worse").innerText()).toContain("EM rag@3: #3 is worse");
    await expect.poll(() => page.locator("details.series[open]").count()).toBe(1);
    await page.locator("#runs").getByRole("link", { name: "r3" }).click();
    await expect.poll(() => page.url()).toContain("runs/r3/index.html");
    await page.getByRole("link", { name: "over time" }).click();
    await expect.poll(() => page.url()).toContain("/history/");
  });

  it("board and run lead to the card of the dataset, which leads to the runs", async () => {
    await open("index.html");
    await page.locator(".facts").getByRole("link", { name: "handbook" }).click();
    await expect.poll(() => page.url()).toContain("/datasets/");
    await expect.poll(() => page.locator("#about .missing").count()).toBeGreaterThan(0);
    await page.locator("#runs").getByRole("link", { name: "r1" }).click();
    await page.getByRole("link", { name: "dataset", exact: true }).click();
    await expect.poll(() => page.url()).toContain("/datasets/");
  });

  it.each(["history", "dataset"])(
    "the page of a %s is inert, fits 360 pixels, is readable and accessible",
    async (kind) => {
      const path = kind === "history" ? history : dataset;
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize({ width: 360, height: 740 });
        await page.emulateMedia({ colorScheme });
        await open(path);
        await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
        await expect.poll(() => page.evaluate(PROBES.sideways)).toBe(0);
        await expect.poll(() => page.evaluate(PROBES.faintTexts)).toEqual([]);
      }
      await page.evaluate(axe.source);
      const found = await page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })");
      const serious = (found as axe.AxeResults).violations.filter(
        ({ impact }) => impact === "serious" || impact === "critical",
      );
      expect(serious.map(({ id, nodes }) => [id, nodes[0]!.html])).toEqual([]);
    },
  );
});
