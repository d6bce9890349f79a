import { describe, expect, it } from "vitest";
import { htmlToText } from "./html-to-text.ts";

const text = (html: string) => htmlToText(html).text;

describe("htmlToText", () => {
  it.each([
    ["words of inline elements", "<p>One <b>two</b><i>three</i> four</p>", "One twothree four"],
    ["paragraphs", "<p>One</p><p>Two</p>", "One\n\nTwo"],
    ["blocks", "<div>One</div><div>Two<div>Three</div></div>", "One\nTwo\nThree"],
    ["headings", "<h1>Page</h1><p>x</p><h3>Deep</h3>y", "# Page\n\nx\n\n### Deep\n\ny"],
    ["an empty heading", "<h2></h2><p>x</p>", "x"],
    ["lists", "<ul><li>One<li>Two</ul>after", "- One\n- Two\n\nafter"],
    [
      "tables",
      "<table><tr><th>Fee</th><td>5</td></tr><tr><td>a</td><td></td><td>b</td></tr></table>",
      "Fee | 5\na | b",
    ],
    ["line breaks", "one<br>two<br><br><br>three", "one\ntwo\n\nthree"],
    ["preformatted text", "<p>x</p><pre># no heading\n  y\n</pre>z", "x\n\n```\n# no heading\n  y\n```\n\nz"],
    ["white space", "  <p>\n a\t b &nbsp; c\n</p> ", "a b c"],
    ["entities", "a &amp; b &lt;c&gt; &#128512; &eacute; &unknown;", "a & b <c> 😀 é &unknown;"],
    ["a fragment", "just text", "just text"],
    ["broken markup", "<p>a<div>b</p>c</span></b><i", "a\n\nb\n\nc"],
    ["nothing", "", ""],
  ])("writes %s", (_name, html, expected) => {
    expect(text(html)).toBe(expected);
  });

  it.each([
    "<script>EVIL</script>",
    "<script>document.write('</p>EVIL')</script>",
    "<SCRIPT type=x>EVIL",
    "<style>EVIL</style>",
    "<noscript>EVIL</noscript>",
    "<template><p>EVIL</p></template>",
    "<svg><title>EVIL</title><text>EVIL</text></svg>",
    "<iframe>EVIL</iframe>",
    "<!-- EVIL -->",
    "<textarea>EVIL</textarea>",
    "<select><option>EVIL</option></select>",
    "<p hidden>EVIL</p>",
    "<nav><ul><li>EVIL</li></ul></nav>",
    "<header>EVIL</header>",
    "<footer>EVIL</footer>",
    "<aside>EVIL</aside>",
    "<img alt=EVIL onerror=EVIL>",
    "<a href='javascript:EVIL'></a>",
  ])("leaves out %s", (html) => {
    expect(text(`<p>before</p>${html}`)).not.toContain("EVIL");
  });

  it("keeps an article's own header", () => {
    expect(text("<header>Site</header><article><header><h1>T</h1></header>x</article>")).toBe("# T\n\nx");
  });

  it("goes on after what is left out", () => {
    expect(text("a<nav><div>x<nav>y</nav></div></nav>b<script>x</script> c")).toBe("ab c");
  });

  it("takes the title from <title>, or else from the first heading", () => {
    expect(htmlToText("<title> A &amp;\n B </title><h1>C</h1>").title).toBe("A & B");
    expect(htmlToText("<h1>C <b>D</b></h1><h1>E</h1>").title).toBe("C D");
    expect(htmlToText("<svg><title>S</title></svg><p>x").title).toBeUndefined();
  });

  it("counts elements and depth", () => {
    expect(htmlToText("<div><p>a</p><p>b<b>c</b></p></div>")).toMatchObject({ elements: 4, depth: 3 });
  });

  it("gives up on elements that stand endlessly deep in each other, at once", () => {
    expect(() => text(`${"<div>".repeat(500_000)}x`)).toThrow("more than 1000 deep");
  });

  it("reads a large flat page", () => {
    expect(text("<p>x</p>".repeat(100_000)).length).toBe(100_000 + 2 * 99_999);
  });
});
