/** Marks that RAFT's recipe puts around the passages an answer quotes; what is quoted stays. */
const QUOTE_MARKS = ["##begin_quote##", "##end_quote##"];

/**
 * The answer proper of what a model wrote: what follows the last marker, or all of it where there is none. The marker itself
 * and quote marks are removed, and white space at both ends.
 * @param marker as the prompt asks for it, for example `<ANSWER>:`; found whatever the case of its ASCII letters
 * @example afterMarker("The page says ##begin_quote##8,192##end_quote##. <ANSWER>: 8K", "<ANSWER>:") // "8K"
 */
export function afterMarker(text: string, marker: string): string {
  const at = marker === "" ? -1 : folded(text).lastIndexOf(folded(marker));
  let answer = at === -1 ? text : text.slice(at + marker.length);
  for (const mark of QUOTE_MARKS) answer = answer.replaceAll(mark, "");
  return answer.trim();
}

/** Lower-casing all letters could move positions (İ becomes two units), so only ASCII letters are folded. */
function folded(text: string): string {
  return text.replace(/[A-Z]/g, (c) => c.toLowerCase());
}
