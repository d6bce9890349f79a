import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import { buildSite } from "../../src/report/index.ts";
import { makeRun } from "../../src/report/testing/made-run.ts";
import { PROBES } from "./page-probes.ts";
import { watchedPage } from "./watched-page.ts";

const ASSETS = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const INJECTION = `</title></svg><script>alert(1)</script><img src=x onerror=alert(2)>"'&`;
const TITLES = ["Reader", INJECTION, `pay \u202etfel ot thgir\u202c ${"w".repeat(5_000)}`];
const COST = { currency: "USD" };

/** Marks whose contrast with the page's ground is below 3, by WCAG 2's formula; lines of the grid are for orientation alone. */
const FAINT_MARKS = `(() => {
  const channels = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = luminance(getComputedStyle(document.documentElement).backgroundColor);
  const faint = new Set();
  for (const mark of document.querySelectorAll(".chart :is(.line path, .whisker line, .dot *, .part rect)")) {
    if (mark.localName === "title") continue;
    const { fill, stroke } = getComputedStyle(mark);
    const best = Math.max(
      ...[fill, stroke].filter((color) => color.startsWith("rgb")).map((color) => {
        const pair = [luminance(color), ground];
        return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      }),
    );
    if (!(best >= 3)) faint.add(mark.parentElement.getAttribute("class") + " " + fill + " " + stroke);
  }
  return [...faint];
})()`;

/** Texts of charts that stand out of their picture, which would cut them. */
const CUT_TEXTS = `(() => {
  const cut = [];
  for (const chart of document.querySelectorAll(".chart")) {
    const frame = chart.getBoundingClientRect();
    for (const text of chart.querySelectorAll("text")) {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      if (left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 2 || bottom > frame.bottom + 2)
        cut.push(text.textContent.slice(0, 60));
    }
  }
  return cut;
})()`;

let folder: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "charts-"));
  const runs: string[] = [];
  for (const [i, title] of TITLES.entries()) {
    runs.push(
      await makeRun(folder, {
        ...{ run: `r${i}`, system: `s${i}`, title, skill: 0.3 + 0.25 * i, questions: 40 },
        ...{ conditions: ["rag@3", "rag@10"], metrics: ["EM", "R@1", "R@4"], failAt: [4 + i] },
        price: COST,
        more: (at) => ({ confidence: ((at * 7) % 40) / 40, cost: { usd: 0.001 * (i + 1), basis: "tokens" } }),
      }),
    );
  }
  await buildSite({ runs, out: join(folder, "site"), assets: ASSETS, generatedAt: "now" });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await context.close();
  expect(troubles, "console errors and dialogs").toEqual([]);
});

async function open(options: Parameters<Browser["newContext"]>[0]): Promise<void> {
  ({ context, page, troubles } = await watchedPage(browser, folder, options));
  await page.goto(pathToFileURL(join(folder, "site/index.html")).href);
  await page.locator(".chart").first().waitFor();
}

const captions = (): Promise<string[]> => page.locator("figcaption > bdi").allTextContents();

describe("the charts of the leaderboard", () => {
  it("stand where there is something to compare, without a script", async () => {
    await open({ javaScriptEnabled: false });
    expect(await captions()).toEqual([
      ...["R@k over k", "R@1 against median latency", "R@1", "R@4"],
      ...["EM over k", "EM against cost of 1000 questions", "EM against median latency"],
      ...["Risk over coverage", "Risk over coverage", "Lost by stage", "EM"],
    ]);
  });

  it("are pictures with a name, and bring the numbers that no table has", async () => {
    await open({});
    const pictures = page.getByRole("img", { name: "EM over k" });
    expect(await pictures.count()).toBe(1);
    expect(await pictures.locator("desc").textContent()).toMatch(
      /^EM \(share of questions\) over k .*Reader: \.\d{3} \[/,
    );
    const numbers = page.locator("figure", { hasText: "Lost by stage" }).last().locator("details");
    await numbers.locator("summary").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => numbers.locator("tbody td").first().isVisible()).toBe(true);
    expect(await numbers.locator("tbody td").allInnerTexts()).toContain("generation");
  });

  it("hold hostile titles as text, cut to their place", async () => {
    await open({});
    expect(await page.evaluate(PROBES.injected)).toEqual([]);
    const named = await page
      .locator(".chart .name text")
      .evaluateAll((all) => all.map((text) => text.childNodes[0]?.textContent));
    expect(named.some((name) => name?.startsWith("</title>"))).toBe(true);
    expect(named.some((name) => name?.startsWith("pay \\u202e"))).toBe(true);
    expect(Math.max(...named.map((name) => name?.length ?? 0))).toBeLessThan(40);
    expect(await page.locator(".chart style, .chart script, .chart [style], .chart [id]").count()).toBe(0);
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 360],
    ["dark", 360],
  ] as const)("can be read in %s at %i pixels", async (colorScheme, width) => {
    await open({ colorScheme, viewport: { width, height: 800 } });
    // The intervals of every metric are folded.
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    expect(await page.evaluate(PROBES.faintTexts)).toEqual([]);
    expect(await page.evaluate(FAINT_MARKS)).toEqual([]);
    expect(await page.evaluate(CUT_TEXTS)).toEqual([]);
    expect(await page.evaluate(PROBES.sideways)).toBe(0);
    const sizes = await page
      .locator(".chart")
      .evaluateAll((all) =>
        all.map((chart) => (12 * chart.getBoundingClientRect().width) / chart.viewBox.baseVal.width),
      );
    expect(Math.min(...sizes)).toBeGreaterThan(10);
  });

  it("tell systems apart without colour: by shape, dash and name", async () => {
    await open({});
    const chart = page.getByRole("img", { name: "EM over k" });
    const looks = ["look-0", "look-1", "look-2"];
    const shapes = await Promise.all(
      looks.map((look) =>
        chart
          .locator(`.dot.${look} > *`)
          .first()
          .evaluate((dot) => dot.getAttribute("d") ?? dot.localName),
      ),
    );
    const dashes = await page.evaluate<string[]>(
      `[...document.querySelectorAll(".chart .line")].slice(0, 3).map((line) => getComputedStyle(line).strokeDasharray)`,
    );
    expect(new Set(shapes).size).toBe(3);
    expect(new Set(dashes).size).toBe(3);
    expect(await chart.locator(".name").count()).toBe(3);
  });

  it("are printed", async () => {
    await open({});
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".chart").first().isVisible()).toBe(true);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
  });
});
