import { describe, expect, it } from "vitest";
import type { TablePart } from "../summary-types.ts";
import { boardTiers } from "./board-tiers.ts";

/**
 * A column of rows by their means, of which the named pairs cannot be told apart; a mean left out is that of a row without a rank.
 * @param same pairs of places such as `01`
 */
function column(
  means: readonly (number | undefined)[],
  same: readonly string[],
  better: "higher" | "lower" = "higher",
) {
  const alike = (at: number) =>
    [...means.keys()].filter((other) => same.includes(`${at}${other}`) || same.includes(`${other}${at}`));
  const rows = means.map((mean, at) => ({
    cells: [
      mean === undefined
        ? { estimate: { state: "not-estimable" } }
        : { estimate: { state: "estimated", mean }, rank: { low: 1, high: 1, of: 1, same: alike(at) } },
    ],
  }));
  const part = { kind: "answers", metrics: [{ name: "EM", better }], rows } as unknown as TablePart;
  const found = boardTiers(part, 0, (at) => "abcdef"[at]!);
  return found && { says: found.says.map((texts) => texts.join("")), of: Object.fromEntries(found.of) };
}

describe("the groups between the rows of a board", () => {
  it("hold those that cannot be told apart from the first of the group, whatever is true among the others", () => {
    const { says, of } = column([0.9, 0.8, 0.7, 0.3, 0.2], ["01", "02", "34"])!;
    expect(of).toEqual({ 0: 0, 1: 0, 2: 0, 3: 1, 4: 1 });
    expect(says).toEqual([
      "By EM: a and 2 rows that cannot be told apart from it",
      "d, behind a, and 1 row that cannot be told apart from d",
    ]);
  });

  it("end at the first row that is told apart: of one further down nothing false is said", () => {
    const { says, of } = column([0.9, 0.8, 0.7], ["02", "12"])!;
    expect(of).toEqual({ 0: 0, 1: 1, 2: 1 });
    expect(says).toEqual([
      "By EM: a, told apart from the next",
      "b, behind a, and 1 row that cannot be told apart from b",
    ]);
  });

  it("are one of all rows that are each told apart from the next", () => {
    expect(column([0.9, 0.7, 0.5, 0.3, 0.2], ["34"])!.says).toEqual([
      "By EM: a and 2 more, each told apart from the next",
      "d, behind c, and 1 row that cannot be told apart from d",
    ]);
    expect(column([0.9, 0.8, 0.1], ["01"])!.says[1]).toBe("c, behind a");
    expect(column([0.9, 0.8, 0.2, 0.1], ["01"])!.says[1]).toBe(
      "c, behind a, and 1 more, each told apart from the next",
    );
  });

  it("go by the metric's direction, leave out rows without a rank, and are none where nothing is ranked", () => {
    const { says, of } = column([0.9, undefined, 0.1, 0.2], ["23"], "lower")!;
    expect(of).toEqual({ 2: 0, 3: 0, 0: 1 });
    expect(says).toEqual(["By EM: c and 1 row that cannot be told apart from it", "a, behind c"]);
    expect(column([undefined, undefined], [])).toBeUndefined();
  });
});
