import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import { buildSite } from "../../src/report/index.ts";
import { JUDGE, judgeRun, madeCalibration } from "../../src/report/testing/judged-run.ts";
import { makeRun } from "../../src/report/testing/made-run.ts";
import { type GradedLine, type JudgeProbes, openRun, writeRunLabels } from "../../src/runlog/index.ts";
import { PROBES } from "./page-probes.ts";
import { watchedPage } from "./watched-page.ts";

const ASSETS = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const INJECTION = "<script>alert(1)</script><img src=x onerror=alert(2)>";
const BREAKOUT = "</script><script>document.title='taken over'</script><!--";
const BIDI = "pay \u202etfel ot thgir\u202c now\u001b[31m red\u0000";
const LONG_WORD = "a".repeat(5_000);
const HOSTILE = [INJECTION, BREAKOUT, BIDI, LONG_WORD];
const EVIL = { ...JUDGE, id: "../../evil", title: `${INJECTION}" onmouseover="alert(3)`, config: {} };
const PAGE = "runs/first/grades/j.html";
const EVIL_PAGE = "runs/first/grades/..%2F..%2Fevil.html";

let folder: string;
let site: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

/** Of 70 questions; the label of one is three steps away. */
async function judged(): Promise<string> {
  const run = await makeRun(folder, {
    run: "first",
    system: "first",
    skill: 0.6,
    questions: 70,
    conditions: ["rag@3"],
  });
  const ids = Array.from({ length: 70 }, (_, i) => `q${i + 1}`);
  const place = (query: string) => ({ query, condition: "rag@3", trial: 0, repeat: 0 });
  const lines = ids.map(
    (query, i): GradedLine =>
    i === 5
      ? { kind: "judge-failure", ...place(query), code: "E_VERDICT_PROSE", message: BIDI, raw: INJECTION, asked: 2 }
      : { kind: "grade", ...place(query), scores: { correctness: i % 4, clear: 2 }, reason: HOSTILE[i] ?? `it says ${i}`, asked: 1 }, // biome-ignore format: a row
  );
  await judgeRun(run, {}, { lines });
  await judgeRun(run, {}, { lines: lines.slice(0, 8), head: { judge: EVIL } });
  const { manifest, end } = await openRun(run);
  const labels = ids.slice(0, 40).map((query, i) => ({
    ...({ kind: "label", query, condition: "rag@3", trial: 0 } as const),
    given: [
      ["correctness", i === 0 ? INJECTION : "anna", i === 36 ? 3 : i % 4],
      ["clear", "anna", 2],
    ] as [string, string, number][],
  }));
  const head = { kind: "labels", schema: 1, run: manifest.run, log: end!.sha256, rubric: JUDGE.rubric } as const;
  await writeRunLabels(run, { ...head, at: "", files: [] }, labels);
  return run;
}

const PROBED: JudgeProbes = {
  ...{
    kind: "judge-probes",
    schema: 1,
    judge: { id: "j", sha256: "9".repeat(64) },
    run: INJECTION,
    log: "0".repeat(64),
  },
  ...{ at: "2026-05-29T00:00:00.000Z", level: 0.95 },
  probes: [
    { id: "padding", title: "", expects: BIDI, passed: 15, n: 20, noVerdict: 0, notApplicable: 5, rate: 0.75, low: 0.531, high: 0.888 }, // biome-ignore format: a row
    { id: "other", title: `${INJECTION} ${LONG_WORD}`, expects: "x", passed: 4, n: 4, noVerdict: 1, notApplicable: 0, rate: 1, low: 0.5, high: 1 }, // biome-ignore format: a row
  ],
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "grades-"));
  site = join(folder, "site");
  await buildSite({
    ...{ runs: [await judged()], out: site, assets: ASSETS, generatedAt: "2026-03-02 10:10 UTC" },
    calibrations: new Map([["j", madeCalibration()]]),
    judges: new Map([["j", { sha256: JUDGE.sha256, probes: PROBED }]]),
  });
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

async function open(path: string, hash = ""): Promise<void> {
  await page.goto(pathToFileURL(join(site, path)).href + hash);
  if (path.includes("/grades/")) await page.locator("#rows li, #answer > *").first().waitFor({ state: "attached" });
}
const ids = () => page.locator("#rows .id bdi:first-child").allInnerTexts();
const shownOf = () => page.locator("#where").innerText();

describe("the page of a judge's grades from disk", () => {
  it("is reached from the leaderboard, the page of the run and the data sheet", async () => {
    for (const [from, link] of [
      ["index.html", "td[data-label='j/correctness'] a.n"],
      ["runs/first/index.html", "#estimates table.grades th a[href*='grades/j.html']"],
      ["judges/j.html", "#graded td a[href*='grades/j.html']"],
    ] as const) {
      await open(from);
      await page.locator(link).first().click();
      await page.locator("#rows li").first().waitFor();
      expect(page.url()).toContain("/runs/first/grades/j.html");
    }
    await page.getByRole("link", { name: "j", exact: true }).click();
    await expect.poll(() => page.locator("h1").innerText()).toBe("Judge j misses thresholds");
  });

  it("lists the worst disagreement with people first, and narrows by what is asked", async () => {
    await open(PAGE, "#by=correctness");
    await expect.poll(() => page.locator("#rows li").count()).toBe(50);
    await expect.poll(async () => (await ids())[0]).toBe("q37");
    await page.getByRole("button", { name: /differ from people/ }).click();
    await expect.poll(ids).toEqual(["q37"]);
    await page.getByRole("button", { name: /^all/ }).click();
    await page.locator("#grade").selectOption("3");
    await expect.poll(shownOf).toBe("1 to 17 of 17");
    await page.locator("#grade").selectOption("");
    await page.locator("#find").fill("it says 43");
    await expect.poll(ids).toEqual(["q43", "q44"]);
    await page.locator("#find").fill("");
    await page.getByRole("button", { name: /no verdict/ }).click();
    await expect.poll(ids).toEqual(["q6"]);
    await page.getByRole("button", { name: /^all/ }).click();
    await page.locator("#sort").selectOption("low");
    await page.getByRole("button", { name: /more/ }).click();
    await expect.poll(shownOf).toBe("51 to 70 of 70");
    // What is seen is in the address.
    const url = page.url();
    await page.goto("about:blank");
    await page.goto(url);
    await expect.poll(shownOf).toBe("51 to 70 of 70");
  });

  it("opens an answer with its scores, people's labels and the judge's reason, and goes on to the next", async () => {
    await open(PAGE, "#by=correctness");
    await page.locator("#rows a").first().click();
    await page.locator("#answer h2").waitFor();
    const cells = (name: string) =>
      page.locator("table.scores tbody tr", { has: page.getByRole("rowheader", { name }) }).locator("td");
    await expect.poll(() => cells("correctness").allInnerTexts()).toEqual(["0", "3", "−3"]);
    await expect.poll(() => page.locator("#answer .said").innerText()).toBe("it says 36");
    await page.getByRole("link", { name: /next/ }).click();
    await expect.poll(() => page.locator("#answer h2").innerText()).not.toContain("q37");
    await page.goBack();
    await expect.poll(() => page.locator("#answer h2").innerText()).toContain("q37");
    await page.getByRole("link", { name: "the question with its passages" }).click();
    await page.locator("#question h2").first().waitFor();
    expect(page.url()).toContain("question=q37");
  });

  it("goes by keyboard to an answer and its neighbour, and back to the row of that", async () => {
    await open(PAGE, "#by=correctness&sort=order");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.locator("#answer h2", { hasText: "q1" }).waitFor();
    await page.keyboard.press("j");
    await page.locator("#answer h2", { hasText: "q2" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("#rows a:focus .id").innerText()).toContain("q2");
  });

  it("shows a failure of the judge with its raw reply, and says so where there is no such answer", async () => {
    await open(PAGE, "#question=q6&context=rag%403");
    await expect.poll(() => page.locator("#answer .raw").innerText()).toBe(INJECTION);
    await expect.poll(() => page.locator("#answer .failure").innerText()).toContain("Asked 2 times.");
    await open(PAGE, "#question=q999&context=rag%403");
    await expect.poll(() => page.locator("#answer h2").innerText()).toBe("No such answer");
  });

  it("keeps hostile reasons, raters, titles and raw replies inert", async () => {
    for (const path of [PAGE, EVIL_PAGE]) {
      for (let i = 1; i <= 6; i += 1) {
        await open(path, `#question=q${i}&context=rag%403`);
        await page.locator("#answer .said").first().waitFor();
        await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
        await expect.poll(() => page.locator("#answer").innerText()).not.toMatch(/[\u202a-\u202e\u001b]/);
        await expect.poll(() => page.title()).not.toBe("taken over");
      }
      await open(path, "#list=");
      await page.locator("#rows li").first().waitFor();
      await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
      expect(await page.evaluate(PROBES.inlineScriptRuns)).toBe(false);
      troubles.push(...troubles.splice(0).filter((said) => !/Content Security Policy/.test(said)));
    }
    for (const path of ["judges/j.html", "judges/..%2F..%2Fevil.html", "judges.html"]) {
      await open(path);
      await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
    }
  });

  it.each([PAGE, `${PAGE}#question=q3&context=rag%403`, "judges/j.html", "judges.html"])(
    "%s does not scroll sideways at 360 pixels, and is readable in both schemes",
    async (path) => {
      const [file = "", hash] = path.split("#");
      await page.setViewportSize({ width: 360, height: 740 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await open(file, hash === undefined ? "" : `#${hash}`);
        await expect.poll(() => page.evaluate(PROBES.sideways)).toBe(0);
        await expect.poll(() => page.evaluate(PROBES.faintTexts)).toEqual([]);
      }
    },
  );
});
