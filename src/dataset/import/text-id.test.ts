import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Repetitions, textId } from "./text-id.ts";

describe("textId", () => {
  it("is readable words and 16 digits of a hash, the same on every machine", () => {
    expect(textId("What is Showroom?", ["test", "What is Showroom?"])).toBe("what-is-showroom-a3887cb10b03e12b");
  });

  it("differs when what identifies the thing differs, whatever the label", () => {
    expect(textId("a", ["x", "y"])).not.toBe(textId("a", ["xy", ""]));
    expect(textId("a", ["x"])).not.toBe(textId("a", ["X"]));
  });

  it("is only the hash when the label has no letters", () => {
    expect(textId("???", ["x"])).toMatch(/^[0-9a-f]{16}$/);
  });

  it("can stand in a qrels file for any label", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (label) => {
        expect(textId(label, [label])).toMatch(/^([\p{L}\p{N}-]{1,40}-)?[0-9a-f]{16}$/u);
      }),
    );
  });
});

describe("Repetitions", () => {
  it("numbers an id from its second time on", () => {
    const ids = new Repetitions();
    expect(["a", "b", "a", "a", "__proto__", "__proto__"].map((id) => ids.next(id))).toEqual([
      "a",
      "b",
      "a-2",
      "a-3",
      "__proto__",
      "__proto__-2",
    ]);
  });
});
