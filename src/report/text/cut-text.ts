/** More text than this, in UTF-16 units, is cut on a page; the run log keeps all of it. */
const MOST_TEXT = 20_000;

/** Text that may have been cut: its beginning, and its full length where it was. */
export type Cut = string | readonly [beginning: string, length: number];

/** Never splits a surrogate pair. */
export function cut(text: string, most: number = MOST_TEXT): Cut {
  if (text.length <= most) return text;
  return [text.slice(0, most).replace(/[\ud800-\udbff]$/, ""), text.length];
}
