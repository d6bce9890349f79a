import { describe, expect, it } from "vitest";
import type { Row } from "../summary-types.ts";
import { cutWithin, nameIn, shortNameIn } from "./row-name.ts";

const row = (title: string, condition?: string) =>
  ({ run: { system: { id: "s", title } }, condition }) as unknown as Row;

describe("names of rows", () => {
  it("have the condition only where it tells rows apart", () => {
    const [a, b] = [row("A", "rag@3"), row("B", "rag@3")];
    expect(nameIn([a, b])(a)).toBe("A");
    expect(nameIn([a, row("A", "rag@5")])(a)).toBe("A rag@3");
    expect(nameIn([row("A"), row("B")])(row("A"))).toBe("A");
  });

  it("are cut within the title, so that two long ones and the condition stay apart", () => {
    const rows = [row("davinci-003_fewshot-n64", "rag@3"), row("davinci-003_zeroshot", "rag@5")];
    expect(rows.map((each) => shortNameIn(rows)(each, 20))).toEqual(["davinci…ot-n64 rag@3", "davinci…roshot rag@5"]);
  });
});

describe("cutWithin", () => {
  it("keeps both ends and never more letters than asked for", () => {
    expect(cutWithin("abcdefghij", 10)).toBe("abcdefghij");
    expect(cutWithin("abcdefghij", 7)).toBe("abc…hij");
    expect(cutWithin("abcdefghij", 6)).toBe("abc…ij");
    expect(cutWithin("abcdefghij", 1)).toBe("…");
  });

  it("splits no character in two", () => {
    expect(cutWithin("😀😁😂🤣😃😄", 3)).toBe("😀…😄");
  });
});
