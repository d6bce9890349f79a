import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { replaceFile } from "../lib/atomic.ts";
import { fileNameOf } from "../lib/text.ts";
import { type Calibrations, type Run, readLatency, readScores, sealProblems } from "../runlog/index.ts";
import { boardView } from "./board-view.ts";
import { calibrationView } from "./calibration/calibration-view.ts";
import { CompareLinks } from "./compare/compare-links.ts";
import { type ComparePageOptions, comparePages } from "./compare/compare-pages.ts";
import { compareView } from "./compare/compare-view.ts";
import { attributeFailures, type FailureAttribution } from "./conditions/attribute-failures.ts";
import { attributionLists } from "./conditions/conditions-view.ts";
import { type SameAnswers, sameAnswers } from "./conditions/same-answers.ts";
import { dataScript } from "./data-script.ts";
import { definitionsView } from "./definitions-view.ts";
import { diagnose } from "./diagnosis/diagnose.ts";
import type { Diagnosis } from "./diagnosis/diagnosis.ts";
import { openRuns } from "./group-runs.ts";
import { judgePath } from "./judged/badge-view.ts";
import { type SelectiveAnswering, selectiveAnswering } from "./refusal/selective.ts";
import { runPath } from "./run-address.ts";
import { writeRunData } from "./run-data.ts";
import { runList } from "./run-list.ts";
import { runView } from "./run-view.ts";
import { SiteKeys } from "./site-keys.ts";
import { StagedSite } from "./staged-site.ts";
import { summarise } from "./summary.ts";
import type { Summary } from "./summary-types.ts";
import { ASSETS, loadTemplates, type Render } from "./templates.ts";

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
  /** How runs are compared, and with which. Default: not, so that there are no pages of two runs. */
  readonly comparing?: ComparePageOptions;
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
 * Builds the static site: the leaderboard, a page per run with its questions, one per pair of runs compared, a data sheet per
 * calibrated judge, and the definitions. It opens from disk without server or network. Runs are read one at a time and texts are
 * streamed into pieces, so that memory depends on the largest table and not on the number of questions and runs.
 *
 * @throws DataError when a run is damaged, was changed since it ended or is of a newer version, with what is wrong with each of
 *   them; the site that was there stays
 */
export async function buildSite(options: SiteOptions): Promise<BuiltSite> {
  const warnings: string[] = [];
  const runs = distinct(await openRuns(options.runs), warnings);
  await requireUnchanged(runs);
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
  const { assets, generatedAt, calibrations } = options;
  const render = await loadTemplates(assets);
  const keys = new SiteKeys(options.code, calibrations);
  const summary = await summarise(
    runs.map(({ dir }) => dir),
    calibrations && { calibrations },
  );
  const pages: string[] = [];
  const write = async (path: string, html: string, key?: string): Promise<void> => {
    await site.write(path, html, key);
    pages.push(path);
  };
  for (const name of ASSETS) await site.write(`assets/${name}`, await readFile(join(assets, name)));
  await write("definitions.html", render("definitions", { ...definitionsView(), root: "", generatedAt }));
  for (const run of runs) {
    if (run.state === "interrupted") {
      warnings.push(`${run.manifest.run} was interrupted: it is not ranked and its questions are not shown`);
    }
    const key = await keys.of(run);
    const path = runPath(run.manifest.run);
    if (key !== undefined && (await site.keep(key, [path, dataPath(run)]))) pages.push(path);
    else await write(path, await runPage(run, options, render, () => site.folder(dataPath(run), key)), key);
  }
  for (const [id, stale] of judgesOf(summary)) {
    const calibration = calibrations?.get(id);
    if (calibration === undefined) continue;
    await write(judgePath(id), render("judge", { ...calibrationView(calibration, stale), root: "../", generatedAt }));
  }
  const compared = new CompareLinks();
  if (options.comparing) {
    for await (const { path, comparison } of comparePages(runs, summary, options.comparing, (text) =>
      warnings.push(text),
    )) {
      await write(path, render("compare", { ...compareView(comparison), root: "../../", generatedAt }));
      compared.add(comparison);
    }
  }
  await write("index.html", render("board", { ...boardView(summary, compared), root: "", generatedAt }));
  return pages;
}

/** A run that was edited after it ended is no evidence of anything. */
async function requireUnchanged(runs: readonly Run[]): Promise<void> {
  const problems: Problem[] = [];
  for (const run of runs) problems.push(...(await sealProblems(run)));
  if (problems.length > 0) throw new DataError(problems);
}

/** Where the pieces of a run's questions stand in the site. */
function dataPath({ manifest }: Run): string {
  return `runs/${fileNameOf(manifest.run)}/data`;
}

/** The judges whose grades are on the site, each with whether some of them are of another version than was calibrated. */
function judgesOf({ suites }: Summary): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  const heads = suites.flatMap(({ tables }) => tables.flatMap(({ parts }) => parts.flatMap(({ metrics }) => metrics)));
  for (const { judge } of heads)
    if (judge) found.set(judge.id, found.get(judge.id) === true || judge.calibration.state === "stale");
  return found;
}

/** @param folder where the pieces of its questions go */
async function runPage(
  run: Run,
  { generatedAt, calibrations }: SiteOptions,
  render: Render,
  folder: () => Promise<string>,
): Promise<string> {
  const scores = await readScores(run.dir);
  const pass = await readLatency(run);
  let diagnosis: Diagnosis | undefined;
  let attributions: FailureAttribution[] = [];
  let same: SameAnswers[] = [];
  let selective: SelectiveAnswering[] = [];
  if (run.state === "complete") {
    diagnosis = await diagnose(run.dir, scores);
    attributions = await attributeFailures(run.dir, scores);
    same = await sameAnswers(run.dir);
    selective = await selectiveAnswering(run.dir, scores);
    const data = await folder();
    await writeRunData(run.dir, data);
    await replaceFile(
      join(data, "list.js"),
      dataScript("list", await runList(run.dir, scores, diagnosis, attributionLists(attributions))),
    );
  }
  return render("run", {
    ...runView(run, scores, { calibrations, pass, diagnosis, attributions, same, selective }),
    root: "../../",
    generatedAt,
  });
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
