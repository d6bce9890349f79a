import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";
import { htmlToText } from "./html-to-text.ts";

/** Beyond these Readability and its tree take time that grows with the square. */
const MOST_ELEMENTS = 10_000;
const MOST_DEPTH = 256;

/** An article of less text than this share of the page's is taken for a mistake of Readability, such as a teaser. */
const LEAST_SHARE = 0.25;

/**
 * The text of an HTML page without what surrounds it on every page of the site. Mozilla's Readability, the library of
 * Firefox's reader view, finds the article; where it finds none or only a small part, or the page is very large, the
 * whole page counts, without navigation, header, footer and asides. No script runs and nothing is loaded.
 * @throws RangeError when elements stand more than 1,000 deep in each other
 */
export function readHtml(html: string): { readonly title?: string; readonly text: string } {
  const page = htmlToText(html);
  const article = page.elements <= MOST_ELEMENTS && page.depth <= MOST_DEPTH ? articleOf(html) : "";
  const text = article.length >= LEAST_SHARE * page.text.length ? article : page.text;
  return { ...(page.title === undefined ? {} : { title: page.title }), text };
}

function articleOf(html: string): string {
  // The tree needs a root: a fragment has none.
  const whole = /<html[\s>]/i.test(html) ? html : `<!doctype html><html><head></head><body>${html}</body></html>`;
  const { document } = parseHTML(whole);
  if (document.body === null) return "";
  const article = new Readability(document).parse();
  return article?.content ? htmlToText(article.content).text : "";
}
