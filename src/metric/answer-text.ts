/** Marks RAFT's recipe puts around the passages an answer quotes. */
const QUOTE_MARKS = ["##begin_quote##", "##end_quote##"];

/**
 * The answer proper of what a model wrote: what follows the last answer marker, or all of it where there is none. The
 * marker itself and quote marks are removed (what was quoted stays), white space at both ends too.
 * @param options.marker as the prompt asks for it; matched whatever its case
 * @example answerText("The page says ##begin_quote##8,192##end_quote##. <ANSWER>: 8K") === "8K"
 */
export function answerText(raw: string, options: { readonly marker?: string } = {}): string {
  const { marker = "<ANSWER>:" } = options;
  const at = marker === "" ? -1 : lastIndexIgnoringCase(raw, marker);
  let text = at === -1 ? raw : raw.slice(at + marker.length);
  for (const mark of QUOTE_MARKS) text = text.replaceAll(mark, "");
  return text.trim();
}

/** Lower-casing the whole text could move positions (İ becomes two units), so only ASCII letters are folded. */
function lastIndexIgnoringCase(text: string, part: string): number {
  const fold = (s: string): string => s.replace(/[A-Z]/g, (c) => c.toLowerCase());
  return fold(text).lastIndexOf(fold(part));
}
