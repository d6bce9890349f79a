import { describe, expect, it } from "vitest";
import { textTable } from "./text-table.ts";

const keys = [{ head: "system", align: "left", cells: ["bm25", "dense-8b"] }] as const;
const columns = [
  { head: "R@4", align: "left", cells: [".780 [.748, .809]", ".640 [.6, .7]"] },
  { head: "n", align: "right", cells: ["74", "1000"] },
  { head: "p95", align: "right", cells: ["1.2 ms", "—"] },
] as const;

describe("textTable", () => {
  it("aligns columns and leaves no space at line ends", () => {
    expect(`\n${textTable(keys, columns, 80)}`).toMatchInlineSnapshot(`
      "
      system    R@4                   n     p95
      bm25      .780 [.748, .809]    74  1.2 ms
      dense-8b  .640 [.6, .7]      1000       —"
    `);
  });

  it("cuts columns that do not fit into blocks that repeat the keys", () => {
    const text = textTable(keys, columns, 30);
    expect(`\n${text}`).toMatchInlineSnapshot(`
      "
      system    R@4
      bm25      .780 [.748, .809]
      dense-8b  .640 [.6, .7]

      system       n     p95
      bm25        74  1.2 ms
      dense-8b  1000       —"
    `);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(30);
  });

  it("prints a column that fits nowhere rather than nothing", () => {
    expect(textTable(keys, columns.slice(0, 1), 5)).toContain(".780 [.748, .809]");
  });

  it("counts wide characters as two cells", () => {
    const wide = [{ head: "系統", align: "left", cells: ["検索"] }] as const;
    expect(textTable(wide, [{ head: "n", align: "left", cells: ["1"] }], 40)).toBe("系統  n\n検索  1");
  });
});
