import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Handlebars from "handlebars";
import type { Chart } from "../chart/chart.ts";
import { visibleView } from "../text/visible-text.ts";

/** The pages, each by the name of its template. */
export type Page = (typeof PAGES)[number];
const PAGES = [
  "board",
  "board-rows",
  "run",
  "compare",
  "questions",
  "dataset",
  "definitions",
  "history",
  "history-alone",
  "judge",
  "judges",
  "grades",
  "sweep",
  "probe",
  "load",
] as const;

const PARTIALS = [
  "layout",
  "board-table",
  "board-rows",
  "reported",
  "chart",
  "count",
  "latency",
  "badge",
  "agreement",
  "pairs",
  "history-body",
  "same-answers",
] as const;

/** Renders a page. Values are escaped and unseen characters in them shown; markup made here (pictures without outside text) alone is put in as it is. */
export type Render = (page: Page, view: Readonly<Record<string, unknown>>) => string;

/** Files that the pages load, copied as they stand. */
export const ASSETS = [
  "style.css",
  "board.js",
  "page.js",
  "list.js",
  "question.js",
  "across.js",
  "systems.js",
  "questions.js",
  "run.js",
  "grades.js",
] as const;

/** A moment of ISO 8601 to the minute, for readers: `2026-03-02 10:04 UTC`. Anything else stands as it is. */
export function momentText(moment: string): string {
  return moment.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$/, "$1 $2 UTC");
}

/** @param dir the folder of the templates (`reports/templates`) */
export async function loadTemplates(dir: string): Promise<Render> {
  // An environment of its own: templates of another caller in this process neither see nor change these partials.
  const handlebars = Handlebars.create();
  // Only who renders pages waits for the library of charts.
  const { drawChart } = await import("../chart/draw/draw-chart.ts");
  handlebars.registerHelper("draw", (chart: Chart) => new Handlebars.SafeString(drawChart(chart)));
  handlebars.registerHelper("moment", momentText);
  const read = (name: string): Promise<string> => readFile(join(dir, `${name}.hbs`), "utf8");
  for (const partial of PARTIALS) handlebars.registerPartial(partial, await read(partial));
  const pages = new Map<Page, HandlebarsTemplateDelegate>();
  for (const page of PAGES) pages.set(page, handlebars.compile(await read(page)));
  return (page, view) => pages.get(page)!(visibleView(view));
}
