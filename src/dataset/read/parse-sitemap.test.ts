import { describe, expect, it } from "vitest";
import { parseSitemap } from "./parse-sitemap.ts";

const NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';
const urlset = (...locs: string[]) =>
  `<urlset ${NS}>${locs.map((l) => `<url><loc>${l}</loc></url>`).join("")}</urlset>`;

describe("parseSitemap", () => {
  it("lists pages in their order, each once", () => {
    expect(parseSitemap(urlset("https://x/b", " https://x/a?p=1&amp;q=2\n", "https://x/b"))).toEqual({
      kind: "pages",
      addresses: ["https://x/b", "https://x/a?p=1&q=2"],
    });
  });

  it("lists the sitemaps of an index", () => {
    const xml = `<?xml version="1.0"?><sitemapindex ${NS}><sitemap><loc>https://x/1.xml</loc><lastmod>2024</lastmod></sitemap></sitemapindex>`;
    expect(parseSitemap(xml)).toEqual({ kind: "sitemaps", addresses: ["https://x/1.xml"] });
  });

  it.each([
    ["no namespace", "<urlset><url><loc>https://x/a</loc></url></urlset>"],
    ["a prefix", `<s:urlset xmlns:s="x"><s:url><s:loc>https://x/a</s:loc></s:url></s:urlset>`],
    ["CDATA", "<urlset><url><loc><![CDATA[https://x/a]]></loc></url></urlset>"],
    [
      "images",
      "<urlset><url><loc>https://x/a</loc><image:image><image:loc>https://x/i.png</image:loc></image:image></url></urlset>",
    ],
    ["comments", "<!-- <urlset> --><urlset><!-- x --><url><loc>https://x/a<!-- y --></loc></url></urlset>"],
    ["an empty entry", "<urlset><url><loc/></url><url><loc>https://x/a</loc></url></urlset>"],
  ])("reads one with %s", (_name, xml) => {
    expect(parseSitemap(xml).addresses).toEqual(["https://x/a"]);
  });

  it("resolves no entity that the file declares, neither of a file nor of itself", () => {
    const declared = `<!DOCTYPE urlset [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>`;
    expect(parseSitemap(declared + urlset("https://x/&f;", "https://x/&b;")).addresses).toEqual([
      "https://x/&f;",
      "https://x/&b;",
    ]);
  });

  it.each([
    ["a page", "<html><body>not found</body></html>", "<html>"],
    ["a feed", "<rss><channel/></rss>", "<rss>"],
    ["text", "hello", "no element"],
    ["nothing", "", "no element"],
    ["depth", `<urlset><url>${"<a>".repeat(100_000)}`, "stand deep in each other"],
  ])("refuses %s", (_name, xml, got) => {
    expect(() => parseSitemap(xml)).toThrow(got);
  });

  it("refuses more addresses than the protocol allows", () => {
    const many = Array.from({ length: 50_001 }, (_, i) => `https://x/${i}`);
    expect(() => parseSitemap(urlset(...many))).toThrow("more than 50000 addresses");
    expect(parseSitemap(urlset(...many.slice(1))).addresses.length).toBe(50_000);
  });
});
