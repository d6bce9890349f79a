import { describe, expect, it } from "vitest";
import { UsageError } from "../../core/errors.ts";
import { choice, integer, nonNegative, openFraction, text } from "./parse-value.ts";

function problemOf(parse: () => unknown): { where: string; expected: string; got: string; fix: string } {
  try {
    parse();
  } catch (error) {
    if (error instanceof UsageError) return error.problems[0]!;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("values of flags", () => {
  it.each([
    [
      "integer",
      integer(1, 100),
      ["1", "100", " 7 "],
      ["0", "101", "1.5", "1e2", "0x10", "", "three", "NaN", "∞", "-1"],
    ],
    ["openFraction", openFraction, ["0.05", ".5", "1e-3"], ["0", "1", "-0.1", "", " ", "x", "NaN", "Infinity"]],
    ["nonNegative", nonNegative, ["0", "0.5", "3"], ["-1", "", " ", "x", "NaN", "Infinity"]],
    ["text", text, ["x", " "], [""]],
    ["choice", choice("text", "json"), ["text", "json"], ["", "Text", "jsn"]],
  ] as const)("%s", (_, parse, good, bad) => {
    const read = parse as (value: string, flag: string) => unknown;
    for (const value of good) expect(read(value, "--x")).toEqual(expect.anything());
    for (const value of bad) expect(problemOf(() => read(value, "--x")).where, value).toBe("--x");
  });

  it("are read as numbers", () => {
    expect(integer(0)("007", "--x")).toBe(7);
    expect(openFraction("0.05", "--x")).toBe(0.05);
    expect(nonNegative("0", "--x")).toBe(0);
  });

  it("name the range, what was given, and an example", () => {
    expect(problemOf(() => integer(1, 9)("ten", "--k"))).toMatchObject({
      expected: "a whole number from 1 to 9",
      got: '"ten"',
      fix: "write for example --k 3",
    });
    expect(problemOf(() => integer(5)("4", "--k"))).toMatchObject({ expected: "a whole number from 5" });
  });

  it("suggest the nearest word, of a flag or of an argument", () => {
    const format = choice("text", "json");
    expect(problemOf(() => format("jsn", "--format")).fix).toBe('did you mean "json"?');
    expect(problemOf(() => format("qqqqqq", "--format")).fix).toBe("write for example --format text");
    expect(problemOf(() => format("qqqqqq", "<format>")).fix).toBe("write for example text");
  });
});
