import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePythonLiteral } from "./python-literal.ts";

const value = (text: string): unknown => {
  const parsed = parsePythonLiteral(text);
  if (!parsed.ok) throw new Error(`${parsed.problem.at}: ${parsed.problem.expected}, ${parsed.problem.got}`);
  return parsed.value;
};
const problem = (text: string): unknown => {
  const parsed = parsePythonLiteral(text);
  return parsed.ok ? parsed.value : [parsed.problem.at, parsed.problem.expected, parsed.problem.got];
};

const A_VALUE = "a string, a number, a list, a tuple, None, True or False";

describe("parsePythonLiteral", () => {
  // Each right-hand side is what CPython 3's ast.literal_eval gives, tuples as lists.
  it.each<[string, unknown]>([
    ["['Paris']", ["Paris"]],
    [`["it's", 'say "x"']`, ["it's", 'say "x"']],
    [String.raw`['it\'s', "a \"b\""]`, ["it's", 'a "b"']],
    ["['a, b', 'c]d', '[e']", ["a, b", "c]d", "[e"]],
    [String.raw`['a\tb\nc\\d']`, ["a\tb\nc\\d"]],
    [String.raw`'\a\b\f\r\v'`, "\x07\b\f\r\v"],
    [String.raw`'\x41\u00e9\U0001F642'`, "Aé🙂"],
    [String.raw`'\101\0\18\400'`, "A\0\u00018\u0100"],
    [String.raw`'\d \% \''`, "\\d \\% '"],
    ["'a\\\nb'", "ab"],
    ["'''it's \"x\"\nnext'''", 'it\'s "x"\nnext'],
    ['"""two "" quotes"""', 'two "" quotes'],
    ["''", ""],
    ['""', ""],
    ["''''''", ""],
    [String.raw`r'\d\n'`, "\\d\\n"],
    [String.raw`R"\""`, '\\"'],
    ["u'é'", "é"],
    ["[]", []],
    ["()", []],
    ["[ 'a' , ]", ["a"]],
    ["('a')", "a"],
    ["('a',)", ["a"]],
    ["('a', ['b', ('c',)], [])", ["a", ["b", ["c"]], []]],
    ["[None, True, False]", [null, true, false]],
    ["[1, -2, +3, 1_000, 0x1F, 0o17, 0b101, 00]", [1, -2, 3, 1000, 31, 15, 5, 0]],
    ["[1.5, .5, 5., 1e3, -2.5E-1, 1_0.2_5]", [1.5, 0.5, 5, 1000, -0.25, 10.25]],
    ["12345678901234567890", 12345678901234567890n],
    ["-0xFFFFFFFFFFFFFFFFFF", -0xffffffffffffffffffn],
    ["  \n[\n'a',\n'b'\n]  ", ["a", "b"]],
    ["['__proto__', 'constructor']", ["__proto__", "constructor"]],
  ])("reads %s as Python does", (text, expected) => {
    expect(value(text)).toStrictEqual(expected);
  });

  it.each<[string, [number, string, string]]>([
    ["", [0, A_VALUE, "the end of the line"]],
    ["Paris", [0, A_VALUE, '"Paris"']],
    ["['a'", [4, '"," or "]"', "the end of the line"]],
    ["['a']]", [5, "the end of the line", '"]"']],
    ["['a' 'b']", [5, "a comma between two strings", "two strings side by side"]],
    ["['a", [1, "closing '", "none"]],
    ["['a\nb']", [1, "closing '", "none"]],
    ["'''a''", [0, "closing '''", "none"]],
    ["['a\\", [1, "closing '", "none"]],
    ["[,]", [1, A_VALUE, '",]"']],
    ["['a',,]", [5, A_VALUE, '",]"']],
    ["b'x'", [0, "text in quotes", "the prefix b"]],
    ["f'{x}'", [0, "text in quotes", "the prefix f"]],
    ["{'a': 1}", [0, A_VALUE, JSON.stringify("{'a': 1}")]],
    ["__import__('os')", [0, A_VALUE, '"__import__(\'"']],
    ["[1+1]", [2, '"," or "]"', '"+1]"']],
    ["012", [0, "a number", '"012"']],
    ["1j", [0, "a number", '"1j"']],
    ["-", [0, "a number", '"-"']],
    ["'\\x4'", [1, "\\x with 2 hexadecimal digits", "\\x4'"]],
    ["'\\U00110000'", [1, "\\U with 8 hexadecimal digits", "\\U00110000"]],
    ["'\\N{DASH}'", [1, "the character itself", "\\N{…}, a character by its name"]],
    ["nan", [0, A_VALUE, '"nan"']],
  ])("refuses %s, saying where", (text, expected) => {
    expect(problem(text)).toEqual(expected);
  });

  it("reads back what Python's repr writes, for any nesting of any strings", () => {
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.string({ unit: "binary" }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("tree"), { maxLength: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (v) => {
        expect(value(repr(v))).toStrictEqual(v);
      }),
    );
  });

  it("never throws anything of its own kind or another, whatever the text", () => {
    const bits = fc.constantFrom(
      "[",
      "]",
      "(",
      ")",
      "'",
      '"',
      "\\",
      ",",
      " ",
      "a",
      "r",
      "1",
      ".",
      "e",
      "-",
      "\n",
      "\0",
      "'''",
      "\\x",
      "None",
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 30 }), (all) => {
        expect(typeof parsePythonLiteral(all.join("")).ok).toBe("boolean");
      }),
    );
  });

  it("refuses a bomb of nesting at its depth, not with the stack", () => {
    expect(problem("[".repeat(1_000_000))).toEqual([64, "lists at most 64 deep", '"[[[[[[[[[[[["']);
    expect(problem(`${"(".repeat(65)}1${")".repeat(65)}`)).toEqual([64, "lists at most 64 deep", '"(1))))))))))"']);
    expect(value(`${"[".repeat(64)}${"]".repeat(64)}`)).toBeInstanceOf(Array);
  });

  it("takes time in proportion to the length", () => {
    const long = `['${"x\\n".repeat(1_000_000)}', ${"'a', ".repeat(200_000)}]`;
    expect((value(long) as unknown[]).length).toBe(200_001);
    expect(problem(`'${"\\\\".repeat(1_000_000)}`)).toEqual([0, "closing '", "none"]);
    expect(problem("1".repeat(100_000).concat("x"))).toEqual([0, "a number", '"111111111111"']);
  });
});

/** As CPython writes it: single quotes unless the text has one and no double quote; control characters escaped. */
function repr(v: unknown): string {
  if (Array.isArray(v)) return `[${v.map(repr).join(", ")}]`;
  if (v === null) return "None";
  if (typeof v === "boolean") return v ? "True" : "False";
  if (typeof v === "number") return String(v);
  const text = String(v);
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = Array.from(text, (c) => {
    if (c === quote || c === "\\") return `\\${c}`;
    if (c === "\n") return "\\n";
    if (c === "\t") return "\\t";
    const code = c.codePointAt(0)!;
    if (code < 0x20 || (code >= 0x7f && code < 0xa1)) return `\\x${code.toString(16).padStart(2, "0")}`;
    if (code >= 0xd800 && code < 0xe000) return `\\u${code.toString(16)}`;
    return c;
  }).join("");
  return quote + inner + quote;
}
