import { type StaticPageOptions, staticPage } from "../pages/static-page.ts";
import type { HistoryTable } from "./history-table.ts";
import { historyView } from "./history-view.ts";

/** A series as one HTML file that opens from disk. */
export async function historyPage(table: HistoryTable, options: StaticPageOptions): Promise<string> {
  return staticPage("history-alone", historyView(table, false), options);
}
