import { describe, expect, it } from "vitest";
import type { Row, Standing, TablePart } from "../summary-types.ts";
import { boardVerdict } from "./board-verdict.ts";

const of = (...kinds: Standing["kind"][]) => {
  const rows = kinds.map((kind, at) => ({ condition: `c${at}`, cells: [{ standing: { kind } }] }) as unknown as Row);
  const part = { metrics: [{ name: "EM" }], rows } as unknown as TablePart;
  const told = boardVerdict(part, ({ condition }) => condition!);
  return told && `By ${told.metric}, ${told.who} ${told.says}`;
};

describe("what the board says first", () => {
  it("is the best row, and of how many others that is not sure", () => {
    expect(of("behind", "best", "tied", "behind")).toBe(
      "By EM, c1 has the best mean; 1 of the 3 others cannot be told apart from it.",
    );
    expect(of("best", "behind", "behind")).toBe("By EM, c0 has the best mean; all 2 others are told apart from it.");
    expect(of("best", "tied", "tied")).toBe(
      "By EM, c0 has the best mean; none of the 2 others can be told apart from it.",
    );
  });

  it("speaks of one other row as one", () => {
    expect(of("best", "behind")).toBe("By EM, c0 has the best mean; the other row is told apart from it.");
    expect(of("tied", "best")).toBe("By EM, c1 has the best mean; the other row cannot be told apart from it.");
  });

  it("names no row where several share the best mean", () => {
    expect(of("best", "best")).toBe("By EM, 2 rows share the best mean.");
    expect(of("best", "best", "tied", "unranked")).toBe(
      "By EM, 2 rows share the best mean; the other row cannot be told apart from it.",
    );
  });

  it("is nothing where nothing is ranked, or nothing is there to compare", () => {
    expect(of("unranked", "unranked")).toBeUndefined();
    expect(of("best", "unranked")).toBeUndefined();
    expect(of()).toBeUndefined();
  });
});
