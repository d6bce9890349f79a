import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { DataError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import { sha256 } from "../../lib/hash.ts";
import { printable } from "../../lib/text.ts";
import { decodeText } from "./decode-text.ts";
import { type FetchPageOptions, fetchPage } from "./fetch-page.ts";
import { orderedMap } from "./ordered-map.ts";
import { parseDocument } from "./parse-document.ts";
import { parseSitemap, type Sitemap } from "./parse-sitemap.ts";
import { documentId, type ReadResult, unreadable } from "./read-document.ts";
import { MAX_PAGE_BYTES } from "./read-files.ts";

type Outside = Pick<FetchPageOptions, "fetch" | "sleep" | "random" | "now" | "signal">;

export interface ReadSitemapOptions extends Outside {
  /** Hosts that may be asked besides that of the sitemap's address, with port where it is not the usual one. */
  readonly hosts?: readonly string[];
  /** Pages that are asked for at a time. @default 4 */
  readonly concurrency?: number;
  /** Pages in all. @default 50,000 */
  readonly maxPages?: number;
  /** Largest page, unpacked, in bytes. @default 20 MiB */
  readonly maxBytes?: number;
  /** For one attempt at one page, in milliseconds. @default 30,000 */
  readonly timeoutMs?: number;
  /** Attempts for one page. @default 4 */
  readonly maxAttempts?: number;
}

/** A sitemap may be larger than a page: 50 MiB, as the protocol says. */
const MAX_SITEMAP_BYTES = 50 * 1024 * 1024;
const MOST_SITEMAPS = 1000;

/**
 * Reads the pages that a sitemap lists, in its order: a file or an address; an index leads to its sitemaps; `.gz` is
 * unpacked. Pages are asked for from the host of the sitemap's address and those that are allowed, since a file may name
 * any; any other page is a problem of its own. A page's id is its address without what follows `#`.
 * @throws DataError when there is no sitemap to read
 * @throws the signal's reason when it is aborted
 */
export async function* readSitemap(sitemap: string, options: ReadSitemapOptions): AsyncGenerator<ReadResult> {
  const {
    concurrency = 4,
    maxPages = 50_000,
    maxBytes = MAX_PAGE_BYTES,
    timeoutMs = 30_000,
    maxAttempts = 4,
  } = options;
  const stop = new AbortController();
  const hosts = new Set(options.hosts);
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const page: FetchPageOptions = { ...options, hosts, maxBytes, timeoutMs, maxAttempts, signal };
  try {
    const first = await firstSitemap(sitemap, page, hosts);
    yield* orderedMap(
      limit(addresses(sitemap, first, page), maxPages),
      concurrency,
      async (found): Promise<ReadResult> => (typeof found === "string" ? readPage(found, page) : { problem: found }),
    );
  } finally {
    stop.abort();
  }
}

async function firstSitemap(sitemap: string, page: FetchPageOptions, hosts: Set<string>): Promise<Sitemap> {
  if (/^https?:/i.test(sitemap)) {
    if (!URL.canParse(sitemap)) throw new DataError([noSitemap(sitemap, "an address that means nothing")]);
    hosts.add(new URL(sitemap).host);
    const first = await fetchSitemap(sitemap, page);
    if ("code" in first) throw new DataError([first]);
    return first;
  }
  const bytes = await readFile(sitemap).catch((error: NodeJS.ErrnoException) => {
    throw new DataError([noSitemap(sitemap, error.code ?? error.message)]);
  });
  const first = sitemapOf(sitemap, bytes);
  if ("code" in first) throw new DataError([first]);
  if (hosts.size === 0) throw new DataError([noHosts(sitemap, first)]);
  return first;
}

/** A file names hosts, but only people allow them. */
function noHosts(name: string, { addresses }: Sitemap): Problem {
  const named = new Set(addresses.flatMap((address) => (URL.canParse(address) ? new URL(address).host || [] : [])));
  const shown = [...named].slice(0, 5).map(printable);
  const got = shown.length === 0 ? "none, and no whole address in it" : `none; it names ${shown.join(", ")}`;
  const fix = `allow those you trust: --host ${shown[0] ?? "HOST"}`;
  return unreadable(name, "the hosts that may be asked, for a sitemap's file", got, fix, "E_READ_HOST");
}

/** The addresses of the pages, or why there are none, through all sitemaps that an index leads to. */
async function* addresses(name: string, first: Sitemap, page: FetchPageOptions): AsyncGenerator<string | Problem> {
  const seen = new Set<string>();
  let sitemaps = 0;
  const waiting: [name: string, Sitemap][] = [[name, first]];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [of, { kind, addresses }] = next;
    for (const text of addresses) {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url === undefined) {
        const fix = "write the whole address, with https://";
        yield unreadable(of, "whole addresses", printable(text), fix, "E_READ_ADDRESS");
        continue;
      }
      url.hash = "";
      if (seen.has(url.href)) continue;
      seen.add(url.href);
      if (kind === "pages") yield url.href;
      else if (++sitemaps > MOST_SITEMAPS) {
        yield noSitemap(of, `an index of more than ${MOST_SITEMAPS} sitemaps`);
        return;
      } else {
        const found = await fetchSitemap(url.href, page);
        if ("code" in found) yield found;
        else waiting.push([url.href, found]);
      }
    }
  }
}

async function* limit<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let left = most;
  if (left > 0) {
    for await (const item of items) {
      yield item;
      left -= 1;
      if (left <= 0) return;
    }
  }
}

async function fetchSitemap(address: string, page: FetchPageOptions): Promise<Sitemap | Problem> {
  const fetched = await fetchPage(address, { ...page, maxBytes: MAX_SITEMAP_BYTES });
  return "code" in fetched ? fetched : sitemapOf(address, fetched.bytes, fetched.contentType);
}

function sitemapOf(name: string, bytes: Uint8Array, contentType?: string): Sitemap | Problem {
  try {
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const plain = packed ? gunzipSync(bytes, { maxOutputLength: MAX_SITEMAP_BYTES }) : bytes;
    return parseSitemap(decodeText(plain, contentType).text);
  } catch (error) {
    return noSitemap(name, printable((error as Error).message));
  }
}

function noSitemap(name: string, got: string): Problem {
  const fix = "give the sitemap's address or file, often /sitemap.xml";
  return unreadable(name, "a sitemap (XML with <urlset> or <sitemapindex>)", got, fix, "E_READ_SITEMAP");
}

async function readPage(address: string, options: FetchPageOptions): Promise<ReadResult> {
  const fetched = await fetchPage(address, options);
  if ("code" in fetched) return { problem: fetched };
  const { bytes, contentType } = fetched;
  const parsed = await parseDocument(bytes, { name: address, ...(contentType === undefined ? {} : { contentType }) });
  if ("code" in parsed) return { problem: parsed };
  const fetchedAt = new Date(options.now()).toISOString();
  return { document: { id: documentId(address), ...parsed, source: address, sha256: sha256(bytes), fetchedAt } };
}
