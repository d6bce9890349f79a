const WORD_CHARACTER = /[\p{L}\p{N}_]/u;
const UNKNOWN = 0;
const INSIDE = 1;
const OUTSIDE = 2;

/** Whether a UTF-16 unit is a word character, asked of the regular expression once per unit. */
const known = new Uint8Array(0x10000);

/**
 * Calls `visit` with every word of a text, in order, as [start, end) of the lower-cased text: maximal runs of two or more Unicode letters, digits, other numbers or
 * underscores of the lower-cased text. Equal to `re.findall(r"(?u)\b\w\w+\b", text.lower())` in Python for every character
 * of its Unicode version.
 *
 * Scanned by hand because this is where most of an index build's time goes: a regular expression takes three times as long.
 */
export function forEachWord(text: string, visit: (lower: string, start: number, end: number) => void): void {
  const lower = text.toLowerCase();
  let start = -1;
  let characters = 0;
  for (let at = 0; at < lower.length; at += 1) {
    const unit = lower.charCodeAt(at);
    let inside: boolean;
    const from = at;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const point = lower.codePointAt(at)!;
      inside = WORD_CHARACTER.test(String.fromCodePoint(point));
      if (point > 0xffff) at += 1;
    } else {
      let state = known[unit]!;
      if (state === UNKNOWN) {
        state = WORD_CHARACTER.test(String.fromCharCode(unit)) ? INSIDE : OUTSIDE;
        known[unit] = state;
      }
      inside = state === INSIDE;
    }
    if (inside) {
      if (start === -1) start = from;
      characters += 1;
    } else if (start !== -1) {
      if (characters >= 2) visit(lower, start, from);
      start = -1;
      characters = 0;
    }
  }
  if (characters >= 2) visit(lower, start, lower.length);
}

/** The words of a text as a list; see {@link forEachWord}. */
export function words(text: string): string[] {
  const list: string[] = [];
  forEachWord(text, (lower, start, end) => {
    list.push(lower.slice(start, end));
  });
  return list;
}
