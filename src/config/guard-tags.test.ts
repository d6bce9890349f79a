import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardTags } from "./guard-tags.ts";

describe("guardTags", () => {
  const guard = guardTags('<passage number="{{n}}">{{text}}</passage><q.x>');

  it.each([
    ["a closing tag", "a </passage> b", "a &lt;/passage> b"],
    ["an opening tag", "<passage number='9'>", "&lt;passage number='9'>"],
    ["a tag in another case", "</PASSAGE>", "&lt;/PASSAGE>"],
    ["a tag with white space", "< / passage >", "&lt; / passage >"],
    ["a tag without an end", "</passage", "&lt;/passage"],
    ["a name with a full stop", "</q.x>", "&lt;/q.x>"],
  ])("disarms %s", (_title, value, expected) => {
    expect(guard(value)).toBe(expected);
  });

  it.each([
    "<b>bold</b>",
    "x < y",
    "<passages>",
    "</qqx>",
    "if (a<passage_count)",
    "<script>alert(1)</script> {{constructor}} \u202e",
  ])("leaves %j", (value) => {
    expect(guard(value)).toBe(value);
  });

  it("changes nothing where the template has no tags", () => {
    expect(guardTags("{{text}}")("</passage>")).toBe("</passage>");
  });

  it.each([
    ["<", "passage>"],
    ["</", "passage>"],
    ["</pass", "age>"],
    ["a < ", "\npassage>"],
  ])("two values side by side, %j and %j, close no tag together", (first, second) => {
    expect(guard(first) + guard(second)).not.toMatch(/<\s*\/?\s*passage/i);
  });

  it("no value closes a tag, whatever it is made of", () => {
    const part = fc.constantFrom("<", "</", "/", " ", "passage", "PASSAGE", ">", "&lt;", "x", "\n");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expect(guard(parts.join(""))).not.toMatch(/<\s*\/?\s*passage\b/i);
      }),
    );
  });
});
