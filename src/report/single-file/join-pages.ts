import { posix } from "node:path";
import { DomUtils, parseDocument } from "htmlparser2";

/** A page of a site: where it stands, and its HTML. */
export interface SitePage {
  /** Relative to the site, with slashes. */
  readonly path: string;
  readonly html: string;
}

/** A page as a part of one document. */
export interface JoinedPage {
  /** What leads to it: `#p3`. The first page keeps the ids of its elements, which its script knows. */
  readonly id: string;
  readonly title: string;
  /** What stood in its `main`; links between the pages lead to places of the document, other links of the site are text. */
  readonly html: string;
}

/** Attributes that name elements of their page. */
const REFERENCES = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "headers"];
/** As it is written by templates: nothing is made smaller, and text stays text. */
const OPTIONS = { lowerCaseTags: false, lowerCaseAttributeNames: false };

/** Makes the pages of a site parts of one document. */
export function joinPages(pages: readonly SitePage[]): JoinedPage[] {
  const ids = new Map(pages.map(({ path }, at) => [path, at === 0 ? "board" : `p${at}`]));
  return pages.map(({ path, html }, at) => {
    const document = parseDocument(html, OPTIONS);
    const main = DomUtils.getElementsByTagName("main", document)[0];
    if (main === undefined) throw new Error(`${path} has no main`);
    const title = DomUtils.getElementsByTagName("title", document)[0];
    const prefix = at === 0 ? "" : `p${at}-`;
    for (const element of DomUtils.getElementsByTagName("*", main)) {
      const { attribs } = element;
      for (const [name, value] of Object.entries(attribs)) {
        if (name === "id") attribs[name] = prefix + value;
        else if (REFERENCES.includes(name)) attribs[name] = value.replace(/\S+/g, (id) => prefix + id);
        else if (name === "href" || name === "xlink:href") {
          const to = address(value, path, prefix, ids);
          if (to === undefined) {
            delete attribs[name];
            if (element.name === "a") element.name = "span";
          } else attribs[name] = to;
        } else if (value.includes("url(#")) attribs[name] = value.replaceAll("url(#", `url(#${prefix}`);
      }
    }
    return {
      id: ids.get(path)!,
      title: title === undefined ? path : DomUtils.textContent(title),
      html: DomUtils.getInnerHTML(main, { encodeEntities: "utf8" }),
    };
  });
}

/** Where a link of a page leads in the document; undefined for what is not part of it. */
function address(href: string, from: string, prefix: string, ids: ReadonlyMap<string, string>): string | undefined {
  if (href.startsWith("#")) return href === "#" ? href : `#${prefix}${href.slice(1)}`;
  if (/^https?:\/\//.test(href)) return href;
  if (/^[a-z][a-z0-9+.-]*:/i.test(href)) return undefined;
  const [path = "", hash] = href.split("#", 2) as [string, string?];
  const id = ids.get(posix.normalize(posix.join(posix.dirname(from), decoded(path))));
  if (id === undefined) return undefined;
  // Of the first page a hash may say how it is looked at, in place of where.
  if (hash === undefined) return `#${id}`;
  return `#${id === "board" ? "" : `${id}-`}${hash}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
