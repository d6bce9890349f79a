import { LiteralError, type LiteralProblem, readPythonString } from "./python-string.ts";

/** What a Python literal can hold here. A whole number too large to be exact is a bigint; tuples are arrays. */
export type PythonValue = string | number | bigint | boolean | null | readonly PythonValue[];

export type ParsedLiteral =
  | { readonly ok: true; readonly value: PythonValue }
  | { readonly ok: false; readonly problem: LiteralProblem };

/** Lists and tuples may stand this deep in each other. */
const MAX_DEPTH = 64;

/**
 * Reads one Python literal as `ast.literal_eval` would; nothing is evaluated. Strings in all quote forms with their
 * escapes, raw strings, numbers, `None`, `True`, `False`, lists and tuples in each other. Refused, since no file of
 * answers means them: bytes, f-strings, `\N{…}`, complex numbers, dicts, sets, and two strings side by side, which Python
 * would join but which is how numpy prints an array of two.
 * @example parsePythonLiteral(`['it''s', "a \\"b\\""]`)
 */
export function parsePythonLiteral(text: string): ParsedLiteral {
  try {
    const reader = new Reader(text);
    const value = reader.value(0);
    reader.end();
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    return { ok: false, problem: error.problem };
  }
}

const SPACE = /[ \t\r\n\f]*/y;
const WORD = /[A-Za-z_]\w*/y;
const NUMBER =
  /[+-]?[ \t]*(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.?(?:\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?)/y;
const CONSTANTS: ReadonlyMap<string, PythonValue> = new Map<string, PythonValue>([
  ["None", null],
  ["True", true],
  ["False", false],
]);
const A_VALUE = "a string, a number, a list, a tuple, None, True or False";

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): PythonValue {
    this.#take(SPACE);
    const c = this.#text[this.#at];
    if (c === "[") return this.#items("]", depth).items;
    if (c === "(") {
      const { items, comma } = this.#items(")", depth);
      // Parentheses around one value without a comma group; they make no tuple.
      return items.length === 1 && !comma ? items[0]! : items;
    }
    if (c === '"' || c === "'") return this.#string("");
    if (c !== undefined && /[\d.+-]/.test(c)) return this.#number();
    const start = this.#at;
    const word = this.#take(WORD);
    const quote = this.#text[this.#at];
    if (word !== "" && (quote === '"' || quote === "'")) return this.#string(word, start);
    const constant = CONSTANTS.get(word);
    if (constant !== undefined) return constant;
    this.#at = start;
    throw this.#unexpected(A_VALUE);
  }

  end(): void {
    this.#take(SPACE);
    if (this.#at < this.#text.length) throw this.#unexpected("the end of the line");
  }

  #items(close: string, depth: number): { items: PythonValue[]; comma: boolean } {
    if (depth >= MAX_DEPTH) throw this.#unexpected(`lists at most ${MAX_DEPTH} deep`);
    const items: PythonValue[] = [];
    let comma = false;
    for (this.#at += 1; ; this.#at += 1) {
      this.#take(SPACE);
      if (this.#text[this.#at] === close) break;
      items.push(this.value(depth + 1));
      this.#take(SPACE);
      comma = this.#text[this.#at] === ",";
      if (!comma && this.#text[this.#at] === close) break;
      if (!comma) throw this.#unexpected(`"," or "${close}"`);
    }
    this.#at += 1;
    return { items, comma };
  }

  #string(prefix: string, start = this.#at): string {
    if (!/^[rRuU]?$/.test(prefix)) throw new LiteralError(start, "text in quotes", `the prefix ${prefix}`);
    const { value, end } = readPythonString(this.#text, this.#at, prefix.toLowerCase() === "r");
    this.#at = end;
    this.#take(SPACE);
    if (/["']/.test(this.#text[this.#at] ?? "")) {
      throw new LiteralError(this.#at, "a comma between two strings", "two strings side by side");
    }
    return value;
  }

  #number(): number | bigint {
    const start = this.#at;
    const written = this.#take(NUMBER).replace(/[_ \t]/g, "");
    const digits = written.replace(/^[+-]/, "");
    const isNumber = /\d/.test(digits) && !/^0\d*[1-9]\d*$/.test(digits) && !/^[eE]/.test(digits);
    if (!isNumber || /\w/.test(this.#text[this.#at] ?? "")) {
      this.#at = start;
      throw this.#unexpected("a number");
    }
    const sign = written.startsWith("-") ? -1 : 1;
    const value = Number(digits);
    if (Number.isSafeInteger(value) || /[.]|^\d+[eE]/.test(digits)) return sign * value;
    return BigInt(sign) * BigInt(digits);
  }

  /** What the pattern matches here, "" for nothing. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #unexpected(expected: string): LiteralError {
    const rest = this.#text.slice(this.#at, this.#at + 12);
    return new LiteralError(this.#at, expected, rest === "" ? "the end of the line" : JSON.stringify(rest));
  }
}
