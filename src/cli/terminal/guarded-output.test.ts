import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardedOutput } from "./guarded-output.ts";

function printed(text: string, colour = false): string {
  let seen = "";
  const write = (part: string): void => {
    seen += part;
  };
  guardedOutput({ write, interactive: false, columns: undefined, colour }).write(text);
  return seen;
}

describe("guardedOutput", () => {
  it.each([
    ["an escape that clears the screen", "a\u001b[2Jb", "a\\u001b[2Jb"],
    ["a link in eight-bit controls", "\u009d8;;https://x\u009clink", "\\u009d8;;https://x\\u009clink"],
    ["a return that overwrites the line", "bad\rgood", "bad\\u000dgood"],
    ["an override of the direction", "a\u202eb", "a\\u202eb"],
    ["a separator of lines", "a\u2028b", "a\\u2028b"],
    ["an order to a build server", "x\n  ::add-mask::e\n::a", "x\n  \\u003a:add-mask::e\n\\u003a:a"],
    ["an order within a line", "a ##[group]b ##vso[task.x]c", "a \\u0023#[group]b \\u0023#vso[task.x]c"],
  ])("shows %s", (_, text, seen) => {
    expect(printed(text)).toBe(seen);
    expect(printed(text, true)).toBe(seen);
  });

  it("leaves lines, tabs, the ends of CSV lines, headings and paths as they are", () => {
    const text = "## Suite\na\tb\r\nsrc::c 2:30 é 中 😀\n";
    expect(printed(text)).toBe(text);
  });

  it("passes colours on where the output has them, and only there", () => {
    expect(printed("\u001b[1;31mred\u001b[0m\u001b[H", true)).toBe("\u001b[1;31mred\u001b[0m\\u001b[H");
    expect(printed("\u001b[31mred")).toBe("\\u001b[31mred");
  });

  it("keeps the value of any JSON", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("##[x]", "::x\n::y"))), (value) => {
        const text = printed(JSON.stringify(value, undefined, 1));
        expect(JSON.parse(text)).toEqual(value);
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|##\[/);
      }),
    );
  });
});
