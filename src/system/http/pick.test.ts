import { describe, expect, it } from "vitest";
import { pick } from "./pick.ts";

const REPLY = {
  hits: {
    hits: [
      { _id: "a", tags: ["x", "y"] },
      { _id: "b", tags: [] },
    ],
  },
  ids: [["p", "q"]],
  "a/b": { "~": [1] },
  "*": [9],
};

describe("pick", () => {
  it.each([
    ["/hits/hits/*/_id", ["a", "b"]],
    ["/hits/hits/1/_id", undefined],
    ["/hits/hits/*/tags/*", ["x", "y"]],
    ["/ids/0", ["p", "q"]],
    ["/ids/0/*", ["p", "q"]],
    ["/ids/*", [["p", "q"]]],
    ["/a~1b/~0", [1]],
    ["/nothing", undefined],
    ["/hits/*", undefined],
    ["/hits/hits/*/_score", undefined],
    ["/constructor", undefined],
    ["/hits/hits/*/__proto__", undefined],
  ])("%s", (pointer, expected) => {
    expect(pick(REPLY, pointer)).toEqual(expected);
  });

  it("of the whole reply is its items", () => {
    expect(pick(["a"], "")).toEqual(["a"]);
    expect(pick(["a"], "/*")).toEqual(["a"]);
    expect(pick(null, "/a")).toBeUndefined();
    expect(pick({ hits: [] }, "/hits/*/id")).toEqual([]);
  });
});
