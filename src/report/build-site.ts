import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { replaceFile } from "../lib/atomic.ts";
import { type Calibrations, type Run, sealProblems } from "../runlog/index.ts";
import { judgePath } from "./address/judge-address.ts";
import { BoardFacts } from "./board/board-facts.ts";
import { cutRows } from "./board/board-pieces.ts";
import { boardView } from "./board/board-view.ts";
import { CompareLinks } from "./compare/compare-links.ts";
import { type ComparePageOptions, comparePages, type Kept } from "./compare/compare-pages.ts";
import { compareView } from "./compare/compare-view.ts";
import { datasetHref, datasetPages } from "./dataset/dataset-pages.ts";
import { definitionsView } from "./definitions-view.ts";
import type { ReportedResults } from "./external/reported-results.ts";
import { openRuns } from "./group-runs.ts";
import { type BeginWalk, historyPages } from "./history/history-pages.ts";
import { gradeCharts } from "./judged/grade-charts.ts";
import { judgeSheetView, judgesView } from "./judged/judge-sheet-view.ts";
import { judgeSheets, type KnownJudge, pairsOf } from "./judged/judge-sheets.ts";
import { dataScript } from "./pages/data-script.ts";
import { SiteKeys } from "./pages/site-keys.ts";
import { SiteScores } from "./pages/site-scores.ts";
import { StagedSite } from "./pages/staged-site.ts";
import { ASSETS, loadTemplates } from "./pages/templates.ts";
import { pairRows } from "./pairs/pairs-view.ts";
import { questionPages } from "./questions/question-pages.ts";
import { runPagesOf, writeRunPages } from "./run-page/run-pages.ts";
import { summarise } from "./summary.ts";
import type { Summary } from "./summary-types.ts";

export interface SiteOptions {
  /** Run folders. */
  readonly runs: readonly string[];
  /** Where the site goes. The one there stays until the new one is whole; files of other origin stay. */
  readonly out: string;
  /** The folder of the templates: `reports/templates` of the package. */
  readonly assets: string;
  /** What the pages say they were made at; printed as it stands. */
  readonly generatedAt: string;
  /** Of the judges that are known, by their ids. Default: none, so that every judge is uncalibrated. */
  readonly calibrations?: Calibrations;
  /** What else is known of judges: whether their files have changed, and how they stood up to probes. Default: nothing. */
  readonly judges?: ReadonlyMap<string, KnownJudge>;
  /** Is told how far the work is, in words. Default: nobody is. */
  readonly progress?: (text: string) => void;
  /** How runs are compared, and with which. Default: not, so that there are no pages of two runs. */
  readonly comparing?: ComparePageOptions;
  /** Begins a walk along the runs of a system, which says what changed. Default: there are no pages of that. */
  readonly history?: BeginWalk;
  /** The names of runs that a person accepted as baselines. Default: none. */
  readonly accepted?: ReadonlySet<string>;
  /** Results that others reported, shown in tables of their own. Default: none. */
  readonly reported?: readonly ReportedResults[];
  /**
   * Names the code and templates that make the pages. With it, what the site has from the last build is kept where its runs and
   * this are the same. Default: all is made anew.
   */
  readonly code?: string;
}

export interface BuiltSite {
  /** Pages of the site, as paths relative to `out`; `index.html` is the leaderboard. */
  readonly pages: readonly string[];
  /** What a reader of the site will miss, and why. */
  readonly warnings: readonly string[];
}

/**
 * Builds the static site: the leaderboard, a page per run with its questions, one per suite and protocol with
 * the questions of all its runs side by side, one per pair of runs compared, a data sheet per
 * calibrated judge, and the definitions. It opens from disk without server or network. Runs are read one at a time and texts are
 * streamed into pieces, so that memory depends on the largest table and not on the number of questions and runs.
 *
 * @throws DataError when a run is damaged, was changed since it ended or is of a newer version, with what is wrong with each of
 *   them; the site that was there stays
 */
export async function buildSite(options: SiteOptions): Promise<BuiltSite> {
  const warnings: string[] = [];
  const runs = distinct(await openRuns(options.runs), warnings);
  await requireUnchanged(runs, options.progress);
  const site = await StagedSite.begin(options.out);
  try {
    const pages = await fillSite(site, runs, options, warnings);
    await site.publish();
    return { pages, warnings };
  } catch (error) {
    await site.discard();
    throw error;
  }
}

async function fillSite(
  site: StagedSite,
  runs: readonly Run[],
  options: SiteOptions,
  warnings: string[],
): Promise<string[]> {
  const { assets, generatedAt, calibrations, progress } = options;
  const render = await loadTemplates(assets);
  const keys = new SiteKeys(options.code, calibrations);
  const scores = new SiteScores(site.scratch);
  const pages: string[] = [];
  const write = async (path: string, html: string, key?: string): Promise<void> => {
    await site.write(path, html, key);
    pages.push(path);
  };
  for (const name of ASSETS) await site.write(`assets/${name}`, await readFile(join(assets, name)));
  await write("definitions.html", render("definitions", { ...definitionsView(), root: "", generatedAt }));
  const facts = new BoardFacts();
  const making = { site, render, generatedAt, calibrations, facts, scores };
  const known = { ...options, scoresOf: scores.of };
  const histories = options.history ? historyPages(runs, options.history, known) : [];
  for (const [at, run] of runs.entries()) {
    progress?.(`the page of run ${at + 1} of ${runs.length}`);
    if (run.state === "interrupted") {
      warnings.push(`${run.manifest.run} was interrupted: it is not ranked and its questions are not shown`);
    }
    const history = histories.find((page) => page.runs.includes(run))?.href;
    const links = { history, dataset: datasetHref(run.manifest.dataset) };
    const key = keys.with(await keys.of(run), history);
    const own = await runPagesOf(run);
    const units = [own.pages[0], own.data, ...(own.grades === undefined ? [] : [own.grades])];
    const kept =
      key !== undefined && (await facts.restore(run, join(options.out, own.data))) && (await site.keep(key, units));
    if (!kept) await writeRunPages(run, own, making, links, key);
    pages.push(...own.pages);
  }
  progress?.(`the scores of ${runs.length} runs`);
  const summary = await summarise(
    runs.map(({ dir }) => dir),
    { ...(calibrations && { calibrations }), scoresOf: scores.of, pairs: true },
  );
  for (const { folder, runs: shown, view, list } of questionPages(runs, summary)) {
    const key = await keys.of(...shown);
    const paths = [`${folder}/index.html`, `${folder}/data`] as const;
    if (key !== undefined && (await site.keep(key, paths))) pages.push(paths[0]);
    else {
      await replaceFile(join(await site.folder(paths[1], key), "list.js"), dataScript("list", await list()));
      await write(paths[0], render("questions", { ...view, root: "../../../", generatedAt }), key);
    }
  }
  const sheets = await judgeSheets(runs, calibrations, options.judges);
  for (const sheet of sheets)
    await write(
      judgePath(sheet.id),
      render("judge", { ...judgeSheetView(sheet), spread: gradeCharts(summary, sheet.id), root: "../", generatedAt }),
    );
  if (sheets.length > 0) await write("judges.html", render("judges", { ...judgesView(sheets), root: "", generatedAt }));
  const datasets = new Map<string, string>();
  for (const { path, runs: shown, view } of datasetPages(runs)) {
    for (const { manifest } of shown) datasets.set(manifest.protocol, datasetHref(manifest.dataset));
    const key = await keys.of(...shown);
    if (key !== undefined && (await site.keep(key, [path]))) pages.push(path);
    else await write(path, render("dataset", { ...(await view()), root: "../../", generatedAt }), key);
  }
  for (const { path, runs: shown, besides, view } of histories) {
    const key = keys.with(await keys.of(...shown), besides);
    if (key !== undefined && (await site.keep(key, [path]))) pages.push(path);
    else await write(path, render("history", { ...(await view()), root: "../../../", generatedAt }), key);
  }
  const compared = new CompareLinks();
  if (options.comparing) {
    const pairsOfRuns = (a: string, b: string) => pairsOf(sheets, b, a).flatMap((found) => pairRows(found, b));
    const made = new Map<string, string | undefined>();
    const kept: Kept = async ({ baseline: a, candidate: b }, path) => {
      const key = keys.with(await keys.of(a, b), pairsOfRuns(a.manifest.run, b.manifest.run));
      made.set(path, key);
      return key !== undefined && (await site.keep(key, [path]));
    };
    const warn = (text: string) => void warnings.push(text);
    for await (const page of comparePages(runs, summary, { ...options.comparing, scoresOf: scores.of }, warn, kept)) {
      const { path, comparison, compared: two } = page;
      compared.add(two);
      progress?.(`${made.size} pages of two runs`);
      if (comparison === undefined) pages.push(path);
      else {
        const pairs = pairsOfRuns(two.baseline.run, two.candidate.run);
        await write(
          path,
          render("compare", { ...compareView(comparison, headsOf(summary, two)), pairs, root: "../../", generatedAt }),
          made.get(path),
        );
      }
    }
  }
  const board = cutRows(
    boardView(summary, {
      ...{ compared, histories, datasets, ...facts.board, reported: options.reported ?? [] },
      alike: await facts.alike(summary),
    }),
  );
  for (const { name, rows } of board.pieces)
    await site.write(`data/${name}.js`, dataScript(name, render("board-rows", { rows })));
  for (const { name, rows } of board.pins) await site.write(`data/${name}.js`, dataScript(name, rows()));
  await write(
    "index.html",
    render("board", {
      ...board.view,
      judges: sheets.length > 0,
      root: "",
      generatedAt,
    }),
  );
  return pages;
}

/** What the board knows of the suite and the metrics of two runs. */
function headsOf({ suites }: Summary, { suite, protocol }: { readonly suite: string; readonly protocol: string }) {
  const found = suites.find(({ id }) => id === suite);
  const table = found?.tables.find((one) => one.protocol === protocol);
  return { title: found?.title, heads: table?.parts.flatMap(({ metrics }) => metrics) ?? [] };
}

/** A run that was edited after it ended is no evidence of anything. */
async function requireUnchanged(runs: readonly Run[], progress: SiteOptions["progress"]): Promise<void> {
  const problems: Problem[] = [];
  for (const [at, run] of runs.entries()) {
    progress?.(`checking run ${at + 1} of ${runs.length}`);
    problems.push(...(await sealProblems(run)));
  }
  if (problems.length > 0) throw new DataError(problems);
}

/** Runs are told apart by their name. Of several folders that hold a run of one name the first stands. */
function distinct(runs: readonly Run[], warnings: string[]): Run[] {
  const found = new Map<string, Run>();
  for (const run of runs) {
    const first = found.get(run.manifest.run);
    if (first === undefined) found.set(run.manifest.run, run);
    else if (first.dir !== run.dir) warnings.push(`${run.dir} is left out: ${first.dir} holds a run of the same name`);
  }
  return [...found.values()];
}
