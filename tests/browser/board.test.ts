import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compareRuns } from "../../src/gate/compare/compare-runs.ts";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import type { ReportedResults } from "../../src/report/external/reported-results.ts";
import { buildSite } from "../../src/report/index.ts";
import { writeSingleFile } from "../../src/report/single-file/single-file.ts";
import { JUDGE, judgeRun } from "../../src/report/testing/judged-run.ts";
import { makeRun } from "../../src/report/testing/made-run.ts";
import { PROBES } from "./page-probes.ts";
import { watchedPage } from "./watched-page.ts";

const ASSETS = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const INJECTION = "<script>alert(1)</script><img src=x onerror=alert(2)>";
const BREAKOUT = "</script><script>document.title='taken over'</script><!--";
const BIDI = "pay \u202etfel ot thgir\u202c now\u001b[31m red";

const REPORTED: ReportedResults = {
  title: `Chatbot ${INJECTION}`,
  source: { name: BREAKOUT, url: "https://example.org/a?b=1&c=%22", date: "2024-08-30", note: BIDI },
  protocol: { judge: INJECTION, k: 7 },
  metrics: { "judged right": { range: [0, 1] }, bare: {} },
  results: [
    { system: "RAFT 8B", condition: "rag@7", metric: "judged right", right: 54, n: 71 },
    { system: "70B", condition: "rag@7", metric: "judged right", right: 53, n: 71 },
    { system: `old ${INJECTION}`, condition: "rag@7", metric: "judged right", right: 12, n: 71 },
    { system: "70B", condition: "rag@7", metric: "bare", mean: 0.5 },
  ],
};

let folder: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];
let single: { bytes: number; pages: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "board-"));
  const made = { questions: 60, conditions: ["rag@3"], metrics: ["R@4", "EM", "F1"] };
  const small = { type: "open weights", size: "8B", licence: "MIT", tags: ["raft"] };
  const tagged = (skill: string) => ({ ...small, training_data: skill });
  const runs = [
    await makeRun(folder, { ...made, run: "good-1", system: "good", skill: 0.9, card: tagged("manuals") }),
    await makeRun(folder, { ...made, run: "fair-1", system: "fair", skill: 0.7, card: tagged(INJECTION) }),
    await makeRun(folder, {
      ...{ ...made, run: "top-1", system: "top", title: "Top 70B", skill: 1 },
      card: { type: "hosted", size: "70B", reference: true },
    }),
    await makeRun(folder, {
      ...{ ...made, run: "canned-1", system: "canned", skill: 0.2 },
      answer: () => `As an expert I confirm it. ${BREAKOUT}`,
    }),
  ];
  for (const run of runs) {
    const grades = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`q${i + 1} rag@3`, [3, 2] as const]));
    await judgeRun(run, grades, { head: { judge: { ...JUDGE, config: {} } } });
  }
  const out = join(folder, "site");
  const built = await buildSite({
    ...{ runs, out, assets: ASSETS, generatedAt: "2026-03-02", reported: [REPORTED] },
    comparing: { compare: compareRuns },
  });
  single = await writeSingleFile({ site: out, pages: built.pages, assets: ASSETS, out: join(folder, "board.html") });
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  ({ context, page, troubles } = await watchedPage(browser, folder));
});

afterEach(async () => {
  await context.close();
  expect(troubles, "console errors, dialogs and requests outside the site").toEqual([]);
});

const open = (path: string, hash = "") => page.goto(pathToFileURL(join(folder, path)).href + hash);
const answers = () => page.locator("table[data-table='0-0-answers']");
const systems = () => answers().locator("tbody tr:visible th").allInnerTexts();
const cellsOf = (label: string) => answers().locator(`tbody td[data-label='${label}']:visible`);

describe("the controls of the board", () => {
  it("filter by what systems say of themselves, together with the search, and a link shows the same", async () => {
    await open("site/index.html");
    await page.locator("#field-licence").selectOption("MIT");
    await expect.poll(async () => (await systems()).join()).toMatch(/^good.*fair|^fair.*good/);
    await page.locator("#field-trained-on").selectOption(INJECTION);
    await expect.poll(async () => (await systems()).length).toBe(1);
    await expect.poll(() => page.locator("#found").innerText()).toBe("2 of 11 rows");
    const address = page.url();
    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(async () => (await systems()).length).toBe(4);
    expect(page.url()).not.toContain("#");
    await open("site/definitions.html");
    await page.goto(address);
    await expect.poll(async () => (await systems()).join()).toContain("fair");
    await expect.poll(() => page.locator("#field-licence").inputValue()).toBe("MIT");
    await page.locator("#find").fill("nothing like it");
    await expect.poll(async () => (await systems()).length).toBe(0);
  });

  it("are behind a button on a narrow screen, and open where a link sets one of them", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open("site/index.html");
    const [licence, button] = [page.locator("#field-licence"), page.getByRole("button", { name: "Filters" })];
    await expect.poll(() => button.getAttribute("aria-expanded")).toBe("false");
    await expect.poll(() => licence.isVisible()).toBe(false);
    await button.press("Enter");
    await expect.poll(() => button.getAttribute("aria-expanded")).toBe("true");
    await licence.selectOption("MIT");
    await expect.poll(async () => (await systems()).length).toBe(2);
    await page.reload();
    await expect.poll(() => licence.isVisible()).toBe(true);
    await expect.poll(() => page.evaluate(PROBES.sideways)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 740 });
    await expect.poll(() => button.isVisible()).toBe(false);
    await expect.poll(() => licence.isVisible()).toBe(true);
  });

  it("choose columns by keyboard, but never hide the counts that numbers need", async () => {
    await open("site/index.html");
    await page.locator("#columns summary").press("Enter");
    for (const name of ["n", "failed", "refused", "unscored"])
      await expect.poll(() => page.getByLabel(name, { exact: true }).isDisabled()).toBe(true);
    await page.getByLabel("F1", { exact: true }).press("Space");
    await expect.poll(() => cellsOf("F1").count()).toBe(0);
    await expect.poll(() => cellsOf("EM").count()).toBe(4);
    await page.reload();
    await expect.poll(() => cellsOf("F1").count()).toBe(0);
    await open(
      "site/index.html",
      "#hide=n&hide=__proto__&metrics=nonsense&tag=none&only=licence:x&sort=0-0-answers:x:y",
    );
    await expect.poll(() => cellsOf("n").count()).toBe(4);
    await expect.poll(() => cellsOf("F1").count()).toBe(4);
  });

  it("never show what judges say without a metric of the answers beside it", async () => {
    await open("site/index.html");
    await page.getByLabel("Metrics").selectOption({ label: "judges" });
    await expect.poll(() => cellsOf("j/correctness").count()).toBe(4);
    await expect.poll(() => cellsOf("EM").count()).toBe(4);
    await expect.poll(() => cellsOf("F1").count()).toBe(0);
    await page.locator("#columns summary").click();
    await page.getByLabel("EM", { exact: true }).uncheck();
    await expect.poll(() => page.url()).toContain("hide=EM");
    await expect.poll(() => cellsOf("EM").count()).toBe(4);
    await expect.poll(() => answers().locator("thead .badge:visible").first().innerText()).toBe("uncalibrated");
  });

  it("put the numbers of one tag into the rows, and say that no order is told of them", async () => {
    await open("site/index.html");
    const all = await cellsOf("EM").allInnerTexts();
    await page.getByLabel("Questions tagged").selectOption("lookup");
    await expect.poll(() => cellsOf("n").first().innerText()).toBe("30");
    await expect.poll(() => page.locator(".note.by-tag:visible").first().innerText()).toContain("“lookup”");
    await expect.poll(() => answers().locator(".mark.best:visible").count()).toBe(0);
    const values = await cellsOf("EM").locator(".n").allInnerTexts();
    expect(values.map(Number)).toEqual(values.map(Number).toSorted((a, b) => b - a));
    await page.reload();
    await expect.poll(() => cellsOf("n").first().innerText()).toBe("30");
    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(() => cellsOf("EM").allInnerTexts()).toEqual(all);
  });
});

describe("what the board says of rows", () => {
  const tiers = () => answers().locator("tr.tier:visible").allInnerTexts();

  it("is said between them: which cannot be told apart by the metric that they are sorted by", async () => {
    await open("site/index.html");
    await expect.poll(async () => (await tiers())[0]).toMatch(/^By EM: Top 70B\b/);
    await expect.poll(async () => (await tiers()).at(-1)).toMatch(/^canned, behind |^fair, behind .* told apart/);
    await expect.poll(() => answers().locator("tbody tr").first().getAttribute("class")).toBe("tier");
    await page.locator("#find").fill("canned");
    await expect.poll(async () => (await tiers()).length).toBe(1);
    await page.locator("#find").fill("");
    await page.setViewportSize({ width: 360, height: 740 });
    await answers().locator("th[data-column=F1] button").press("Enter");
    await expect.poll(async () => (await tiers())[0]).toMatch(/^By F1: /);
    await expect.poll(() => page.evaluate(PROBES.sideways)).toBe(0);
    const shown = await tiers();
    await answers().locator("th[data-column=F1] button").press("Enter");
    await expect.poll(tiers).toEqual(shown.toReversed());
    await page.reload();
    await expect.poll(tiers).toEqual(shown.toReversed());
    await answers().locator("th[data-column=failed] button").press("Enter");
    await expect.poll(tiers).toEqual([]);
    await page.getByRole("button", { name: "Filters" }).press("Enter");
    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(async () => (await tiers())[0]).toMatch(/^By EM: /);
    await page.getByLabel("Questions tagged").selectOption("lookup");
    await expect.poll(tiers).toEqual([]);
  });

  it("is the places they may have, the best besides references, and what looks canned", async () => {
    await open("site/index.html");
    const top = answers().locator("tr[data-find]", { hasText: "Top 70B" });
    await expect.poll(() => top.locator("th .badge").innerText()).toBe("reference");
    await expect.poll(() => top.locator("td[data-label=EM] .rank").innerText()).toMatch(/1(–\d)?$/);
    const good = answers().locator("tr[data-find]", { hasText: "good" });
    await expect.poll(() => good.locator("td[data-label=EM]").innerText()).toContain("best but reference");
    await expect.poll(() => page.locator("details", { hasText: "Which cannot be told apart" }).count()).toBe(2);
    const canned = answers().locator("tr[data-find]", { hasText: "canned" });
    await expect
      .poll(() => canned.locator(".mark.worse").allInnerTexts())
      .toEqual(["one answer for many", "repeated answers"]);
    await expect
      .poll(() => page.locator(".note.alert").first().innerText())
      .toContain("answers (100.0 %) are the same");
    await canned.locator("th a").click();
    await expect.poll(() => page.locator(".note.alert").innerText()).toContain("As an expert I confirm it.");
  });

  it("keeps what others reported in a table of its own, with what counts can tell, and hostile text inert", async () => {
    await open("site/index.html");
    const reported = page.locator(".reported");
    await expect.poll(() => reported.locator("h3").innerText()).toContain("reported by others");
    const places = reported.locator("td[data-label='judged right'] .rank");
    await expect.poll(() => places.allTextContents()).toEqual(["rank 1–2", "rank 1–2", "rank 3"]);
    await expect.poll(() => reported.innerText()).toContain("54 of 71");
    await expect.poll(() => reported.innerText()).toContain("no interval: neither counts nor a spread were reported");
    await expect.poll(() => answers().innerText()).not.toContain("RAFT 8B");
    await expect.poll(() => reported.getByRole("link").first().getAttribute("href")).toBe(REPORTED.source.url);
    await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
    await page.getByLabel("Metrics").selectOption({ label: "rankings" });
    await expect.poll(() => reported.locator("td[data-label='judged right']:visible").count()).toBe(3);
  });
});

describe("a pinned row", () => {
  const row = (name: string) => answers().locator("tr[data-find]", { hasText: name });
  const pin = (name: string) => row(name).getByRole("button", { name: /^Pin / });
  const against = (name: string) => row(name).locator("td[data-label=EM] .against");

  it("is what the others are held against, by keyboard, after sorting, and from a link", async () => {
    await open("site/index.html");
    await pin("Top 70B").press("Enter");
    await expect.poll(() => against("canned").innerText()).toMatch(/−\.\d{3} \[.*\] worse$/);
    await expect.poll(() => pin("Top 70B").getAttribute("aria-pressed")).toBe("true");
    await expect.poll(() => against("Top 70B").count()).toBe(0);
    await expect.poll(() => answers().locator(".mark.best:visible").count()).toBe(0);
    const shown = await against("canned").innerText();
    await answers().locator("th[data-column=F1] button").press("Enter");
    await page.locator("#find").fill("canned");
    await page.reload();
    await expect.poll(() => against("canned").innerText()).toBe(shown);
    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(() => answers().locator(".against").count()).toBe(0);
    await expect.poll(() => answers().locator(".mark.best:visible").count()).toBeGreaterThan(0);
  });

  it("shows the same from the other side, gives way to the numbers of a tag, and fits a narrow screen", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open("site/index.html");
    await pin("canned").click();
    await expect.poll(() => against("Top 70B").innerText()).toMatch(/\+\.\d{3} \[.*\] better$/);
    await expect.poll(() => page.evaluate(PROBES.sideways)).toBe(0);
    await page.getByRole("button", { name: "Filters" }).press("Enter");
    await page.getByLabel("Questions tagged").selectOption("lookup");
    await expect.poll(() => answers().locator(".against").count()).toBe(0);
    await page.getByLabel("Questions tagged").selectOption("");
    await expect.poll(() => answers().locator("td[data-label=EM] .against").count()).toBe(3);
    await pin("canned").click();
    await expect.poll(() => answers().locator(".against").count()).toBe(0);
    await expect.poll(() => page.url()).not.toContain("pin=");
  });

  it("of an address that names none is left out, and a single file has no such button", async () => {
    await open("site/index.html", "#pin=0-0-answers:runs/none:rag@3&pin=__proto__");
    await expect.poll(async () => (await systems()).length).toBe(4);
    await expect.poll(() => answers().locator(".against").count()).toBe(0);
    await open("board.html");
    await expect.poll(async () => (await systems()).length).toBe(4);
    await expect.poll(() => page.locator("button.pin").count()).toBe(0);
  });
});

describe("the single file", () => {
  it("holds the board with its compare pages, and nothing else is asked for", async () => {
    expect(single.pages).toBe(4 + 6);
    expect((await readFile(join(folder, "board.html"))).length).toBe(single.bytes);
    await open("board.html");
    await expect.poll(async () => (await systems()).length).toBe(4);
    await expect.poll(() => page.locator("article.page:visible").count()).toBe(1);
    await page.locator("summary", { hasText: "Compare two systems" }).click();
    await page.locator("details[open] .pairs a:visible").first().click();
    await expect.poll(() => page.locator("article.page:visible h1").innerText()).toContain(" against ");
    await page.locator("article.page:visible nav.jump a", { hasText: "Configuration" }).click();
    await expect.poll(() => page.url()).toMatch(/#p\d+-configuration$/);
    await page.goBack();
    await page.goBack();
    await expect.poll(async () => (await systems()).length).toBe(4);
    await page.getByLabel("Questions tagged").selectOption("numeric");
    await expect.poll(() => cellsOf("n").first().innerText()).toBe("30");
    await expect.poll(() => page.title()).toBe("Leaderboard");
  });

  it("leaves hostile text as text and runs no script but its own", async () => {
    await open("board.html");
    await expect
      .poll(() => page.locator("img, iframe, object, embed, form, base, [onload], [onerror]").count())
      .toBe(0);
    await expect.poll(() => page.evaluate("[...document.scripts].filter((s) => s.src).length")).toBe(0);
    const ran = await page.evaluate(PROBES.inlineScriptRuns);
    expect(ran).toBe(false);
    expect(troubles.splice(0).join()).toContain("Content Security Policy");
    await expect.poll(() => page.locator(".reported h3").innerText()).toContain(INJECTION);
  });

  it("does not scroll sideways at 360 pixels", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open("board.html");
    await expect.poll(() => page.evaluate(PROBES.sideways)).toBe(0);
  });
});

describe("a long board", () => {
  it("has its first rows in the page and the others in a piece, which are sorted and searched together", async () => {
    const many = Array.from({ length: 21 }, (_, i) =>
      makeRun(join(folder, "many"), {
        ...{ run: `s${i}`, system: `s${i}`, skill: i / 21, questions: 4, conditions: ["rag@3", "rag@5"] },
        ...{ metrics: ["EM"], ...(i === 3 && { title: `s3 ${INJECTION}` }) },
      }),
    );
    const out = join(folder, "long");
    const built = await buildSite({ runs: await Promise.all(many), out, assets: ASSETS, generatedAt: "" });
    const html = await readFile(join(out, "index.html"), "utf8");
    expect(html.match(/data-group="rag@/g)).toHaveLength(10);
    await open("long/index.html");
    await expect.poll(async () => (await systems()).length).toBe(42);
    await expect.poll(() => page.locator(".later:visible").count()).toBe(0);
    await expect.poll(() => page.evaluate(PROBES.injected)).toEqual([]);
    await page.locator("#find").fill("s3 rag@5");
    await expect.poll(async () => (await systems()).length).toBe(1);
    await writeSingleFile({ site: out, pages: built.pages, assets: ASSETS, out: join(folder, "long.html") });
    await open("long.html");
    await expect.poll(async () => (await systems()).length).toBe(42);
    await expect.poll(() => page.locator("a[href^='runs/']").count()).toBe(0);
  }, 60_000);
});

describe("by keyboard alone", () => {
  /** Presses a key until the focus is where it should be, and expects it to be seen there. */
  async function reach(name: string, wanted: string, key = "Tab"): Promise<void> {
    for (let press = 0; press < 120; press += 1) {
      await page.keyboard.press(key);
      if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(wanted)}) ?? false`)) {
        const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
        expect(outline, `focus is seen on ${name}`).not.toBe("none");
        return;
      }
    }
    throw new Error(`${name} is not reached by ${key}`);
  }

  it("one searches, filters, sorts, opens a run, a question, comes back, and opens a compare page", async () => {
    await open("site/index.html");
    await reach("the way past the head", ".skip");
    await reach("the search", "#find");
    await page.keyboard.type("rag@3");
    await expect.poll(() => page.locator("#found").innerText()).toMatch(/^4 of/);
    await reach("a filter", "#fields select");
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.url()).toContain("only=");
    await reach("the columns", "#columns summary");
    await reach("reset", "#reset");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("#found").innerText()).toBe("");
    await reach("the heads", "table[data-table='0-0-answers'] th[data-column=F1] button");
    await page.keyboard.press("Space");
    await expect.poll(() => answers().locator("th[data-column=F1]").getAttribute("aria-sort")).toBe("descending");
    await reach("a run", "table[data-table='0-0-answers'] tbody th a");
    await page.keyboard.press("Enter");
    await page.locator("#rows li").first().waitFor();
    await reach("the questions", "#rows a");
    await page.keyboard.press("Enter");
    await page.locator("#question h2").first().waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#rows").waitFor({ state: "visible" });
    await page.goBack();
    await page.goto(pathToFileURL(join(folder, "site/index.html")).href);
    await reach("the pairs", "details summary:has(+ .pairs)");
    let opened = false;
    for (let tries = 0; tries < 6 && !opened; tries += 1) {
      const text = await page.evaluate("document.activeElement.textContent");
      if (text === "Compare two systems") {
        await page.keyboard.press("Enter");
        opened = true;
      } else await reach("the next", "details summary");
    }
    await reach("a pair", ".pairs a");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("h1").innerText()).toContain(" against ");
  });
});
