import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import { buildSite } from "../../src/report/index.ts";
import { makeLatency } from "../../src/report/testing/made-latency.ts";
import { makeRun } from "../../src/report/testing/made-run.ts";
import { PROBES } from "./page-probes.ts";
import { watchedPage } from "./watched-page.ts";

const ASSETS = fileURLToPath(new URL("../../reports/templates", import.meta.url));
const INJECTION = "<script>alert(1)</script><img src=x onerror=alert(2)>";
const BREAKOUT = "</script><script>document.title='taken over'</script><!--";
const BIDI = "pay \u202etfel ot thgir\u202c now\u001b[31m red\u0000";
const LONG_WORD = "a".repeat(5_000);
const HOSTILE_IDS = ["__proto__", "../../x", "constructor", 'q"><svg onload=alert(3)>', "q 1&q=2#x"];

let folder: string;
let site: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "report-"));
  site = join(folder, "site");
  const runs = [
    await makeRun(folder, { run: "reader-1", system: "bm25-reader", skill: 0.6, questions: 120, failAt: [4] }),
    await makeRun(folder, {
      run: "dense-1",
      system: "dense-10",
      title: "Dense 10",
      skill: 0.7,
      questions: 120,
      question: (q, i) => ({
        ...q,
        text: `Device ${i}: ${["limit", "limit Maximum", "maximum of ten", "how?"][i % 4]}`,
      }),
    }),
    await makeRun(folder, { run: "dense-2", system: "dense-9", title: "Dense 9", skill: 0.1, questions: 120 }),
    await makeRun(folder, {
      run: "../../evil",
      system: "evil",
      title: `${INJECTION}" onmouseover="alert(4)`,
      suite: `suite ${BREAKOUT}`,
      skill: 0.5,
      questions: 20,
      failAt: [9],
      question: (q, i) => ({
        ...q,
        id: HOSTILE_IDS[i] ?? q.id,
        text: [INJECTION, BREAKOUT, BIDI, LONG_WORD, "{{constructor}} ${7*7}"][i] ?? q.text,
        tags: [INJECTION, LONG_WORD],
        history: [{ role: "user", content: INJECTION }],
      }),
      answer: (text, i) => [INJECTION, BREAKOUT, BIDI, LONG_WORD, "x ".repeat(500_000)][i] ?? text,
      passage: (text, i) => [INJECTION, BREAKOUT, BIDI, LONG_WORD][i] ?? text,
    }),
  ];
  await makeLatency(runs[0]!, {
    stages: ["encode", "search"],
    noThreads: "not put into threads: an endpoint searches (http)",
  });
  await makeLatency(runs[3]!, { stages: [INJECTION, BIDI, LONG_WORD], noThreads: BREAKOUT });
  await buildSite({ runs, out: site, assets: ASSETS, generatedAt: "2026-03-02 10:10 UTC" });
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

async function open(path: string, hash = ""): Promise<void> {
  await page.goto(pathToFileURL(join(site, path)).href + hash);
  if (path.startsWith("runs/")) await page.locator("#rows li, #question > *").first().waitFor({ state: "attached" });
}

const EVIL = "runs/..%2F..%2Fevil/index.html";
const answersOf = (suite: string) => page.locator(".suite", { hasText: suite }).locator("table[data-table$=answers]");
const texts = (selector: string): Promise<string[]> => page.locator(selector).allTextContents();

describe("the leaderboard from disk", () => {
  it("shows every system with its marks in words, counts in every row, and leads to the run", async () => {
    await open("index.html");
    const table = answersOf("The handbook suite");
    await expect.poll(() => table.locator("tbody tr[data-find]").count()).toBe(6);
    // Of each of three columns one, and those with the same mean.
    const best = table.locator("td.is-best");
    const means = () =>
      best.evaluateAll((cells) => [...new Set(cells.map((cell) => `${cell.dataset.label} ${cell.dataset.v}`))]);
    await expect.poll(async () => (await means()).length).toBe(3);
    expect(await table.locator(".mark.best").count()).toBe(await best.count());
    await expect
      .poll(() => table.locator("thead th").allInnerTexts())
      .toEqual(expect.arrayContaining(["n", "failed", "refused", "unscored"]));
    await table.getByRole("link", { name: "bm25-reader" }).first().click();
    await expect.poll(() => page.locator("h1").innerText()).toBe("bm25-reader");
  });

  it("sorts numbers by value and names as people count, says so to assistive tools, and keeps it in the address", async () => {
    await open("index.html");
    const table = answersOf("The handbook suite");
    const heads = table.locator("thead th");
    await heads.nth(0).getByRole("button").click();
    await expect.poll(() => heads.nth(0).getAttribute("aria-sort")).toBe("ascending");
    const systems = await table.locator("tbody th a").allInnerTexts();
    expect([...new Set(systems)]).toEqual(["bm25-reader", "Dense 9", "Dense 10"]);

    const em = table.locator("th[data-column=EM]");
    await em.getByRole("button").click();
    await expect.poll(() => em.getAttribute("aria-sort")).toBe("descending");
    await expect.poll(() => heads.nth(0).getAttribute("aria-sort")).toBeNull();
    await em.getByRole("button").press("Enter");
    await expect.poll(() => em.getAttribute("aria-sort")).toBe("ascending");
    const values = (await table.locator("td[data-label=EM] .n").allInnerTexts()).map(Number);
    expect(values).toEqual(values.toSorted((a, b) => a - b));

    await page.reload();
    await expect.poll(() => em.getAttribute("aria-sort")).toBe("ascending");
  });

  it("searches from the keyboard and restores the search from a link", async () => {
    await open("index.html");
    await page.keyboard.press("/");
    await page.keyboard.type("dense 10 rag@5");
    await expect.poll(() => page.locator("#found").innerText()).toMatch(/^1 of \d+ rows$/);
    const address = page.url();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("#found").innerText()).toBe("");
    await open("definitions.html");
    await page.goto(address);
    await expect.poll(() => page.locator("table.board tr[data-find]:visible").count()).toBe(1);
  });
});

describe("the page of a run", () => {
  it("lists its questions a page at a time, filtered by what happened to them", async () => {
    await open("runs/reader-1/index.html");
    await expect.poll(() => page.locator("#rows li").count()).toBe(50);
    await page.getByRole("button", { name: "more ›" }).click();
    await expect.poll(() => page.locator("#where").innerText()).toBe("51 to 100 of 120");
    await page.locator("[data-show=failed]").click();
    await expect.poll(() => texts("#rows .id")).toEqual(["q5"]);
    await page.locator("[data-show=wrong]").click();
    const wrong = await page.locator("[data-show=wrong] b").innerText();
    await expect.poll(() => page.locator("#where").innerText()).toBe(`1 to 50 of ${wrong}`);
    expect(new Set(await texts("#rows .score"))).toEqual(new Set([".000"]));
    await page.locator("#find").fill("device 11,");
    await page.locator("[data-show=all]").click();
    await expect.poll(() => texts("#rows .id")).toEqual(["q12", "q112"]);
  });

  it("opens a question by keyboard, walks through the filtered list, and comes back with Escape", async () => {
    await open("runs/reader-1/index.html", "#show=refused");
    const refused = await texts("#rows .id");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    await page.keyboard.press("Enter");
    await page.locator("#question h2", { hasText: refused[0]! }).waitFor();
    await page.keyboard.press("j");
    await page.locator("#question h2", { hasText: refused[1]! }).waitFor();
    await expect.poll(() => page.locator("#question .badge.refused").count()).toBeGreaterThan(0);
    await page.keyboard.press("Escape");
    await page.locator("#rows").waitFor({ state: "visible" });
    await expect.poll(() => texts("#rows .id")).toEqual(refused);
  });

  it("restores a question from its link: passages with gold marked, answers, references, outcomes, failures", async () => {
    await open("runs/reader-1/index.html", "#question=q5");
    await page.locator("#question .passage").first().waitFor();
    await expect
      .poll(() => page.locator("#question .card.failure code").first().innerText())
      .toBe("E_ENDPOINT_TIMEOUT");
    await expect.poll(() => texts("#question .references li")).toEqual(["13 units"]);
    await page.getByRole("link", { name: "next ›" }).click();
    await page.locator("#question h2", { hasText: "q6" }).waitFor();
    await page.locator("#question .passage").first().waitFor();
    const gold = page.locator("#question .passage.gold");
    expect((await gold.allInnerTexts()).join()).toContain("gold, grade 2");
    await expect.poll(() => page.locator("#question .answers .outcomes").count()).toBe(3);
    await expect
      .poll(() => page.locator("#question .cut").allInnerTexts())
      .toEqual(["rag@3 ends here", "rag@5 ends here"]);
    await page.goBack();
    await page.locator("#question h2", { hasText: "q5" }).waitFor();
  });

  it("says so when a link names a question that is not there", async () => {
    await open("runs/reader-1/index.html", "#question=q9999");
    await expect.poll(() => page.locator("#question").innerText()).toContain("No such question");
  });
});

describe("the diagnosis on the page of a run", () => {
  it("leads from each class to its questions, which a link restores and a button gives up", async () => {
    await open("runs/reader-1/index.html");
    const row = page.locator("#diagnosis tr", { hasText: "gold not in the first 10" });
    const missed = Number(await row.locator("td").first().innerText());
    expect(missed).toBeGreaterThan(3);
    await row.getByRole("link").click();
    await expect.poll(() => page.locator("#only").innerText()).toContain("gold not in the first 10");
    await expect.poll(() => page.locator("#rows li").count()).toBe(Math.min(50, missed));
    await expect.poll(() => page.locator("[data-show=all] b").innerText()).toBe(String(missed));
    await page.locator("#rows").waitFor({ state: "visible" });

    await page.reload();
    await expect.poll(() => page.locator("[data-show=all] b").innerText()).toBe(String(missed));
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.locator("#question .passage").first().waitFor();
    await expect.poll(() => page.locator("#question").innerText()).toContain("Gold passages that were not retrieved");
    await expect.poll(() => page.locator("#question .pager").innerText()).toContain(`1 of ${missed} in the list`);
    await page.keyboard.press("Escape");
    await page.locator("#only button").click();
    await expect.poll(() => page.locator("#only").isVisible()).toBe(false);
    await expect.poll(() => page.locator("[data-show=all] b").innerText()).toBe("120");
    expect(page.url()).not.toContain("in=");
  });

  it("counts the questions with gold, each once by rank, and draws success by overlap", async () => {
    await open("runs/reader-1/index.html");
    const tables = page.locator("#diagnosis table");
    const counts = await tables.first().locator("td.count").allInnerTexts();
    // One question of eight is unanswerable and has no gold.
    expect(counts.map(Number).reduce((a, b) => a + b)).toBe(105);
    await expect.poll(() => page.locator("#diagnosis .hint").first().innerText()).toContain("105 questions");
    await expect
      .poll(() => tables.nth(1).locator("tbody th").allInnerTexts())
      .toEqual(["beaten by a near-duplicate of the gold", "unjudged on top", "rank of the gold hangs on equal scores"]);
    // All of its questions have one wording, so that there is nothing to compare; those of the other run have several.
    await expect.poll(() => page.locator("#diagnosis .chart").count()).toBe(0);
    await open("runs/dense-1/index.html");
    await expect.poll(() => page.locator("#diagnosis .chart .dot circle").count()).toBeGreaterThan(1);
    await expect
      .poll(() => page.locator("#diagnosis .chart .said text").first().textContent())
      .toMatch(/^\d+ to \d+ %, /);
  });

  it("takes an unknown class in the address for none", async () => {
    await open("runs/reader-1/index.html", "#in=__proto__");
    await expect.poll(() => page.locator("#only").isVisible()).toBe(false);
    await expect.poll(() => page.locator("[data-show=all] b").innerText()).toBe("120");
  });
});

describe("latency on the pages", () => {
  it("of a run stands by part with intervals, and says why there are no threads", async () => {
    await open("runs/reader-1/index.html");
    const alone = page.locator("#latency ~ table").first();
    await expect.poll(() => alone.locator("tbody th").allInnerTexts()).toEqual(["retrieval", "encode", "search"]);
    await expect
      .poll(() => alone.locator("tbody tr").first().innerText())
      .toMatch(/120\s+[\d.]+ ms \[[\d.]+ ms, [\d.]+ ms\]/);
    const text = await page.locator("#estimates").innerText();
    expect(text).toContain("one question at a time after 100 to warm up");
    expect(text).toContain("1 thread, 2 threads, 4 threads: not put into threads: an endpoint searches (http)");
    expect(text).toContain("Latency while answering");
  });

  it("of a board is that of the passes alone, sorted by value, with a dash where a run has none", async () => {
    await open("index.html");
    const table = page.locator(".suite", { hasText: "The handbook suite" }).locator("table[data-table$=retrieval]");
    await expect
      .poll(() => table.locator("thead th").allInnerTexts())
      .toEqual(expect.arrayContaining(["p50", "p95", "p99", "per second"]));
    await table.locator("th[data-column=p99]").getByRole("button").click();
    const cells = await table.locator("td[data-label=p99]").allInnerTexts();
    expect(cells[0]).toMatch(/ms\s+\[[\d.]+ ms, —\]/);
    expect(cells.slice(1)).toEqual(["—", "—"]);
    const how = await table.locator("td[data-label=p99]").first().getAttribute("title");
    expect(how).toMatch(
      /^10 passages asked for, one question at a time after 100 to warm up; .*linux x64, 2 processors/,
    );
  });
});

describe("hostile text", () => {
  it("is shown as text on the leaderboard", async () => {
    await open("index.html");
    await expect.poll(() => page.locator("th[scope=row]", { hasText: INJECTION }).count()).toBeGreaterThan(0);
    await expect.poll(() => injected()).toEqual([]);
    await page.getByRole("link", { name: INJECTION }).first().click();
    await page.locator("#rows li").first().waitFor();
    await expect.poll(() => page.locator("h1").innerText()).toContain(INJECTION);
  });

  it.each(HOSTILE_IDS.map((id, i) => [id, i] as const))("is inert in question %j", async (id, i) => {
    await open(EVIL, `#${new URLSearchParams({ question: id })}`);
    await page.locator("#question .passage").first().waitFor();
    await expect.poll(() => page.locator("#question h2").innerText()).toBe(id);
    await expect.poll(() => page.title()).not.toBe("taken over");
    await expect.poll(() => injected()).toEqual([]);
    if (i === 4)
      await expect
        .poll(() => texts("#question .card .hint"))
        .toContain(" … cut here: 1,000,000 characters in the run log");
    for (const text of await texts("#question")) expect(text).not.toMatch(/[\u202a-\u202e\u001b\u0000]/);
    await expect.poll(() => sideways()).toBe(0);
  });

  it("is found by the search as it stands", async () => {
    await open(EVIL);
    await page.locator("#find").fill("<script>alert(1)");
    await expect.poll(() => texts("#rows .id")).toEqual(["__proto__"]);
    await expect.poll(() => injected()).toEqual([]);
  });
});

describe("every page", () => {
  const pages = [
    "index.html",
    "definitions.html",
    "runs/reader-1/index.html",
    "runs/reader-1/index.html#question=q6",
    "runs/dense-1/index.html#in=missed",
    EVIL,
  ];

  it.each(pages)("%s does not scroll sideways at 360 pixels", async (path) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open(...(path.split(/(?=#)/) as [string, string?]));
    await expect.poll(() => sideways()).toBe(0);
  });

  it.each(["light", "dark"] as const)("has text of contrast 4.5 or more in the %s scheme", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const path of pages) {
      await open(...(path.split(/(?=#)/) as [string, string?]));
      await expect.poll(faintTexts, { message: path }).toEqual([]);
    }
  });

  it("allows no inline script, no style and no address outside the site", async () => {
    await open("index.html");
    const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
    expect(policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
    );
    const ran = await page.evaluate(PROBES.inlineScriptRuns);
    expect(ran).toBe(false);
    expect(troubles.splice(0).join()).toContain("Content Security Policy");
  });
});

/** Elements that only injected markup could have made, and scripts from elsewhere. */
const injected = (): Promise<string[]> => page.evaluate(PROBES.injected);
const faintTexts = (): Promise<string[]> => page.evaluate(PROBES.faintTexts);
/** By how many pixels the page is wider than its window. */
const sideways = (): Promise<number> => page.evaluate(PROBES.sideways);
