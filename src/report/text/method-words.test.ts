import { expect, it } from "vitest";
import { methodWords } from "./method-words.ts";

it.each([
  ["wilson", "Wilson"],
  ["t-clustered", "Student’s t, clustered"],
  ["all-equal-clustered", "all values equal, clustered"],
  ["bootstrap-bca", "BCa bootstrap"],
  ["of another version-clustered", "of another version, clustered"],
  ["constructor", "constructor"],
  ["", ""],
])("says %s as %s", (method, words) => {
  expect(methodWords(method)).toBe(words);
});
