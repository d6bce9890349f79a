import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import { type FaultServer, faultServer } from "../../src/system/testing/fault-server.ts";
import { EVIL, hostileProject } from "../cli/hostile-project.ts";
import { AUDITS } from "./page-audits.ts";
import { PROBES } from "./page-probes.ts";
import { watchedPage } from "./watched-page.ts";

// All of a project is made through the command line, and all of its pages are visited.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let root: string;
let server: FaultServer;
/** Every HTML file that the commands wrote, and of each kind of page the first. */
let pages: string[];
let kinds: Map<string, string>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "every-page-"));
  server = await faultServer();
  const { runs, labels, cli } = await hostileProject(root, server);
  const [a] = runs.get(`a${EVIL}`)! as [string];
  const [b] = runs.get(`b${EVIL}`)! as [string];
  const [judge, by, on] = [`j${EVIL}`, ["--labels", labels], ["-b", EVIL]];
  for (const argv of [
    ["judge", "fit", "-j", "words", ...by],
    ["judge", "run", "-j", judge, a, b],
    ["judge", "run", "-j", "words", a],
    ["judge", "pairs", "-j", "pair", a, b],
    ["judge", "probe", "-j", judge, a, "--limit", "3"],
    ["calibrate", "-j", judge, "--run", a, ...by, "--resamples", "99"],
    ["judge", "correct", "-j", judge, a, ...by, "--resamples", "99"],
    ["sweep", "reader", ...on, "--set", "retriever.b=0.4,0.75", "-k", "1,2", "--html", "sweep.html"],
    ["probe", "distractors", `a${EVIL}`, ...on, "--count", "0,1", "--limit", "8", "--html", "distractors.html"],
    ["load", "-s", `a${EVIL}`, ...on, "--rate", "20", "--duration", "0.3s", "--warmup", "0", "-o", "load.json"],
    ["history", EVIL, `a${EVIL}`, "--html", "history.html"],
    ["report", "--single-file", "board.html"],
  ]) {
    const { exitCode, stderr } = await cli(...argv);
    if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${exitCode} ${stderr.slice(0, 2000)}`);
  }
  pages = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".html"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  kinds = new Map(pages.toReversed().map((path) => [kindOf(path), path]));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  ({ context, page, troubles } = await watchedPage(browser, root, { reducedMotion: "reduce" }));
});
afterEach(async () => {
  await context.close();
  expect(troubles, "console messages, dialogs and requests outside the folder").toEqual([]);
});

/** Its folder in the site; a page that stands alone is a kind of its own. */
function kindOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first !== "site" ? first : path.includes("/grades/") ? "grades" : second;
}

async function open(path: string, hash = ""): Promise<void> {
  await page.goto("about:blank");
  await page.goto(pathToFileURL(join(root, path)).href + hash);
  // Lists are made when their data is there.
  if (await page.locator("ol#rows").count()) {
    await page.locator("#rows li, #question > *, #answer > *").first().waitFor({ state: "attached" });
  }
}

/** Where the entries of a page's list lead to. */
const entries = (): Promise<string[]> =>
  page.evaluate("[...document.querySelectorAll('#rows a')].map((a) => a.getAttribute('href'))");

const openDetails = () => page.evaluate("for (const box of document.querySelectorAll('details')) box.open = true");

/** A choice goes into the address, which the page answers in a later task; what that draws is there a frame after. */
const ANSWERED = "new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done, 20)), 20))";

describe("every page of a project in which all is hostile", () => {
  it("is found by kind", () => {
    const site = [
      "compare",
      "datasets",
      "definitions.html",
      "grades",
      "history",
      "index.html",
      "judges",
      "judges.html",
    ];
    const alone = ["board.html", "distractors.html", "history.html", "load.html", "sweep.html"];
    expect([...kinds.keys()].toSorted()).toEqual([...site, ...alone, "questions", "runs"].toSorted());
  });

  it("is looked at by audits that see what is wrong", async () => {
    const bad =
      "<h3>x</h3><img><a href='javascript:1' onclick='1' title='\u001b'>\u202e</a><table><tr><td>1<td>2</table>";
    await page.setContent(`${bad}<table><tr><td>j/correctness 2</table>`);
    const seen = async (audit: keyof typeof AUDITS) => (await page.evaluate<string[]>(AUDITS[audit])).join("\n");
    for (const what of ["a stranger", "a handler", "raw title", "a link to javascript:1", "raw text in a"])
      expect(await seen("strange")).toContain(what);
    for (const what of ["not one h1", "h3 after h0", "a table without a name", "rows without a head"])
      expect(await seen("unnamed")).toContain(what);
    for (const what of ["without calibration", "without a metric"]) expect(await seen("judgesAlone")).toContain(what);
    expect(await page.evaluate(AUDITS.controls)).toBe(1);
  });

  /** A page of each kind, opened, and with the first entry of its list, where it has one. */
  async function* views(): AsyncGenerator<string> {
    for (const [kind, path] of kinds) {
      await open(path);
      yield kind;
      const [entry] = await entries();
      if (entry === undefined) continue;
      await open(path, entry);
      yield `${kind} ${entry}`;
    }
  }

  it("runs nothing of others, links nowhere else, shows nothing raw and fits the window, each entry of each list too", async () => {
    const found: string[] = [];
    const look = async (where: string, widths = [1280, 360, 320]): Promise<void> => {
      await openDetails();
      for (const what of await page.evaluate<string[]>(AUDITS.strange)) found.push(`${where}: ${what}`);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 740 });
        const wider = await page.evaluate<number>(PROBES.sideways);
        if (wider > 0) found.push(`${where}: ${wider} wider than ${width}`);
      }
      if (troubles.length > 0) found.push(...troubles.splice(0).map((what) => `${where}: ${what}`));
    };
    for (const path of pages) {
      await open(path);
      const list = await entries();
      await look(path);
      // Of each kind one page with its entries: the others are made by the same scripts from the same texts.
      const visited = kinds.get(kindOf(path)) === path ? list.slice(0, 24) : [];
      for (const hash of visited) {
        await open(path, hash);
        await page.locator("#question h2, #answer h2").first().waitFor();
        await look(`${path} ${hash}`, [320]);
      }
    }
    expect(found).toEqual([]);
  });

  it("shows nothing raw whatever is chosen in its controls", async () => {
    const found: string[] = [];
    for (const [kind, path] of kinds) {
      await open(path);
      await openDetails();
      for (const id of await page.evaluate<string[]>("[...document.querySelectorAll('select')].map(({ id }) => id)")) {
        const select = page.locator(`#${id}`);
        for (let at = 0; at < (await select.locator("option").count()); at += 1) {
          if (!(await select.isEnabled())) break;
          await select.selectOption({ index: at });
          await page.evaluate(ANSWERED);
          for (const what of await page.evaluate<string[]>(AUDITS.strange)) found.push(`${kind} ${id} ${at}: ${what}`);
        }
      }
    }
    expect(found).toEqual([]);
  });

  it("has one heading of the first level and no gap in the others, names for tables, pictures and controls, and stands still", async () => {
    const found: string[] = [];
    for await (const view of views())
      for (const what of await page.evaluate<string[]>(AUDITS.unnamed)) found.push(`${view}: ${what}`);
    expect(found).toEqual([]);
  });

  it("never shows what a judge scores without its calibration and a metric of the answers beside it", async () => {
    const found: string[] = [];
    for (const path of pages) {
      await open(path);
      for (const what of await page.evaluate<string[]>(AUDITS.judgesAlone)) found.push(`${path}: ${what}`);
    }
    expect(found).toEqual([]);
  });

  it("is used by keyboard: past its head, to every control once, in order, seen, and out again", async () => {
    const found: string[] = [];
    for await (const view of views()) {
      const controls = await page.evaluate<number>(AUDITS.controls);
      for (let step = 0; step < controls; step += 1) {
        await page.keyboard.press("Tab");
        const faults = await page.evaluate<string[]>(AUDITS.focus);
        found.push(...faults.map((what) => `${view}: ${what}`));
      }
      await page.keyboard.press("Tab");
      if (!(await page.evaluate(AUDITS.left))) found.push(`${view}: more than ${controls} controls are reached`);
    }
    expect(found).toEqual([]);
  });

  it("leads by keyboard into an entry of a list, and with Escape back to where one was", async () => {
    for (const [kind, path] of kinds) {
      await open(path);
      const [, second] = await entries();
      if (second === undefined) continue;
      await page.locator("#rows a").nth(1).focus();
      await page.keyboard.press("Enter");
      await page.locator("#question h2, #answer h2").first().waitFor();
      const inside = "document.activeElement.closest('#question, #answer') !== null";
      await expect.poll(() => page.evaluate(inside), { message: kind }).toBe(true);
      await page.keyboard.press("Tab");
      expect(await page.evaluate(inside), kind).toBe(true);
      await page.keyboard.press("Escape");
      const focused = "document.activeElement.getAttribute('href')";
      await expect.poll(() => page.evaluate(focused), { message: kind }).toBe(second);
    }
  });
});
