import { describe, expect, it } from "vitest";
import { formatCondition, parseCondition } from "./condition.ts";

describe("parseCondition", () => {
  it.each(["rag@1", "rag@5", "rag@100000", "oracle", "closed-book"])("reads %s and prints it back", (text) => {
    const condition = parseCondition(text);
    expect(condition && formatCondition(condition)).toBe(text);
  });

  it.each(["rag@0", "rag@-1", "rag@3.5", "rag@", "rag", "rag@03", "rag@1e3", "Oracle", "", " oracle", "__proto__"])(
    "does not read %j",
    (text) => {
      expect(parseCondition(text)).toBeUndefined();
    },
  );
});
