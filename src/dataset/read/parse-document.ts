import type { Problem } from "../../core/problem.ts";
import { printable, truncate } from "../../lib/text.ts";
import { frontMatterOf } from "../chunk/front-matter.ts";
import { headingsOf } from "../chunk/headings.ts";
import { decodeText } from "./decode-text.ts";
import { type DocumentFormat, unreadable } from "./read-document.ts";
import { readHtml } from "./read-html.ts";
import { readPdf } from "./read-pdf.ts";

/** The text of a page. */
export interface ParsedDocument {
  readonly format: DocumentFormat;
  readonly title?: string;
  readonly text: string;
}

export interface FormatHints {
  /** A file name or an address: its ending tells the format. */
  readonly name: string;
  /** What the server said, which counts for more than the ending. */
  readonly contentType?: string;
}

const BY_ENDING: ReadonlyMap<string, DocumentFormat> = new Map([
  ["txt", "text"],
  ["text", "text"],
  ["md", "markdown"],
  ["markdown", "markdown"],
  ["html", "html"],
  ["htm", "html"],
  ["xhtml", "html"],
  ["pdf", "pdf"],
]);
const BY_TYPE: ReadonlyMap<string, DocumentFormat> = new Map([
  ["text/plain", "text"],
  ["text/markdown", "markdown"],
  ["text/html", "html"],
  ["application/xhtml+xml", "html"],
  ["application/pdf", "pdf"],
]);

/** What a page is: by its content type, else by the ending of its name; undefined when neither is one that is read. */
export function formatOf({ name, contentType }: FormatHints): DocumentFormat | undefined {
  const type = contentType?.replace(/;.*$/s, "").trim().toLowerCase();
  const ending = /\.([a-z]+)(?:[?#].*)?$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  const byEnding = BY_ENDING.get(ending);
  if (type === undefined || type === "" || type === "application/octet-stream") return byEnding;
  const byType = BY_TYPE.get(type);
  // Servers send Markdown as plain text.
  return byType === "text" && byEnding === "markdown" ? byEnding : byType;
}

/**
 * Turns the bytes of a page into text. Markdown keeps its front matter, whose title becomes the document's, so that places
 * in the file stay true.
 * @returns the problem when the format is not one that is read, or the page is broken or has no text
 */
export async function parseDocument(bytes: Uint8Array, hints: FormatHints): Promise<ParsedDocument | Problem> {
  const { name, contentType } = hints;
  const format = formatOf(hints);
  if (format === undefined) {
    const got = contentType ?? "another ending";
    const fix = "leave it out, or convert it to one of these";
    return unreadable(name, "text, Markdown, HTML or PDF", printable(got), fix, "E_READ_FORMAT");
  }
  try {
    const { title, text } = await parsers[format](bytes, contentType);
    if (text.trim() === "") return unreadable(name, "a page with text", "none", NO_TEXT[format], "E_READ_EMPTY");
    return { format, ...(title === undefined ? {} : { title }), text };
  } catch (error) {
    const got = truncate(printable((error as Error).message), 120);
    return unreadable(name, `readable ${NAMES[format]}`, got, "restore the file or leave it out", "E_READ_BROKEN");
  }
}

type Parse = (bytes: Uint8Array, contentType?: string) => Promise<{ readonly title?: string; readonly text: string }>;

const parsers: Readonly<Record<DocumentFormat, Parse>> = {
  text: async (bytes, contentType) => ({ text: plainText(bytes, contentType) }),
  async markdown(bytes, contentType) {
    const text = plainText(bytes, contentType);
    const title = frontMatterOf(text).title ?? headingsOf(text).find(({ level }) => level === 1)?.text;
    return { ...(title === undefined ? {} : { title }), text };
  },
  html: async (bytes, contentType) => readHtml(decodeText(bytes, contentType).text),
  pdf: readPdf,
};

function plainText(bytes: Uint8Array, contentType: string | undefined): string {
  const { text } = decodeText(bytes, contentType);
  if (text.includes("\0")) throw new Error("bytes that are no text (NUL)");
  return text;
}

const NAMES: Readonly<Record<DocumentFormat, string>> = {
  text: "text",
  markdown: "Markdown",
  html: "HTML",
  pdf: "PDF",
};

const NO_TEXT: Readonly<Record<DocumentFormat, string>> = {
  text: "leave it out",
  markdown: "leave it out",
  html: "leave it out: a page that scripts fill has no text of its own",
  pdf: "leave it out, or run text recognition first: scanned pages are pictures",
};
