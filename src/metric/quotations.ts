const OPEN = "##begin_quote##";
const CLOSE = "##end_quote##";

/**
 * What a text quotes: what stands between RAFT's `##begin_quote##` and `##end_quote##`, and what stands in double
 * quotation marks and has at least so many words (a shorter one is a title or a term). White space is joined and
 * punctuation at either end left out, since the quoting sentence may have put it there.
 */
export function quotationsOf(text: string, leastWords: number): string[] {
  const tagged: string[] = [];
  let rest = "";
  let at = 0;
  for (;;) {
    const open = text.indexOf(OPEN, at);
    const close = open === -1 ? -1 : text.indexOf(CLOSE, open);
    if (close === -1) break;
    tagged.push(text.slice(open + OPEN.length, close));
    rest += `${text.slice(at, open)}\n`;
    at = close + CLOSE.length;
  }
  rest += text.slice(at);
  const marked = rest.match(/"[^"“”]+"|“[^"“”]+”/g) ?? [];
  const long = marked.map((span) => span.slice(1, -1)).filter((span) => span.trim().split(/\s+/).length >= leastWords);
  return [...tagged, ...long].map(bare).filter((quotation) => quotation !== "");
}

const OUTER: ReadonlySet<string> = new Set(" .,;:!?…'\"“”‘’-–—");

/** By steps from either end: a pattern for it would take quadratic time on a long run of dashes. */
function bare(quotation: string): string {
  const text = oneLine(quotation);
  let start = 0;
  let end = text.length;
  while (start < end && OUTER.has(text[start]!)) start += 1;
  while (end > start && OUTER.has(text[end - 1]!)) end -= 1;
  return text.slice(start, end);
}

/** White space joined and code points composed, so that a line break or an accent's form makes no difference. */
export function oneLine(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
