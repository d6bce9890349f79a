/** A piece of a passage that can stand as an answer. */
export interface Sentence {
  readonly text: string;
  /** Where it starts in the passage, in UTF-16 units. */
  readonly start: number;
  readonly kind: "prose" | "heading" | "code";
  /** The nearest heading above it; empty where there is none. */
  readonly heading: string;
}

const FENCE = /^\s*(?:```|~~~)/;
const HEADING = /^\s*#{1,6}\s+/;
const LIST_ITEM = /^\s*(?:[-*•–]\s+|\(?\d{1,3}[.)]\s+|\(?[a-z][.)]\s+)/;
const TABLE_ROW = /^\s*\|/;
const TERMINATED = /[.!?:;…]["'”’)\]*_]*\s*$/;
/** Lines shorter than this are no wrapped prose. */
const WRAPPED = 60;

/** Titles, companies, initials (not the pronoun I) and letters with stops: what follows belongs to them. */
const BEFORE_NAME =
  /(?:^|[\s(["“])(?:(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Rev|Gen|Col|Capt|Lt|Sgt|Hon|Pres|Gov|Sen|Rep|Mt|Inc|Ltd|Co|Corp|Bros|[A-HJ-Z]|(?:\p{L}\.)+\p{L})|(?:vs|al|cf|ca|approx|viz|resp|incl|excl|esp|[Ee]g|[Ii]e))\.$/u;
/** Abbreviations only where a number follows: `no. 7`, but `The answer is no. It …`. */
const BEFORE_NUMBER =
  /(?:^|[\s(["“])(?:no|nos|pp?|figs?|sec|ch|eq|refs?|art|vols?|eds?|c|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$/i;

/**
 * Splits a passage into sentences: prose at full stops that end one (not at those of abbreviations, initials and numbers), and
 * each list item (without its mark), heading, table row and block of code by itself. Line breaks inside wrapped prose do not
 * split.
 */
export function sentencesOf(passage: string): Sentence[] {
  const sentences: Sentence[] = [];
  let heading = "";
  for (const block of blocksOf(passage)) {
    if (block.kind === "heading") heading = block.text.replace(HEADING, "").trim();
    const parts =
      block.kind === "code" ? [{ text: block.text, start: block.start }] : splitProse(block.text, block.start);
    for (const { text, start } of parts) {
      if (/[\p{L}\p{N}]/u.test(text)) sentences.push({ text, start, kind: block.kind, heading });
    }
  }
  return sentences;
}

interface Block {
  readonly kind: Sentence["kind"];
  readonly text: string;
  readonly start: number;
}

function blocksOf(passage: string): Block[] {
  const blocks: Block[] = [];
  let from = -1;
  let kind: Block["kind"] = "prose";
  let previous = "";
  let inCode = false;
  const lines = passage.split("\n");
  const width = lines.reduce((longest, line) => Math.max(longest, line.length), 0);
  const close = (end: number): void => {
    if (from !== -1) blocks.push({ kind, text: passage.slice(from, end), start: from });
    from = -1;
  };
  let at = 0;
  for (const line of lines) {
    const end = at + line.length;
    if (FENCE.test(line)) {
      if (inCode) close(end);
      else {
        close(at);
        from = at;
        kind = "code";
      }
      inCode = !inCode;
    } else if (!inCode) {
      const isHeading = HEADING.test(line);
      if (line.trim() === "") close(at);
      else if (isHeading || !goesOn(previous, line, width)) close(at);
      if (line.trim() !== "") {
        if (from === -1) {
          from = at;
          kind = isHeading ? "heading" : "prose";
        }
        if (isHeading) close(end);
      }
      previous = isHeading ? "" : line;
    }
    at = end + 1;
  }
  close(passage.length);
  return blocks;
}

/**
 * Whether a line continues the sentence of the one before it: it starts low, or the line before is full, so that its first word
 * did not fit there.
 */
function goesOn(previous: string, line: string, width: number): boolean {
  if (LIST_ITEM.test(line) || TABLE_ROW.test(line)) return false;
  if (previous.trim() === "" || TABLE_ROW.test(previous)) return false;
  const startsLow = /^\s*[\p{Ll}(\d`"'“]/u.test(line);
  if (startsLow || TERMINATED.test(previous)) return startsLow;
  const [word = ""] = line.trimStart().split(/\s/, 1);
  return previous.length >= WRAPPED && previous.length + 1 + word.length > width;
}

function splitProse(text: string, offset: number): { text: string; start: number }[] {
  const parts: { text: string; start: number }[] = [];
  let from = LIST_ITEM.exec(text)?.[0].length ?? 0;
  for (const match of text.matchAll(/(?<![.!?…])[.!?…]+["'”’)\]*_]*(?=\s+(?:["'“‘([*_]*[\p{Lu}\p{N}]|`)|\s*$)/gu)) {
    const end = match.index + match[0].length;
    if (end < text.length && match[0] === "." && isAbbreviation(text, from, end)) continue;
    push(parts, text, from, end, offset);
    from = end;
  }
  push(parts, text, from, text.length, offset);
  return parts;
}

function isAbbreviation(text: string, from: number, end: number): boolean {
  const before = text.slice(Math.max(from, end - 24), end);
  if (BEFORE_NAME.test(before)) return true;
  return BEFORE_NUMBER.test(before) && /^\s*\d/.test(text.slice(end, end + 8));
}

function push(parts: { text: string; start: number }[], text: string, from: number, end: number, offset: number): void {
  const raw = text.slice(from, end);
  const trimmed = raw.trim();
  if (trimmed === "") return;
  const joined = trimmed.split("\n").map((line) => line.trim());
  parts.push({ text: joined.join(" "), start: offset + from + raw.length - raw.trimStart().length });
}
