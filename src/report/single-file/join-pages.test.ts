import { DomUtils, parseDocument } from "htmlparser2";
import { describe, expect, it } from "vitest";
import { joinPages } from "./join-pages.ts";

const page = (path: string, body: string, title = path) => ({
  path,
  html: `<!doctype html><html><head><title>${title}</title></head><body><header>site</header><main id="main">${body}</main></body></html>`,
});

describe("joinPages", () => {
  it("leads links between the pages to places of the document, whatever folder they start from", () => {
    const [board, compare] = joinPages([
      page("index.html", '<a href="compare/a%2520b/c.html">x</a><a href="compare/a%2520b/c.html#flips">y</a>'),
      page("compare/a%20b/c.html", '<p id="flips">f</p><a href="#flips">1</a><a href="../../index.html">2</a>'),
    ]);
    expect(board!.html).toBe('<a href="#p1">x</a><a href="#p1-flips">y</a>');
    expect(compare!.html).toBe('<p id="p1-flips">f</p><a href="#p1-flips">1</a><a href="#board">2</a>');
    expect([board!.id, compare!.id]).toEqual(["board", "p1"]);
  });

  it("keeps the leaderboard's ids and views, and tells equal ids of other pages apart", () => {
    const [board, one, two] = joinPages([
      page("index.html", '<label for="find">s</label><input id="find">'),
      page("a.html", '<h2 id="t">A</h2><section aria-labelledby="t u"></section><a href="index.html#q=bm25">b</a>'),
      page("b.html", '<h2 id="t">B</h2><svg viewBox="0 0 1 1"><g clip-path="url(#c)"></g></svg>'),
    ]);
    expect(board!.html).toContain('<label for="find">s</label><input id="find">');
    expect(one!.html).toBe(
      '<h2 id="p1-t">A</h2><section aria-labelledby="p1-t p1-u"></section><a href="#q=bm25">b</a>',
    );
    expect(two!.html).toBe('<h2 id="p2-t">B</h2><svg viewBox="0 0 1 1"><g clip-path="url(#p2-c)"/></svg>');
  });

  it("makes text of links to what is not in the file, keeps those to the web, and takes no other kind", () => {
    const [board] = joinPages([
      page(
        "index.html",
        '<a href="runs/x/index.html">run</a><a href="https://example.org/?a=1&amp;b=2">web</a><a href="javascript:alert(1)">no</a>' +
          '<a href="../../etc/passwd">no</a><a href="%E0%A4%A">odd</a>',
      ),
    ]);
    expect(board!.html).toBe(
      '<span>run</span><a href="https://example.org/?a=1&amp;b=2">web</a><span>no</span><span>no</span><span>odd</span>',
    );
  });

  it("leaves hostile text as the text it was", () => {
    const hostile = "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;b&amp;gt; “ü” \u202f";
    const attribute = "&quot;&gt;&lt;svg onload=alert(1)&gt; &amp;quot;";
    const [board] = joinPages([page("index.html", `<bdi title="${attribute}">${hostile}</bdi>`, "A &amp; &lt;b&gt;")]);
    expect(board!.title).toBe("A & <b>");
    const elements = DomUtils.getElementsByTagName("*", parseDocument(board!.html)).map(({ name }) => name);
    expect(elements).toEqual(["bdi"]);
    const [again] = joinPages([page("index.html", board!.html)]);
    expect(again!.html).toBe(board!.html);
    expect(board!.html).toContain("&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;b&amp;gt; “ü”");
    expect(board!.html).toContain('title="&quot;');
  });

  it("refuses a page without a main part", () => {
    expect(() => joinPages([{ path: "x.html", html: "<p>nothing</p>" }])).toThrow("x.html has no main");
  });
});
