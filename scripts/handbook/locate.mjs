/**
 * Where a quote stands in a page. Runs of white space count as one space on both sides, so a quote may be wrapped
 * differently from the page.
 *
 * @returns {{ start: number, end: number }[]} every place, as offsets into the page
 */
export function locate(page, quote) {
  const folded = fold(page);
  const wanted = quote.trim().replace(/\s+/g, " ");
  const places = [];
  if (wanted === "") return places;
  for (let at = folded.text.indexOf(wanted); at !== -1; at = folded.text.indexOf(wanted, at + 1)) {
    places.push({ start: folded.offsets[at], end: folded.offsets[at + wanted.length - 1] + 1 });
  }
  return places;
}

/** The stretch of the page, as many words long as the quote, that shares most words with it; for error messages. */
export function nearestText(page, quote) {
  const wanted = new Set(wordsOf(quote).map((word) => word.text));
  const length = wordsOf(quote).length;
  const words = wordsOf(page);
  let best = { shared: 0, from: 0 };
  for (let from = 0; from + length <= words.length || from === 0; from++) {
    const shared = new Set(words.slice(from, from + length).map((word) => word.text));
    const count = [...shared].filter((word) => wanted.has(word)).length;
    if (count > best.shared) best = { shared: count, from };
  }
  if (best.shared * 2 < wanted.size) return undefined;
  const last = words[Math.min(best.from + length, words.length) - 1];
  return page.slice(words[best.from].start, last.end).replace(/\s+/g, " ");
}

/** The line, from 1, of an offset. */
export function lineOf(text, offset) {
  return text.slice(0, offset).split("\n").length;
}

function fold(page) {
  let text = "";
  const offsets = [];
  for (let i = 0; i < page.length; i++) {
    const space = /\s/.test(page[i]);
    if (space && text.endsWith(" ")) continue;
    text += space ? " " : page[i];
    offsets.push(i);
  }
  return { text, offsets };
}

function wordsOf(text) {
  return Array.from(text.matchAll(/\S+/g), (match) => ({
    text: match[0].toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ""),
    start: match.index,
    end: match.index + match[0].length,
  }));
}
