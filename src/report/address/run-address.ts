import { fileNameOf } from "../../lib/text.ts";

/** Where the page of a run stands in the site. */
export function runPath(run: string): string {
  return `runs/${fileNameOf(run)}/index.html`;
}

/** The folder of that page as an address. */
export function runFolder(run: string): string {
  return `runs/${encodeURIComponent(fileNameOf(run))}`;
}

/** The path as an address: the % of an escaped file name is itself escaped. */
export function runHref(run: string): string {
  return `${runFolder(run)}/index.html`;
}
