/** Why a text is no literal: where (0-based, in UTF-16 code units), what was expected there, what stands there. */
export interface LiteralProblem {
  readonly at: number;
  readonly expected: string;
  readonly got: string;
}

/** Raised inside the parser only. */
export class LiteralError extends Error {
  readonly problem: LiteralProblem;

  constructor(at: number, expected: string, got: string) {
    super(got);
    this.problem = { at, expected, got };
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["\n", ""],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);
const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/**
 * The string whose opening quotes stand at `at`, in `'`, `"`, `'''` or `"""`, and where the text goes on after it. In a
 * raw string a backslash stays and still keeps the quote after it from closing. An escape Python does not know stays as
 * it is written, as in Python.
 * @throws LiteralError for no closing quotes, a bad escape, or a line break in a string of one quote
 */
export function readPythonString(text: string, at: number, raw: boolean): { value: string; end: number } {
  const one = text[at]!;
  const quotes = text.startsWith(one.repeat(3), at) ? one.repeat(3) : one;
  const parts: string[] = [];
  let from = at + quotes.length;
  for (let i = from; i < text.length; ) {
    if (text.startsWith(quotes, i)) {
      parts.push(text.slice(from, i));
      return { value: parts.join(""), end: i + quotes.length };
    }
    if (text[i] === "\n" && quotes.length === 1) break;
    if (text[i] !== "\\") i += 1;
    else if (raw) i += 2;
    else {
      const { value, length } = readEscape(text, i);
      parts.push(text.slice(from, i), value);
      i += length;
      from = i;
    }
  }
  throw new LiteralError(at, `closing ${quotes}`, "none");
}

/** The escape whose backslash stands at `at`. */
function readEscape(text: string, at: number): { value: string; length: number } {
  const c = text[at + 1] ?? "";
  const plain = ESCAPES.get(c);
  if (plain !== undefined) return { value: plain, length: 2 };
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (octal !== undefined) return { value: String.fromCharCode(Number.parseInt(octal, 8)), length: 1 + octal.length };
  if (c === "N") throw new LiteralError(at, "the character itself", "\\N{…}, a character by its name");
  const digits = HEX_DIGITS.get(c);
  if (digits === undefined) return { value: text.slice(at, at + 1 + c.length), length: 1 + c.length };
  const hex = text.slice(at + 2, at + 2 + digits);
  const code = /^[\da-fA-F]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : Number.NaN;
  if (!(code <= 0x10ffff)) throw new LiteralError(at, `\\${c} with ${digits} hexadecimal digits`, `\\${c}${hex}`);
  return { value: String.fromCodePoint(code), length: 2 + digits };
}
