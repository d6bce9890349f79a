import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../lib/hash.ts";
import { collect, tempDataset } from "../testing/temp-dataset.ts";
import type { ReadResult } from "./read-document.ts";
import { type ReadSitemapOptions, readSitemap } from "./read-sitemap.ts";
import { pageServer } from "./testing/page-server.ts";
import { tinyPdf } from "./testing/tiny-pdf.ts";

type Handler = (request: IncomingMessage, response: ServerResponse, base: string) => void;

const html =
  (body: string): Handler =>
  (_request, response) =>
    void response.setHeader("content-type", "text/html; charset=utf-8").end(`<title>T</title><p>${body}</p>`);
const send =
  (body: string | Buffer, type: string): Handler =>
  (_request, response) =>
    void response.setHeader("content-type", type).end(body);
const urlset = (...locs: string[]) => `<urlset>${locs.map((l) => `<url><loc>${l}</loc></url>`).join("")}</urlset>`;
const sitemapOf =
  (...paths: string[]): Handler =>
  (_request, response, base) =>
    void response
      .setHeader("content-type", "application/xml")
      .end(urlset(...paths.map((p) => (p.startsWith("/") ? base + p : p))));

/** A site that counts what it is asked for. */
async function site(pages: Readonly<Record<string, Handler>>) {
  const asked: string[] = [];
  const base = await pageServer((request, response) => {
    asked.push(request.url!);
    const handler = new Map(Object.entries(pages)).get(request.url!);
    if (handler === undefined) response.writeHead(404).end("no such page");
    else handler(request, response, `http://${request.headers.host}`);
  });
  return { base, asked };
}

const waits: number[] = [];
const options = (more: Partial<ReadSitemapOptions> = {}): ReadSitemapOptions => ({
  fetch: globalThis.fetch,
  sleep: async (ms) => void waits.push(ms),
  random: () => 0.5,
  now: () => Date.UTC(2026, 0, 2),
  signal: new AbortController().signal,
  ...more,
});
const read = (sitemap: string, more?: Partial<ReadSitemapOptions>) => collect(readSitemap(sitemap, options(more)));
const brief = (results: readonly ReadResult[], base: string) =>
  results.map((r) =>
    (r.document
      ? `${r.document.id}: ${r.document.text}`
      : `${r.problem.code} ${r.problem.where} ${r.problem.got}`
    ).replaceAll(base, ""),
  );

describe("readSitemap", () => {
  it("reads the listed pages in their order, with address, hash and date", async () => {
    const { base } = await site({
      "/sitemap.xml": sitemapOf("/b", "/a#part", "/doc.pdf", "/note.md", "/a"),
      "/a": html("Page A"),
      "/b": (request, response, at) => void setTimeout(() => html("Page B")(request, response, at), 50),
      "/doc.pdf": send(tinyPdf([["Page P"]]), "application/pdf"),
      "/note.md": send("# N", "text/plain"),
    });
    const results = await read(`${base}/sitemap.xml`);
    expect(brief(results, base)).toEqual(["/b: Page B", "/a: Page A", "/doc.pdf: Page P", "/note.md: # N"]);
    expect(results[1]!.document).toEqual({
      id: `${base}/a`,
      source: `${base}/a`,
      title: "T",
      text: "Page A",
      format: "html",
      sha256: sha256("<title>T</title><p>Page A</p>"),
      fetchedAt: "2026-01-02T00:00:00.000Z",
    });
  });

  it("follows an index to its sitemaps, packed ones too, and never in a circle", async () => {
    const index: Handler = (_request, response, base) =>
      void response.end(
        `<sitemapindex>${["/1.xml.gz", "/index.xml", "/2.xml", "/gone.xml"].map((p) => `<sitemap><loc>${base}${p}</loc></sitemap>`).join("")}</sitemapindex>`,
      );
    const { base, asked } = await site({
      "/index.xml": index,
      "/1.xml.gz": (_request, response, at) => void response.end(gzipSync(urlset(`${at}/a`))),
      "/2.xml": sitemapOf("/b", "/a"),
      "/a": html("A"),
      "/b": html("B"),
    });
    const results = await read(`${base}/index.xml`);
    expect(brief(results, base).sort()).toEqual(["/a: A", "/b: B", "E_READ_STATUS /gone.xml status 404"]);
    expect(asked.filter((path) => path === "/a").length).toBe(1);
    expect(asked.filter((path) => path === "/index.xml").length).toBeLessThanOrEqual(2);
  });

  it("reads a sitemap from a file, and asks only hosts that are allowed", async () => {
    const { base, asked } = await site({ "/a": html("A") });
    const dir = await tempDataset({ "sitemap.xml": urlset(`${base}/a`, "file:///etc/hostname", "/relative") });
    const { host } = new URL(base);
    await expect(read(`${dir}/sitemap.xml`)).rejects.toMatchObject({
      problems: [{ code: "E_READ_HOST", got: `none; it names ${host}`, fix: `allow those you trust: --host ${host}` }],
    });
    expect(asked).toEqual([]);
    expect(brief(await read(`${dir}/sitemap.xml`, { hosts: [host] }), base)).toEqual([
      "/a: A",
      "E_READ_HOST file:///etc/hostname file://",
      `E_READ_ADDRESS ${dir}/sitemap.xml /relative`,
    ]);
  });

  it("asks no other host than the sitemap's, not by redirection either, unless told", async () => {
    const other = await site({ "/x": html("Other") });
    const { base } = await site({
      "/sitemap.xml": sitemapOf(`${other.base}/x`, "/away", "/here", "http://user:secret@127.0.0.1/"),
      "/away": (_request, response) => void response.writeHead(302, { location: `${other.base}/x` }).end(),
      "/here": (_request, response) => void response.writeHead(301, { location: "/there" }).end(),
      "/there": html("There"),
    });
    const closed = brief(await read(`${base}/sitemap.xml`), base);
    expect(closed.map((line) => line.split(" ")[0])).toEqual(["E_READ_HOST", "E_READ_HOST", "/here:", "E_READ_HOST"]);
    expect(other.asked).toEqual([]);
    const open = brief(await read(`${base}/sitemap.xml`, { hosts: [new URL(other.base).host] }), base);
    expect(open.slice(0, 3)).toEqual([`${other.base}/x: Other`, "/away: Other", "/here: There"]);
  });

  it("tries again what may pass, as long as the server asks, and gives up in the end", async () => {
    let calls = 0;
    const { base, asked } = await site({
      "/sitemap.xml": sitemapOf("/busy", "/down", "/gone", "/cut"),
      "/busy": (request, response, at) => {
        if (++calls < 3) response.writeHead(429, { "retry-after": "7" }).end();
        else html("At last")(request, response, at);
      },
      "/down": (_request, response) => void response.writeHead(503).end(),
      "/gone": (_request, response) => void response.writeHead(410).end(),
      "/cut": (_request, response) => {
        response.writeHead(200, { "content-type": "text/html", "content-length": "1000" });
        response.write("<p>half");
        setTimeout(() => response.destroy(), 5);
      },
    });
    waits.length = 0;
    const results = brief(await read(`${base}/sitemap.xml`, { maxAttempts: 3, concurrency: 1 }), base);
    expect(results.slice(0, 3)).toEqual([
      "/busy: At last",
      "E_READ_FETCH /down status 503",
      "E_READ_STATUS /gone status 410",
    ]);
    expect(results[3]).toMatch(/^E_READ_FETCH \/cut /);
    expect(waits.slice(0, 4)).toEqual([7000, 7000, 375, 750]);
    expect(asked.filter((path) => path === "/gone").length).toBe(1);
  });

  it("waits no longer than the limit for a page that does not come, or comes in drops", async () => {
    const { base } = await site({
      "/sitemap.xml": sitemapOf("/silent", "/drops", "/a"),
      "/silent": () => {},
      "/drops": (_request, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        const drops = setInterval(() => response.write("x"), 20);
        response.on("close", () => clearInterval(drops));
      },
      "/a": html("A"),
    });
    expect(brief(await read(`${base}/sitemap.xml`, { timeoutMs: 150, maxAttempts: 1 }), base)).toEqual([
      "E_READ_FETCH /silent none within 0.15 s",
      "E_READ_FETCH /drops none within 0.15 s",
      "/a: A",
    ]);
  });

  it("reads no page further than the limit, endless and packed ones too", async () => {
    let written = 0;
    const { base } = await site({
      "/sitemap.xml": sitemapOf("/endless", "/bomb", "/a"),
      "/endless": (_request, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        const more = (): void => {
          while (!response.destroyed && response.write("x".repeat(65_536))) written += 65_536;
          if (!response.destroyed) response.once("drain", more);
        };
        more();
      },
      "/bomb": (_request, response) => {
        response.writeHead(200, { "content-type": "text/html", "content-encoding": "gzip" });
        response.end(gzipSync(Buffer.alloc(50_000_000, "x")));
      },
      "/a": html("A"),
    });
    expect(brief(await read(`${base}/sitemap.xml`, { maxBytes: 100_000, maxAttempts: 2 }), base)).toEqual([
      "E_READ_SIZE /endless more",
      "E_READ_SIZE /bomb more",
      "/a: A",
    ]);
    expect(written).toBeLessThan(50_000_000);
  });

  it("passes over what is no page", async () => {
    const { base } = await site({
      "/sitemap.xml": sitemapOf("/image", "/empty", "/broken.pdf"),
      "/image": send(Buffer.from([1, 2]), "image/png"),
      "/empty": send("<script>x</script>", "text/html"),
      "/broken.pdf": send("x", "application/pdf"),
    });
    expect(brief(await read(`${base}/sitemap.xml`), base)).toEqual([
      "E_READ_FORMAT /image image/png",
      "E_READ_EMPTY /empty none",
      "E_READ_BROKEN /broken.pdf Invalid PDF structure.",
    ]);
  });

  it("reads the encoding that header or page names", async () => {
    const latin = Buffer.from("<p>caf\u00e9</p>", "latin1");
    const { base } = await site({
      "/sitemap.xml": sitemapOf("/header", "/meta"),
      "/header": send(latin, "text/html; charset=iso-8859-1"),
      "/meta": send(Buffer.concat([Buffer.from("<meta charset=iso-8859-1>"), latin]), "text/html"),
    });
    expect(brief(await read(`${base}/sitemap.xml`), base)).toEqual(["/header: café", "/meta: café"]);
  });

  it("asks for so many pages at a time, and so many in all", async () => {
    let running = 0;
    let most = 0;
    const paths = Array.from({ length: 12 }, (_, i) => `/p${i}`);
    const slow: Handler = (request, response, base) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running -= 1;
        html("x")(request, response, base);
      }, 20);
    };
    const { base, asked } = await site({
      "/sitemap.xml": sitemapOf(...paths),
      ...Object.fromEntries(paths.map((p) => [p, slow])),
    });
    expect((await read(`${base}/sitemap.xml`, { concurrency: 3, maxPages: 7 })).length).toBe(7);
    expect(most).toBe(3);
    expect(asked.length).toBe(8);
  });

  it("stops when it is told to, and when nobody listens any more", async () => {
    const { base, asked } = await site({
      "/sitemap.xml": sitemapOf("/a", "/silent", "/silent2", "/b"),
      "/a": html("A"),
      "/silent": () => {},
      "/silent2": () => {},
    });
    const controller = new AbortController();
    const pages = readSitemap(`${base}/sitemap.xml`, options({ signal: controller.signal, concurrency: 2 }));
    await pages.next();
    controller.abort(new Error("told to stop"));
    await expect(collect(pages)).rejects.toThrow("told to stop");
    for await (const _ of readSitemap(`${base}/sitemap.xml`, options({ concurrency: 2 }))) break;
    expect(asked).not.toContain("/b");
  });

  it.each([
    ["a page instead", html("x"), "expected <urlset> or <sitemapindex>, got <title>"],
    ["a bomb", send(gzipSync(Buffer.alloc(60_000_000, " ")), "application/gzip"), "Cannot create a Buffer larger"],
  ])("says what it found where the sitemap is %s", async (_name, handler, got) => {
    const { base } = await site({ "/sitemap.xml": handler });
    const failed = read(`${base}/sitemap.xml`);
    await expect(failed).rejects.toMatchObject({ code: "E_READ_SITEMAP" });
    await expect(failed).rejects.toThrow(got);
  });

  it("says where there is no sitemap", async () => {
    const { base } = await site({});
    await expect(read(`${base}/sitemap.xml`)).rejects.toMatchObject({ code: "E_READ_STATUS" });
    await expect(read("/nowhere.xml")).rejects.toMatchObject({ code: "E_READ_SITEMAP" });
    await expect(read("http://")).rejects.toMatchObject({ code: "E_READ_SITEMAP" });
  });
});
