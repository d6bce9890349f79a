import { fileNameOf } from "../../lib/text.ts";

/** Where the data sheet of a judge stands in the site: every judge of a run on the site has one. */
export function judgePath(id: string): string {
  return `judges/${fileNameOf(id)}.html`;
}

/** The path as an address: the % of an escaped file name is itself escaped. */
export function judgeHref(id: string): string {
  return `judges/${encodeURIComponent(fileNameOf(id))}.html`;
}
