import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compareRuns } from "../../src/gate/index.ts";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import { buildSite } from "../../src/report/index.ts";
import { makeRun } from "../../src/report/testing/made-run.ts";
import { PROBES } from "./page-probes.ts";
import { watchedPage } from "./watched-page.ts";

const ASSETS = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const INJECTION = "<script>alert(1)</script><img src=x onerror=alert(2)>";
const BIDI = "pay \u202etfel ot thgir\u202c now\u001b[31m red";
const LONG_WORD = "a".repeat(5_000);
const PLAIN = "compare/first/second.html";
const HOSTILE = "compare/first/..%2F..%2Fevil.html";

let folder: string;
let site: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compare-"));
  site = join(folder, "site");
  const shared = { suite: "handbook", questions: 60, conditions: ["rag@3"], metrics: ["R@4", "EM", "F1"] };
  const runs = [
    await makeRun(folder, {
      ...shared,
      run: "first",
      system: "first",
      skill: 0.4,
      startedAt: "2026-01-01T00:00:00.000Z",
    }),
    await makeRun(folder, { ...shared, run: "second", system: "second", skill: 0.95, failAt: [4] }),
    await makeRun(folder, {
      ...shared,
      run: "../../evil",
      system: "evil",
      title: `${INJECTION}" onmouseover="alert(4)`,
      skill: 0.9,
      question: (q, i) => ({ ...q, answers: [[INJECTION, BIDI, LONG_WORD][i % 3]!] }),
      answer: (_, i) => [INJECTION, BIDI, LONG_WORD][i % 3]!,
    }),
  ];
  const comparing = { compare: compareRuns };
  await buildSite({ runs, out: site, assets: ASSETS, generatedAt: "2026-03-02 10:10 UTC", comparing });
  browser = await launchChromium();
});
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

describe("a compare page from disk", () => {
  it("is reached from the leaderboard and leads from a flip to the question in either run", async () => {
    await open("index.html");
    await page.getByText("Compare two systems").click();
    await page.locator("dl.pairs").getByRole("link", { name: "second", exact: true }).first().click();
    await expect.poll(() => page.locator("h1").innerText()).toBe("second against first");
    await expect.poll(() => page.locator("#verdicts .mark.best").count()).toBeGreaterThan(0);
    const flip = page.locator(".flips").last().locator("tbody tr").first();
    const id = await flip.locator(".id").innerText();
    await flip.locator("td[data-label=candidate] a").click();
    await page.locator("#question h2").first().waitFor();
    expect(page.url()).toContain("runs/second/index.html");
    expect(decodeURIComponent(page.url())).toContain(`question=${id}`);
    await expect.poll(() => page.locator("#question").isVisible()).toBe(true);
  });

  it("draws every difference with a line at 0 that stands out", async () => {
    await open(PLAIN);
    const rows = await page.locator("#verdicts tbody tr").count();
    const charts = await page.locator(".chart").count();
    await expect.poll(() => page.locator(".chart .whisker line").count()).toBe(rows);
    await expect.poll(() => page.locator(".chart .strong line").count()).toBe(charts);
  });

  it("keeps hostile titles and answers inert", async () => {
    await open(HOSTILE);
    await expect.poll(() => page.locator("h1").innerText()).toContain(INJECTION);
    await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
    for (const text of await page.locator("main").allTextContents()) expect(text).not.toMatch(/[\u202a-\u202e\u001b]/);
  });

  it.each([PLAIN, HOSTILE])(
    "%s does not scroll sideways at 360 pixels, and is readable in both schemes",
    async (path) => {
      await page.setViewportSize({ width: 360, height: 740 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await open(path);
        await expect.poll(() => page.evaluate(PROBES.sideways)).toBe(0);
        await expect.poll(() => page.evaluate(PROBES.faintTexts)).toEqual([]);
      }
    },
  );
});
