/** Passages are filled up to this many characters; only a single block that is longer makes a longer passage. */
export const PASSAGE_LENGTH = 700;

const FENCE = /^(```+|~~~+)/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^(?:[-*+]|\d+[.)])\s/;

/**
 * Cuts a page into passages. Headings start a new passage and are not part of one: they are in its title,
 * `page title > section heading`. Below a heading, whole blocks (paragraph, list item, table, code block) are packed
 * up to PASSAGE_LENGTH; none is ever split. One that ends in a colon stays with the block it introduces.
 *
 * @param {string} text the page
 * @returns {{ title: string, passages: { title: string, start: number, end: number }[] }} offsets into the text
 */
export function cut(text) {
  let page = "";
  let section = "";
  const passages = [];
  let open;
  const close = () => {
    if (open) passages.push(open);
    open = undefined;
  };
  for (const block of joined(text, blocksOf(text))) {
    if (block.kind === "heading") {
      close();
      if (block.level === 1) page = block.title;
      section = block.level === 1 ? "" : block.title;
      continue;
    }
    if (open && block.end - open.start > PASSAGE_LENGTH) close();
    open ??= { title: section === "" ? page : `${page} > ${section}`, start: block.start, end: block.end };
    open.end = block.end;
  }
  close();
  return { title: page, passages };
}

/** The same blocks, with one that ends in a colon joined to the block it introduces. */
function* joined(text, blocks) {
  let lead;
  for (const block of blocks) {
    if (block.kind === "heading") {
      if (lead) yield lead;
      lead = undefined;
      yield block;
      continue;
    }
    const unit = lead ? { ...block, start: lead.start } : block;
    lead = text[block.end - 1] === ":" ? unit : undefined;
    if (!lead) yield unit;
  }
  if (lead) yield lead;
}

/** The blocks of a page in order; blank lines belong to none, except inside code. */
function* blocksOf(text) {
  let open;
  let fence;
  for (const { line, start, end } of linesOf(text)) {
    if (fence !== undefined) {
      open.end = end;
      if (line.startsWith(fence) && line.slice(fence.length).trim() === "") fence = undefined;
      continue;
    }
    const heading = HEADING.exec(line);
    const blank = line.trim() === "";
    if (open && (blank || heading || ITEM.test(line) || FENCE.test(line))) {
      yield open;
      open = undefined;
    }
    if (blank) continue;
    if (heading) {
      yield { kind: "heading", level: heading[1].length, title: heading[2], start, end };
      continue;
    }
    fence = FENCE.exec(line)?.[1];
    open ??= { kind: "block", start, end };
    open.end = end;
  }
  if (open) yield open;
}

function* linesOf(text) {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const stop = newline === -1 ? text.length : newline;
    const line = text.slice(start, stop);
    yield { line, start, end: start + line.trimEnd().length };
    start = stop + 1;
  }
}
