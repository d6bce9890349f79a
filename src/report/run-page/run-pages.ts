import { join } from "node:path";
import { replaceFile } from "../../lib/atomic.ts";
import { fileNameOf } from "../../lib/text.ts";
import { type Calibrations, type Run, readLatency } from "../../runlog/index.ts";
import { gradesFolder } from "../address/grades-address.ts";
import { runPath } from "../address/run-address.ts";
import type { BoardFacts } from "../board/board-facts.ts";
import { attributionLists } from "../conditions/conditions-view.ts";
import { gradesPagesOf, writeGradesPages } from "../grades/grades-pages.ts";
import { judgeBadges } from "../judged/judge-badges.ts";
import { dataScript } from "../pages/data-script.ts";
import type { SiteScores } from "../pages/site-scores.ts";
import type { StagedSite } from "../pages/staged-site.ts";
import type { Render } from "../pages/templates.ts";
import { notableQuestions } from "../questions/notable-questions.ts";
import { rightLetters } from "../questions/right-letters.ts";
import { runList } from "../questions/run-list.ts";
import { readWholeRun } from "./read-whole-run.ts";
import { type Found, runView } from "./run-view.ts";

/** Where the pages of a run stand in the site. */
export interface RunPages {
  /** Its own page first, then those of its judges' grades. */
  readonly pages: readonly [string, ...string[]];
  /** The folder of the pieces of its questions. */
  readonly data: string;
  /** The folder of the pages of grades, with their data; absent where it has none. */
  readonly grades?: string;
}

/** What the pages of runs are made with and leave behind. */
export interface RunPageMaking {
  readonly site: StagedSite;
  readonly render: Render;
  readonly generatedAt: string;
  readonly calibrations?: Calibrations | undefined;
  /** Get what the pages of several runs need of this one. */
  readonly facts: BoardFacts;
  readonly scores: SiteScores;
}

export async function runPagesOf(run: Run): Promise<RunPages> {
  const { run: name } = run.manifest;
  const grades = await gradesPagesOf(run);
  return {
    pages: [runPath(name), ...grades],
    data: `runs/${fileNameOf(name)}/data`,
    ...(grades.length > 0 && { grades: gradesFolder(name) }),
  };
}

/**
 * Makes the pages of a run with all that they load. Of an interrupted run there is its page alone.
 * @param links to the pages that tell more of it @param key what they are made from
 * @throws DataError when a file of the run is damaged
 */
export async function writeRunPages(
  run: Run,
  { pages: [path], data, grades }: RunPages,
  making: RunPageMaking,
  links: Readonly<Record<string, string | undefined>>,
  key: string | undefined,
): Promise<void> {
  const { site, render, generatedAt, calibrations, facts, scores: known } = making;
  const pass = await readLatency(run);
  const write = (scores: Parameters<typeof runView>[1], found: Found): Promise<void> => {
    const view = runView(run, scores, { ...found, calibrations, pass });
    return site.write(path, render("run", { ...view, links, root: "../../", generatedAt }), key);
  };
  if (run.state === "interrupted") return write(await known.of(run), {});

  const folder = await site.folder(data, key);
  const graded = grades && (await site.folder(grades, key));
  const whole = await readWholeRun(run, { data: folder, grades: graded && join(graded, "data") });
  const { scores, columns, times, diagnosis, attributions, same, selective, prints } = whole;
  await known.add(run, scores);
  await facts.add(run, folder, scores, same, columns.tags, selective, prints);
  const list = runList(scores, { columns, times, diagnosis, lists: attributionLists(attributions) });
  await replaceFile(join(folder, "list.js"), dataScript("list", list));
  await replaceFile(
    join(folder, "right.js"),
    dataScript("right", rightLetters(scores, columns.unanswerable, calibrations)),
  );
  await replaceFile(join(folder, "judges.js"), dataScript("judges", judgeBadges(scores, calibrations)));
  if (graded) await writeGradesPages(run, whole.grades, graded, render, making);
  const notable = notableQuestions(scores, columns, times);
  return write(scores, { diagnosis, attributions, same, selective, tags: columns.tags, notable });
}
