import { fileNameOf } from "../../lib/text.ts";

/** What an address of the page says it opens with. */
export interface GradesAt {
  /** The criterion that the list is about. */
  readonly by?: string;
  /** Only answers of this condition. */
  readonly on?: string;
  /** Opens one answer, together with its condition. */
  readonly question?: string;
  readonly context?: string;
}

/** The folder of the pages of judges' grades of a run, with their data. */
export function gradesFolder(run: string): string {
  return `runs/${fileNameOf(run)}/grades`;
}

/** Where the page of a judge's grades stands in that folder. */
export function gradesPage(judge: string): string {
  return `${fileNameOf(judge)}.html`;
}

/** Its address from the root of the site: the % of an escaped file name is itself escaped. */
export function gradesHref(run: string, judge: string, at: GradesAt = {}): string {
  const hash = new URLSearchParams(Object.entries(at)).toString();
  return `runs/${encodeURIComponent(fileNameOf(run))}/grades/${encodeURIComponent(gradesPage(judge))}${hash && `#${hash}`}`;
}
