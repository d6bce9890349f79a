import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { lineOf } from "./locate.mjs";
import { cut } from "./passages.mjs";
import { byCode, quote } from "./problem.mjs";

export const PAGES = "docs/handbook";

/**
 * Reads the pages of the corpus: every `*.md` of the folder but its index, README.md.
 *
 * @returns {Promise<Map<string, { id: string, path: string, text: string, title: string, passages: object[] }>>}
 */
export async function readPages(root, problems) {
  const pages = new Map();
  const names = (await readdir(join(root, PAGES))).filter((name) => name.endsWith(".md") && name !== "README.md");
  for (const name of names.sort(byCode)) {
    const path = `${PAGES}/${name}`;
    const id = name.slice(0, -".md".length);
    const text = await readFile(join(root, path), "utf8");
    const { title, passages } = cut(text);
    const report = (line, expected, got, fix) =>
      problems.push({ where: `${path}:${line}`, code: "E_HANDBOOK_PAGE", expected, got, fix });
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
      report(1, "a kebab-case file name", quote(name), "rename the page: small letters, digits and hyphens");
    }
    if (!text.startsWith("# ")) {
      report(1, "the page to start with its title, `# Title`", quote(text.slice(0, 40)), "put the title first");
    }
    // Offsets are counted in code points; without characters beyond the BMP they are JavaScript's indices as well.
    const odd = /[\ud800-\udfff\r\ufeff]/.exec(text);
    if (odd) {
      const name =
        odd[0] === "\r" ? "a carriage return" : odd[0] === "\ufeff" ? "a byte-order mark" : "an astral character";
      report(lineOf(text, odd.index), "plain text with LF line ends", name, "remove it");
    }
    pages.set(id, {
      id,
      path,
      text,
      title,
      passages: passages.map((passage, i) => ({ ...passage, id: `${id}#${i + 1}`, document: id })),
    });
  }
  return pages;
}
