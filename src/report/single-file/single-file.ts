import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DomUtils, parseDocument } from "htmlparser2";
import { replaceFile } from "../../lib/atomic.ts";
import { scriptJson } from "../pages/data-script.ts";
import { joinPages, type SitePage } from "./join-pages.ts";

export interface SingleFileOptions {
  /** The folder of a built site. */
  readonly site: string;
  /** Its pages, relative to it; those that need data of their own are left out. */
  readonly pages: readonly string[];
  /** The folder of the templates: `reports/templates` of the package. */
  readonly assets: string;
  /** The file that is written. */
  readonly out: string;
}

export interface SingleFile {
  readonly bytes: number;
  /** Pages that it has, the leaderboard first. */
  readonly pages: number;
}

/** The pages that are complete without data files. */
const WHOLE = /^(?:index\.html|definitions\.html|judges\.html|judges\/[^/]+\.html|compare\/.+\.html)$/;
const SCRIPTS = ["page.js", "board.js", "single.js"];

/**
 * Writes the leaderboard of a built site with its compare pages, data sheets of judges and definitions as one HTML file that needs
 * no other: for mailing. Links between its pages lead to places in it; what leads to pages of runs and questions is text there. Its
 * scripts and style stand in it and are allowed by their hashes alone, so that no other script can run.
 */
export async function writeSingleFile({ site, pages, assets, out }: SingleFileOptions): Promise<SingleFile> {
  const whole = pages.filter((path) => WHOLE.test(path));
  const paths = ["index.html", ...whole.filter((path) => path !== "index.html")];
  const read: SitePage[] = [];
  for (const path of paths) read.push({ path, html: await readFile(join(site, path), "utf8") });
  read[0] = { path: "index.html", html: await withAllRows(site, read[0]!.html) };
  const style = await readFile(join(assets, "style.css"), "utf8");
  const scripts: string[] = [];
  for (const name of SCRIPTS) scripts.push(await readFile(join(assets, name), "utf8"));
  const html = documentOf(read, style, scripts, await tagPieces(site, read[0]!.html));
  await replaceFile(out, html);
  return { bytes: Buffer.byteLength(html), pages: paths.length };
}

function documentOf(
  read: readonly SitePage[],
  style: string,
  scripts: readonly string[],
  pieces: ReadonlyMap<string, unknown>,
): string {
  const [board, ...others] = joinPages(read);
  const definitions = others[read.findIndex(({ path }) => path === "definitions.html") - 1];
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(" ")}`,
    `style-src ${hashOf(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const article = ({ id, title, html }: { id: string; title: string; html: string }) =>
    `<article class="page" id="${id}" data-title="${escapeAttribute(title)}">\n${html}\n</article>`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeAttribute(board!.title)}</title>`,
    '<link rel="icon" href="data:,">',
    `<style>${closed(style)}</style>`,
    "</head>",
    "<body>",
    '<a class="skip" href="#main">Skip to content</a>',
    '<header class="site">',
    '<a class="brand" href="#board">Plumbline</a>',
    `<nav aria-label="Site"><a href="#board">Leaderboard</a>${definitions ? ` <a href="#${definitions.id}">Definitions</a>` : ""}</nav>`,
    "</header>",
    '<main id="main" tabindex="-1">',
    ...[board!, ...others].map(article),
    "</main>",
    ...Array.from(pieces, ([src, value]) => {
      const json = scriptJson(value);
      return `<script type="application/json" data-piece="${escapeAttribute(src)}">${json}</script>`;
    }),
    ...scripts.map((script) => `<script>${closed(script)}</script>`),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** The leaderboard with the rows that stand in pieces put back into their tables. */
async function withAllRows(site: string, html: string): Promise<string> {
  let whole = html;
  for (const [table, name] of html.matchAll(/<table class="board"[^>]* data-later="(rows\d+)">/g)) {
    const rows = pieceIn(await readFile(join(site, "data", `${name}.js`), "utf8"));
    const end = whole.indexOf("</tbody>", whole.indexOf(table));
    whole = whole.slice(0, end) + String(rows) + whole.slice(end);
  }
  // What a row is pinned for stands in a piece per row, which would make the file large.
  whole = whole.replace(/(<table class="board"[^>]*) data-pins/g, "$1");
  return whole.replace(/ data-later="rows\d+">/g, ">").replace(/<p class="hint later">[^<]*<\/p>/g, "");
}

/** The value that a data script holds. */
function pieceIn(script: string): unknown {
  const json = /JSON\.parse\((".*")\)\);\s*$/s.exec(script)?.[1];
  return json === undefined ? undefined : JSON.parse(JSON.parse(json) as string);
}

/** The numbers by tag that the rows of the leaderboard ask for, by the addresses they ask under. */
async function tagPieces(site: string, html: string): Promise<Map<string, unknown>> {
  const rows = DomUtils.getElementsByTagName("tr", parseDocument(html));
  const folders = new Set(rows.flatMap(({ attribs }) => attribs["data-folder"] || []));
  const pieces = new Map<string, unknown>();
  for (const folder of folders) {
    const path = join(site, ...folder.split("/").map(decodeURIComponent), "data", "tags.js");
    const script = await readFile(path, "utf8").catch(() => undefined);
    if (script !== undefined) pieces.set(`${folder}/data/tags.js`, pieceIn(script));
  }
  return pieces;
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/** Our own scripts and style, which must not close the element they stand in. */
function closed(text: string): string {
  if (/<\/(?:script|style)|<!--/i.test(text)) throw new Error("a script or style would end its own element");
  return text;
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
