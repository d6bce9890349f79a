import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareRuns } from "../../gate/index.ts";
import { buildSite } from "../build-site.ts";
import { judgeRun } from "../testing/judged-run.ts";
import { type MadeRun, makeRun } from "../testing/made-run.ts";

const assets = fileURLToPath(new URL("../../../reports/templates", import.meta.url));
const HOSTILE = '</script><img src=x onerror="alert(1)">\u202e';
let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compare-site-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const made = (run: string, rest: Partial<MadeRun> = {}) =>
  makeRun(folder, {
    run,
    system: run,
    skill: 0.6,
    questions: 60,
    conditions: ["rag@3"],
    metrics: ["R@4", "EM"],
    ...rest,
  });

async function build(runs: readonly string[], pinned?: string) {
  const out = join(folder, `site-${count++}`);
  const comparing = { compare: compareRuns, ...(pinned !== undefined && { pinned }) };
  const built = await buildSite({ runs, out, assets, generatedAt: "2026-03-02 10:10 UTC", comparing });
  const pages = built.pages.filter((path) => path.startsWith("compare/"));
  return { ...built, pages, read: (path: string) => readFile(join(out, path), "utf8") };
}

describe("compare pages", () => {
  it("stand for every pair of a board, which leads to them", async () => {
    const { pages, warnings, read } = await build([
      await made("first", { startedAt: "2026-01-01T00:00:00.000Z" }),
      await made("second", { skill: 0.95, startedAt: "2026-01-02T00:00:00.000Z" }),
      await made("third", { startedAt: "2026-01-03T00:00:00.000Z" }),
      await made("alien", { protocolFields: { prompt: "another" } }),
    ]);
    expect(warnings).toEqual([]);
    expect(pages.sort()).toEqual([
      "compare/first/second.html",
      "compare/first/third.html",
      "compare/second/third.html",
    ]);
    const board = await read("index.html");
    for (const path of pages) expect(board).toContain(`href="${path}"`);
    const page = await read("compare/first/second.html");
    expect(page).toContain("<bdi>second</bdi> against <bdi>first</bdi>");
    expect(page).toMatch(/class="mark best" title="better">better/);
    expect(page).toContain("Holm over 2 differences");
    expect(page).toMatch(/href="\.\.\/\.\.\/runs\/second\/index\.html#on&#x3D;rag%403&amp;question&#x3D;q\d+"/);
    expect(page).toContain('class="strong"');
    expect(page).toContain("Nothing in their configurations.");
  });

  it("begin with what was found, and have the badge of a judge beside its column", async () => {
    const runs = [await made("j1", { skill: 0.3, title: "First" }), await made("j2", { skill: 0.95 })];
    const grades = (level: 1 | 3) =>
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`q${i + 1} rag@3`, [level, 2] as const]));
    for (const [i, run] of runs.entries()) await judgeRun(run, grades(i === 0 ? 1 : 3));
    const { pages, read } = await build(runs);
    const page = await read(pages[0]!);
    const lead = page.slice(0, page.indexOf('<nav class="jump"'));
    expect(lead).toMatch(/<bdi>j\/correctness rag@3 [^<]*\(judge uncalibrated\)<\/bdi>/);
    expect(lead).toMatch(/<span class="mark (best|worse)">\w+<\/span> .*<bdi>EM rag@3 [+−]/);
    expect(page).toMatch(
      /j\/correctness<\/bdi>.*? <a class="badge" href="\.\.\/\.\.\/judges\/j\.html"[^>]*>uncalibrated/,
    );
  });

  it("keep hostile names and answers inert and inside the site", async () => {
    const { pages, read } = await build([
      await made("../../up", { system: HOSTILE, startedAt: "2026-01-01T00:00:00.000Z" }),
      await made("__proto__", { skill: 0.9, answer: () => HOSTILE, question: (q) => ({ ...q, text: HOSTILE }) }),
    ]);
    expect(pages).toEqual(["compare/..%2F..%2Fup/__proto__.html"]);
    expect(await read("index.html")).toContain('href="compare/..%252F..%252Fup/__proto__.html"');
    const page = await read(pages[0]!);
    expect(page).not.toMatch(/<img|<\/script><|\u202e|\son[a-z]+="/);
    expect(page).toContain("&lt;img src&#x3D;x");
  });

  it("compare each of many systems with the best alone, and with a pinned run", async () => {
    const runs = [];
    for (let i = 0; i < 13; i += 1)
      runs.push(await made(`s${i}`, { skill: i === 4 ? 0.95 : 0.4, metrics: ["EM"], questions: 12 }));
    const { pages } = await build(runs);
    expect(pages).toHaveLength(12);
    expect(pages.every((path) => path.startsWith("compare/s4/"))).toBe(true);
    const pinned = await build(runs, "s0");
    expect(pinned.pages.filter((path) => path.startsWith("compare/s0/"))).toHaveLength(12);
  });

  it("are left out, saying why, where two runs have no metric in common", async () => {
    const { pages, warnings } = await build([
      await made("ranks", { metrics: ["R@4"] }),
      await made("reads", { metrics: ["EM"] }),
    ]);
    expect(pages).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/is not compared with .*: none/)]);
  });

  it("are made again only where one of their runs changed, and the board leads to them all the same", async () => {
    const out = join(folder, `site-${count++}`);
    const runs = [await made("k1"), await made("k2", { skill: 0.9 }), await made("k3")];
    let compared = 0;
    const compare: typeof compareRuns = (...args) => {
      compared += 1;
      return compareRuns(...args);
    };
    const again = async () => {
      compared = 0;
      await buildSite({ runs, out, assets, generatedAt: "then", comparing: { compare }, code: "c" });
      return { compared, board: await readFile(join(out, "index.html"), "utf8") };
    };
    const first = await again();
    expect(first.compared).toBe(3);
    expect(await again()).toEqual({ compared: 0, board: first.board });
    await mkdir(join(runs[0]!, "labels"));
    await writeFile(join(runs[0]!, "labels/somebody.jsonl"), "");
    expect(await again()).toEqual({ compared: 2, board: first.board });
  });
});
