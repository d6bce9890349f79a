import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePythonLiteral } from "../import/python-literal.ts";
import { pythonList } from "./python-repr.ts";

describe("pythonList", () => {
  // The right-hand sides are what CPython 3 prints.
  it.each([
    [[], "[]"],
    [["Paris", "the city of light"], "['Paris', 'the city of light']"],
    [["it's"], `["it's"]`],
    [['a "b"'], `['a "b"']`],
    [[`it's "b"`], `['it\\'s "b"']`],
    [["a\nb\tc\\d\r"], "['a\\nb\\tc\\\\d\\r']"],
    [["\0\x7f\x85\u2028é🙂"], "['\\x00\\x7f\\x85\\u2028é🙂']"],
  ])("writes %j as repr does", (texts, literal) => {
    expect(pythonList(texts)).toBe(literal);
  });

  it("is read back equal, on one line, whatever the texts", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
        expect(pythonList(texts)).not.toMatch(/[\n\r\t\u2028]/);
        expect(parsePythonLiteral(pythonList(texts))).toEqual({ ok: true, value: texts });
      }),
    );
  });
});
