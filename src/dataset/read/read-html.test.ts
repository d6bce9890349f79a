import { describe, expect, it } from "vitest";
import { readHtml } from "./read-html.ts";

const SENTENCE = "You can return any item within thirty days of purchase, unless it is marked as final sale. ";
const page = (body: string) => `<!doctype html><html lang="en"><head><title>Returns - Shop</title>
<script>var x = "EVIL"</script></head><body>
<div class="menu"><ul>${'<li><a href="/x">Go shopping</a></li>'.repeat(20)}</ul></div>
<div class="content">${body}</div>
<div class="footer"><p>Copyright <a href="/legal">Legal</a></p></div></body></html>`;

describe("readHtml", () => {
  it("finds the article in what surrounds it, with its structure", () => {
    const body = `<h2>How</h2><p>${SENTENCE.repeat(5)}</p><ul><li>Print, and</li><li>ship.</li></ul><p>${SENTENCE.repeat(4)}</p>`;
    const { title, text } = readHtml(page(body));
    expect(title).toBe("Returns - Shop");
    expect(text).toBe(
      `## How\n\n${SENTENCE.repeat(5).trim()}\n\n- Print, and\n- ship.\n\n${SENTENCE.repeat(4).trim()}`,
    );
  });

  it("never gives the text of scripts", () => {
    const { text } = readHtml(page(`<p>${SENTENCE.repeat(8)}<script>document.body.innerHTML = "EVIL"</script></p>`));
    expect(text).not.toContain("EVIL");
    expect(text).toContain("thirty days");
  });

  it.each([
    ["a fragment", "<p>Short note.</p>", "Short note."],
    ["plain text", "Short note.", "Short note."],
    ["a page without a body", "<html><p>Short note.</p></html>", "Short note."],
    ["a page that scripts fill", "<html><body><div id=root></div><script>x</script></body></html>", ""],
    ["an empty page", "", ""],
  ])("reads %s", (_name, html, text) => {
    expect(readHtml(html).text).toBe(text);
  });

  it("takes the whole page where a small part of it looks like the article", () => {
    const rows = Array.from({ length: 200 }, (_, i) => `<div><a href="/${i}">Article number ${i}</a></div>`).join("");
    expect(readHtml(page(`<p>${SENTENCE}</p>${rows}`)).text).toContain("Article number 199");
  });

  it("reads a page of 60,000 elements", () => {
    expect(readHtml(page("<div><a href=x>y</a></div>".repeat(30_000))).text.length).toBeGreaterThan(59_000);
  });
});
