/**
 * The leaderboard at size: builds the site of many runs and opens it, from disk, in Chromium.
 *
 *   npx tsc -p . --noEmit false --outDir dist/perf && node dist/perf/benchmarks/perf/site.js [RUNS] [QUESTIONS] [FOLDER]
 *
 * Runs are made up, five of each system, their outcomes computed by the real metrics; 200 of 10,000 questions when left out. With a
 * folder they are kept there and found again. The site is built by a process of its own, twice (the second time nothing has
 * changed); its memory is the peak of resident memory. A page is usable when it can be typed into.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { keepHeapSmall } from "../../src/cli/run/small-heap.ts";
import { compareRuns, HistoryWalk } from "../../src/gate/index.ts";
import { launchChromium } from "../../src/lib/testing/chromium.ts";
import { buildSite } from "../../src/report/index.ts";
import { makeRun } from "../../src/report/testing/made-run.ts";

const ASSETS = fileURLToPath(new URL("../../../../reports/templates", import.meta.url));
const VERSIONS = 5;

async function makeRuns(parent: string, runs: number, questions: number): Promise<void> {
  for (let i = 0; i < runs; i++) {
    const name = `s${Math.floor(i / VERSIONS)}-v${i % VERSIONS}`;
    if (existsSync(join(parent, name))) continue;
    const skill = 0.3 + (0.6 * Math.floor(i / VERSIONS) * VERSIONS) / runs + 0.005 * (i % VERSIONS);
    const startedAt = new Date(Date.UTC(2026, 0, 1) + i * 3_600_000).toISOString();
    await makeRun(parent, {
      run: name,
      system: `s${Math.floor(i / VERSIONS)}`,
      skill,
      questions,
      suite: "size",
      cluster: "document",
      startedAt,
    });
    process.stderr.write(`\r${i + 1} of ${runs} runs made`);
  }
}

async function build(parent: string, out: string): Promise<void> {
  const runs = (await readdir(parent)).sort().map((name) => join(parent, name));
  const generatedAt = "2026-03-02 10:10 UTC";
  const { pages } = await buildSite({
    runs,
    out,
    assets: ASSETS,
    generatedAt,
    code: "perf",
    comparing: { compare: compareRuns },
    history: (accepted) => new HistoryWalk({ accepted }),
  });
  console.log(`${pages.length} pages`);
}

async function sizeOf(folder: string): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    files++;
    bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return { files, bytes };
}

/** Milliseconds from the request of the page until its search can be typed into, least of 5. */
async function usableAfter(page: string): Promise<number> {
  const browser = await launchChromium();
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const context = await browser.newContext();
    const tab = await context.newPage();
    const start = performance.now();
    await tab.goto(pathToFileURL(page).href);
    await tab.keyboard.press("/");
    await tab.keyboard.type("s1");
    await tab.locator("#found").filter({ hasText: "rows" }).waitFor();
    times.push(performance.now() - start);
    await context.close();
  }
  await browser.close();
  return Math.min(...times);
}

const [first = "200", second = "10000", kept] = process.argv.slice(2);
if (first === "--build") {
  // As `bench report` does.
  keepHeapSmall(100);
  await build(second, kept!);
  console.log(
    `${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most, ${Math.round(process.cpuUsage().user / 1e6)} s of CPU`,
  );
} else {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "site-")));
  const runs = join(folder, "runs");
  const out = join(folder, "site");
  await mkdir(runs, { recursive: true });
  await makeRuns(runs, Number(first), Number(second));
  process.stderr.write("\n");
  for (const when of ["first build", "again"]) {
    const start = performance.now();
    const said = execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--build", runs, out], {
      encoding: "utf8",
    });
    console.log(`${when}: ${((performance.now() - start) / 1000).toFixed(1)} s, ${said.trim().replaceAll("\n", ", ")}`);
  }
  const { files, bytes } = await sizeOf(out);
  console.log(
    `site: ${files} files, ${Math.round(bytes / 1e6)} MB; first page ${Math.round((await stat(join(out, "index.html"))).size / 1000)} kB`,
  );
  console.log(`first page usable after ${Math.round(await usableAfter(join(out, "index.html")))} ms`);
  if (kept === undefined) await rm(folder, { recursive: true });
}
