import { Parser } from "htmlparser2";

/** What a sitemap lists: pages, or further sitemaps. */
export interface Sitemap {
  readonly kind: "pages" | "sitemaps";
  /** Addresses in the order of the file, each once. */
  readonly addresses: readonly string[];
}

/** As many as the protocol allows in one file. */
const MOST_ADDRESSES = 50_000;

/**
 * Reads a sitemap (`<urlset><url><loc>`) or an index of sitemaps (`<sitemapindex><sitemap><loc>`), with or without a
 * namespace. Only the five entities of XML and numbers are resolved: declarations of others are not read, so that none
 * can fetch a file or blow up.
 * @throws Error with a reason for people when it is neither, or lists more than 50,000 addresses
 */
export function parseSitemap(xml: string): Sitemap {
  const path: string[] = [];
  const addresses = new Set<string>();
  let root: string | undefined;
  let address = "";
  const inLoc = (): boolean => path.length === 3 && path[2] === "loc" && (path[1] === "url" || path[1] === "sitemap");
  const parser = new Parser(
    {
      onopentag(name) {
        const local = name.slice(name.indexOf(":") + 1);
        if (root === undefined) {
          root = local;
          if (root !== "urlset" && root !== "sitemapindex") throw notOne(`<${local}>`);
        }
        if (path.length < 4) path.push(local);
        else throw notOne("elements that stand deep in each other");
        if (inLoc()) address = "";
      },
      ontext(text) {
        if (inLoc()) address += text;
      },
      onclosetag() {
        if (inLoc() && address.trim() !== "") addresses.add(address.trim());
        if (addresses.size > MOST_ADDRESSES) throw new Error(`it lists more than ${MOST_ADDRESSES} addresses`);
        path.pop();
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  if (root === undefined) throw notOne("no element");
  return { kind: root === "urlset" ? "pages" : "sitemaps", addresses: [...addresses] };
}

function notOne(got: string): Error {
  return new Error(`expected <urlset> or <sitemapindex>, got ${got}`);
}
