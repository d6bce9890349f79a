import { expect, it } from "vitest";
import { titleKey } from "./title-key.ts";

it.each([
  ["Aaron", "Aaron"],
  ['  "Aaron" ', "Aaron"],
  ['""Heroes""', "Heroes"],
  ['"Heroes" (album)', 'Heroes" (album)'],
  ["aaron", "aaron"],
  ['""', ""],
])("titleKey of %j is %j", (title, key) => {
  expect(titleKey(title)).toBe(key);
});
