import { Parser } from "htmlparser2";

/** What the text of a page was made from. */
export interface HtmlText {
  /** Of `<title>`, or else of the first `<h1>`. */
  readonly title?: string;
  readonly text: string;
  readonly elements: number;
  /** How deep elements stand in each other. */
  readonly depth: number;
}

/** No text of the page, whatever stands in them; the title is taken apart. */
const UNREAD = new Set(
  "title script style noscript template svg math iframe object embed applet canvas audio video select textarea button".split(
    " ",
  ),
);
/** What surrounds the text on every page of a site. */
const AROUND = new Set(["nav", "aside", "footer", "header"]);
/** In these a `<header>` is the text's own. */
const MAIN = new Set(["main", "article"]);
/** Start and end on a line of their own. */
const LINES = new Set(
  "address div dd dt figcaption figure fieldset form li main article section tr caption details summary".split(" "),
);
/** Have an empty line before and after. */
const PARAGRAPHS = new Set("p h1 h2 h3 h4 h5 h6 ul ol dl pre table blockquote hr".split(" "));

const DEEPEST = 1000;

/**
 * The text of an HTML page in the reading order of its source: a line for each block, headings as in Markdown, list items
 * with a dash, cells with a bar between, preformatted text as it is. Scripts, styles, forms' fields and what is marked
 * `hidden` are no text; navigation, asides, header and footer are left out. One pass, no tree.
 * @throws RangeError when elements stand more than 1,000 deep in each other
 */
export function htmlToText(html: string): HtmlText {
  const out = new TextOut();
  let elements = 0;
  let deepest = 0;
  let depth = 0;
  /** Depth of the outermost element that is left out; 0 when there is none. */
  let unread = 0;
  let main = 0;
  let title = "";
  let heading = "";
  let titleDepth = 0;
  let headingDepth = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      elements += 1;
      depth += 1;
      deepest = Math.max(deepest, depth);
      if (depth > DEEPEST) throw new RangeError(`elements stand more than ${DEEPEST} deep in each other`);
      if (name === "title" && title === "" && unread === 0) titleDepth = depth;
      if (MAIN.has(name)) main += 1;
      const around = AROUND.has(name) && (name !== "header" || main === 0);
      if (unread === 0 && (UNREAD.has(name) || around || "hidden" in attributes)) unread = depth;
      if (unread > 0) return;
      if (name === "h1" && heading === "") headingDepth = depth;
      out.open(name);
    },
    ontext(text) {
      if (titleDepth > 0) title += text;
      else if (unread === 0) {
        if (headingDepth > 0) heading += text;
        out.text(text);
      }
    },
    onclosetag(name) {
      if (unread === 0) out.close(name);
      if (unread === depth) unread = 0;
      if (titleDepth === depth) titleDepth = 0;
      if (headingDepth === depth) headingDepth = 0;
      if (MAIN.has(name)) main -= 1;
      depth -= 1;
    },
  });
  parser.end(html);
  const named = oneLine(title) || oneLine(heading);
  return { ...(named === "" ? {} : { title: named }), text: out.end(), elements, depth: deepest };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Text that is written with the line breaks its blocks ask for. */
class TextOut {
  readonly #parts: string[] = [];
  /** Line feeds to write before the next text. */
  #breaks = 0;
  /** A space is due before the next text of the line. */
  #space = false;
  /** What the next text opens with: a heading's hashes, an item's dash. */
  #opening = "";
  #preformatted = 0;

  open(name: string): void {
    this.#border(name);
    if (name === "br") this.#break(1, true);
    else if (/^h[1-6]$/.test(name)) this.#opening = `${"#".repeat(Number(name[1]))} `;
    else if (name === "li") this.#opening = "- ";
    else if (name === "pre") {
      this.#preformatted += 1;
      if (this.#preformatted === 1) this.#write("```\n");
    } else if ((name === "td" || name === "th") && this.#breaks === 0 && this.#parts.length > 0) this.#opening = " | ";
  }

  close(name: string): void {
    if (name === "pre" && this.#preformatted > 0) {
      this.#preformatted -= 1;
      if (this.#preformatted === 0) this.#write(this.#parts.at(-1)?.endsWith("\n") === true ? "```" : "\n```");
    }
    this.#border(name);
  }

  text(text: string): void {
    if (this.#preformatted > 0) {
      this.#write(text);
      return;
    }
    const words = text.replace(/\s+/g, " ");
    if (words.startsWith(" ")) this.#space = true;
    const trimmed = words.trim();
    if (trimmed === "") return;
    this.#write(trimmed);
    this.#space = words.endsWith(" ");
  }

  end(): string {
    return this.#parts.join("").trim();
  }

  #border(name: string): void {
    if (PARAGRAPHS.has(name)) this.#break(2);
    else if (LINES.has(name)) this.#break(1);
  }

  #break(lines: number, again = false): void {
    this.#breaks = again ? Math.min(2, this.#breaks + lines) : Math.max(this.#breaks, lines);
    this.#opening = "";
  }

  #write(text: string): void {
    if (this.#parts.length > 0 && this.#breaks > 0) this.#parts.push("\n".repeat(this.#breaks));
    else if (this.#space && this.#opening === "" && this.#parts.length > 0) this.#parts.push(" ");
    this.#parts.push(this.#opening, text);
    this.#breaks = 0;
    this.#space = false;
    this.#opening = "";
  }
}
