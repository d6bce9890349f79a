import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compareRuns } from "../../src/gate/index.ts";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import { buildSite } from "../../src/report/index.ts";
import { judgeRun } from "../../src/report/testing/judged-run.ts";
import { type MadeRun, makeRun } from "../../src/report/testing/made-run.ts";
import { openRun, writeRunLabels } from "../../src/runlog/index.ts";
import { PROBES } from "./page-probes.ts";
import { watchedPage } from "./watched-page.ts";

const ASSETS = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const INJECTION = "<script>alert(1)</script><img src=x onerror=alert(2)>";
const BREAKOUT = "</script><script>document.title='taken over'</script><!--";
const BIDI = "pay \u202etfel ot thgir\u202c now\u001b[31m red\u0000";
const LONG_WORD = "a".repeat(5_000);
const HOSTILE_IDS = ["__proto__", "../../x", "constructor", 'q"><svg onload=alert(3)>', "q 1&q=2#x"];
const TEXTS = [INJECTION, BREAKOUT, BIDI, LONG_WORD, "{{constructor}} ${7*7}"];

let folder: string;
let site: string;
/** Paths of the pages of questions, by suite. */
let paths: Map<string, string>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "questions-"));
  site = join(folder, "site");
  const shared: Omit<MadeRun, "run" | "system"> = { skill: 0.6, questions: 60, metrics: ["R@4", "EM", "F1"] };
  const make = (run: string, rest: Partial<MadeRun> = {}) => makeRun(folder, { ...shared, run, system: run, ...rest });
  const hostile: Partial<MadeRun> = {
    suite: `suite ${BREAKOUT}`,
    title: `${INJECTION}" onmouseover="alert(4)`,
    questions: 8,
    question: (q, i) => ({
      ...q,
      id: HOSTILE_IDS[i] ?? q.id,
      text: TEXTS[i] ?? q.text,
      tags: [INJECTION, BIDI],
      answers: [TEXTS[i] ?? "x"],
      history: [{ role: "user", content: INJECTION }],
    }),
    answer: (text, i) => TEXTS[i] ?? text,
    passage: (text, i) => TEXTS[i] ?? text,
  };
  const alpha = await make("alpha", { skill: 0.95, failAt: [4] });
  const evil = await make("../../evil", hostile);
  const runs = [
    alpha,
    await make("beta", { skill: 0.5 }),
    await make("gamma", { skill: 0.2, questions: 10 }),
    await make("cut", { interrupted: true }),
    evil,
    await make("evil-2", { ...hostile, skill: 0.2 }),
  ];
  await judgeRun(alpha, { "q1 rag@3": [3, 2], "q2 rag@3": "failed" });
  await judgeRun(evil, { "__proto__ rag@3": [3, 2] });
  for (const dir of [alpha, evil]) {
    const { manifest, end } = await openRun(dir);
    const query = dir === evil ? "__proto__" : "q1";
    await writeRunLabels(
      dir,
      {
        ...{ kind: "labels", schema: 1, run: manifest.run, log: end!.sha256, rubric: "2".repeat(64) },
        ...{ at: "2026-06-01T00:00:00.000Z", files: [] },
      },
      [{ kind: "label", query, condition: "rag@3", trial: 0, given: [["correctness", INJECTION, 2]] }],
    );
  }
  const comparing = { compare: compareRuns };
  const { pages } = await buildSite({
    runs,
    out: site,
    assets: ASSETS,
    generatedAt: "2026-03-02 10:10 UTC",
    comparing,
  });
  paths = new Map(pages.filter((path) => path.startsWith("questions/")).map((path) => [path.split("/")[1]!, path]));
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
  expect(troubles, "console errors, dialogs and requests outside the site").toEqual([]);
});

const PLAIN = "handbook";
const hostile = () => [...paths.keys()].find((suite) => suite !== PLAIN)!;

async function open(suite: string, view: Readonly<Record<string, string>> = {}): Promise<void> {
  const hash = Object.keys(view).length === 0 ? "" : `#${new URLSearchParams(view)}`;
  // Another address of the same page would only change its hash.
  await page.goto("about:blank");
  await page.goto(pathToFileURL(join(site, paths.get(suite)!)).href + hash);
  await page.locator("#rows li, #question > *").first().waitFor({ state: "attached" });
}

const text = (selector: string) => page.locator(selector).first().innerText();
const cards = () => page.locator(".answers.across > .card");
const params = () => new URLSearchParams(new URL(page.url()).hash.slice(1));

describe("the questions of a suite across systems, from disk", () => {
  it("is reached from the leaderboard, and lists how every system fared, the best system first", async () => {
    await page.goto(pathToFileURL(join(site, "index.html")).href);
    await page
      .locator(".suite", { hasText: "The handbook suite" })
      .getByRole("link", { name: /side by side/ })
      .click();
    await expect.poll(() => page.locator("#rows li").count()).toBe(50);
    await expect.poll(() => page.locator("#rows li").first().locator(".fate").count()).toBe(3);
    await expect.poll(() => text("#systems summary")).toBe("Systems: 3 of 3 shown");
    const names = await page.locator("#right option").allTextContents();
    expect(names).toEqual(["any system", "alpha", "beta", "gamma"]);
    await expect.poll(() => text("main .note")).toContain("cut");
  });

  it("shows one question with the answers side by side: fates, scores, grades with reasons, labels, failures", async () => {
    await open(PLAIN, { on: "rag@3", question: "q1" });
    await expect.poll(() => cards().count()).toBe(3);
    await expect.poll(() => text("#question .references")).toBe("1 units");
    const alpha = cards().first();
    await expect.poll(() => alpha.locator("h4 a").innerText()).toBe("alpha");
    await expect.poll(() => alpha.locator(".mark").innerText()).toMatch(/right|wrong|refused/);
    await expect
      .poll(() => alpha.locator(".judged").first().innerText())
      .toMatch(/j uncalibrated: correctness 3 clear 2/);
    await expect.poll(() => alpha.locator(".judged").last().innerText()).toContain("correctness 2");
    await open(PLAIN, { on: "rag@3", question: "q2" });
    await expect.poll(() => cards().first().locator(".judged").innerText()).toContain("E_VERDICT_PROSE");
    await open(PLAIN, { on: "rag@3", question: "q5" });
    await expect.poll(() => cards().first().innerText()).toContain("E_ENDPOINT_TIMEOUT");
    await expect.poll(() => page.locator(".card.failure").count()).toBe(1);
  });

  it("loads the passages of a system when they are opened, gold marked", async () => {
    await open(PLAIN, { question: "q1" });
    await cards().first().waitFor();
    await expect.poll(() => page.locator("script[src*='/p0']").count()).toBe(0);
    await page.keyboard.press("p");
    await expect.poll(() => page.locator("details.retrieved[open] .passage").count()).toBeGreaterThan(10);
    await expect.poll(() => page.locator("details.retrieved .badge.gold").count()).toBeGreaterThan(0);
    await page.keyboard.press("p");
    await expect.poll(() => page.locator("details.retrieved[open]").count()).toBe(0);
  });

  it("goes with j, k and n through the list, n to where systems differ, and Escape back to it", async () => {
    await open(PLAIN, { question: "q1" });
    await cards().first().waitFor();
    await page.keyboard.press("j");
    await expect.poll(() => params().get("question")).toBe("q2");
    await page.locator("#question h2", { hasText: /^q2$/ }).waitFor();
    await page.keyboard.press("k");
    await expect.poll(() => params().get("question")).toBe("q1");
    await page.locator("#question h2", { hasText: /^q1$/ }).waitFor();
    for (let i = 0; i < 2; i += 1) {
      const before = params().get("question")!;
      await page.keyboard.press("n");
      await expect.poll(() => params().get("question")).not.toBe(before);
      await page.locator("#question h2", { hasText: new RegExp(`^${params().get("question")}$`) }).waitFor();
      const marks = await cards().locator("h4 .mark").allTextContents();
      expect(marks.some((mark) => mark.startsWith("✓"))).toBe(true);
      expect(marks.some((mark) => !mark.startsWith("✓"))).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("#list").isVisible()).toBe(true);
    await expect.poll(() => params().get("question")).toBeNull();
  });

  it("filters by who is right, by tag and by words, and keeps all of it in the address", async () => {
    await open(PLAIN);
    await page.locator("[data-show=differ]").click();
    await page.locator("#right").selectOption("alpha");
    await page.locator("#wrong").selectOption("beta");
    await page.locator("#tag").selectOption("numeric");
    const rows = page.locator("#rows li");
    await expect.poll(() => params().get("tag")).toBe("numeric");
    const count = await rows.count();
    expect(count).toBeGreaterThan(0);
    for (const fates of await rows.locator(".strip").allTextContents()) expect(fates).toMatch(/^✓[^✓]/);
    const ids = await rows.locator(".id").allTextContents();
    // Every other question is numeric.
    expect(ids.every((id) => Number(id.slice(1)) % 2 === 0)).toBe(true);
    await page.reload();
    await expect.poll(() => rows.count()).toBe(count);
    await expect.poll(() => page.locator("#wrong").inputValue()).toBe("beta");
    await open(PLAIN);
    await page.keyboard.press("/");
    await page.keyboard.type("q33 DEVICE");
    await expect.poll(() => rows.locator(".id").allTextContents()).toEqual(["q33"]);
    await page.locator("#find").fill("no such words");
    await expect.poll(() => text("#where")).toBe("No question fits.");
  });

  it("can go by another measure, and show other systems", async () => {
    await open(PLAIN, { on: "rag@3" });
    const measures = await page.locator("#by option").allTextContents();
    expect(measures).toEqual(expect.arrayContaining(["EM ≥ .5", "F1 ≥ .5", "j/correctness ≥ 1.5 (uncalibrated)"]));
    await page.locator("#by").selectOption({ label: "j/correctness ≥ 1.5 (uncalibrated)" });
    // One answer has a grade.
    await expect.poll(() => text("#rows li:first-child .score")).toMatch(/^1 of 1/);
    await page.locator("#on").selectOption("retrieval");
    await expect.poll(() => page.locator("#by option").allTextContents()).toEqual(["R@4 > 0"]);
    await page.locator("#systems summary").click();
    await page.getByRole("checkbox", { name: /beta/ }).uncheck();
    await expect.poll(() => params().getAll("run")).toEqual(["alpha", "gamma"]);
    await expect.poll(() => page.locator("#rows li").first().locator(".fate").count()).toBe(2);
    await page.locator("[data-pick=none]").click();
    await expect.poll(() => text("#systems summary")).toBe("Systems: 0 of 3 shown");
    await page.reload();
    await expect.poll(() => text("#systems summary")).toBe("Systems: 0 of 3 shown");
  });

  it("shows a dash where a run was not asked the question, and says so beside the others' answers", async () => {
    await open(PLAIN, { question: "q40" });
    await expect.poll(() => cards().count()).toBe(2);
    await expect.poll(() => text("#question")).toMatch(/Not asked this in this context: gamma/);
    await open(PLAIN, { run: "gamma", question: "q40" });
    await expect.poll(() => text("#question")).toContain("None of the systems shown");
    await expect.poll(() => cards().count()).toBe(0);
  });

  it("says when there is no such question", async () => {
    await open(PLAIN, { question: INJECTION });
    await expect.poll(() => text("#question h2")).toBe("No such question");
    await expect.poll(() => text("#question")).toContain(INJECTION);
  });

  it("is led to from a flip of two runs and from a run's question, and leads back to the run", async () => {
    await page.goto(pathToFileURL(join(site, "index.html")).href);
    await page.getByText("Compare two systems").first().click();
    await page.locator("dl.pairs").getByRole("link").first().click();
    const flip = page.locator(".flips a.id").first();
    await flip.waitFor();
    const id = await flip.innerText();
    await flip.click();
    await cards().first().waitFor();
    expect(params().get("question")).toBe(id);
    await expect.poll(() => params().getAll("run").length).toBe(2);
    await cards().first().locator("h4 a").click();
    await page.getByRole("link", { name: "all systems on this question" }).click();
    await page.waitForURL(/questions\//);
    await expect.poll(() => params().get("question")).toBe(id);
    await expect.poll(() => cards().count()).toBeGreaterThan(1);
  });

  it("keeps hostile ids, names and texts inert", async () => {
    await open(hostile());
    await expect.poll(() => page.locator("#rows li").count()).toBe(8);
    await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
    await page.locator("#tag").selectOption(INJECTION);
    await expect.poll(() => page.locator("#rows li").count()).toBe(8);
    await page.locator("#right").selectOption({ index: 1 });
    await page.locator("#systems summary").click();
    for (const id of HOSTILE_IDS) {
      await open(hostile(), { on: "rag@3", question: id });
      await expect.poll(() => cards().count()).toBe(2);
      await page.keyboard.press("p");
      await page.locator("details.retrieved .passage").first().waitFor();
      await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
      const shown = await page.locator("main").innerText();
      expect(shown).not.toMatch(/[\u202a-\u202e\u001b\u0000]/);
    }
    await expect.poll(() => page.title()).not.toBe("taken over");
  });

  it.each([
    ["the list", {}],
    ["a question", { on: "rag@3", question: "q1" }],
  ])("%s does not scroll sideways at 360 pixels, and is readable in both schemes", async (_, view) => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const suite of [PLAIN, hostile()]) {
      const asked = "question" in view && suite !== PLAIN ? { ...view, question: HOSTILE_IDS[3]! } : view;
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await open(suite, asked as Readonly<Record<string, string>>);
        await expect.poll(() => page.evaluate(PROBES.sideways)).toBe(0);
        await expect.poll(() => page.evaluate(PROBES.faintTexts)).toEqual([]);
      }
    }
  });
});

describe("the page of a run", () => {
  it("breaks the scores down by tag and names the slowest, failed and refused, leading to the questions", async () => {
    await page.goto(pathToFileURL(join(site, "runs/alpha/index.html")).href);
    await page.locator("#rows li").first().waitFor();
    await page.locator("#tags").getByRole("link", { name: "numeric" }).last().click();
    await expect.poll(() => text("#only")).toContain("tagged numeric");
    await expect.poll(() => text("#where")).toBe("1 to 30 of 30");
    const notable = page.locator("#notable .notable").last();
    await notable.getByRole("link", { name: "all, slowest first" }).click();
    await expect.poll(() => page.locator("#sort").inputValue()).toBe("slowest");
    await expect.poll(() => text("#rows .score")).toMatch(/ms|s$/);
    await notable.locator(".failure").getByRole("link", { name: "q5" }).click();
    await expect.poll(() => text("#question h2")).toBe("q5");
    await expect.poll(() => page.locator("#question .card.failure").count()).toBeGreaterThan(0);
  });

  it("shows grades with reasons and people's labels beside an answer", async () => {
    await page.goto(`${pathToFileURL(join(site, "runs/alpha/index.html")).href}#on=rag%403&question=q1`);
    await expect.poll(() => page.locator("#question .judged").count()).toBe(2);
    await expect.poll(() => page.locator("#question .judged").last().innerText()).toContain("correctness 2");
    const badge = page.locator("#question .judged a.badge");
    await expect.poll(() => badge.allInnerTexts()).toEqual(["uncalibrated"]);
    await badge.click();
    await expect.poll(() => text("h1")).toBe("Judge j uncalibrated");
    await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
  });
});
