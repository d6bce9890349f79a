import { describe, expect, it } from "vitest";
import { metricHead } from "../metric-head.ts";
import type { PairDifference, Row, TablePart } from "../summary-types.ts";
import { pinPieces } from "./board-pins.ts";

const rows = [{}, {}, {}] as Row[];
const part = (name: string, pairs: readonly PairDifference[]): TablePart => ({
  ...{ kind: "answers", metrics: [{ ...metricHead("EM"), ...(name === "WER" && { better: "lower" as const }) }], rows },
  pairs: [pairs],
});
const pairs: PairDifference[] = [
  { a: 1, b: 0, difference: -0.25, interval: [-0.5, 0], pHolm: 0.04, apart: true },
  { a: 1, b: 2, difference: 0, pHolm: 1, apart: false },
];

describe("pinPieces", () => {
  it("has of every row the others against it, seen from them", () => {
    const [best, second, third] = pinPieces(part("EM", pairs), "0-1-answers");
    expect([best!.name, second!.name]).toEqual(["pin-0-1-answers-0", "pin-0-1-answers-1"]);
    expect(best!.rows()).toEqual([
      [1, [["−.250", "[−.500, .000]", "worse", "told apart from the pinned row, p with Holm .040"]]],
      [2, [null]],
    ]);
    expect(second!.rows()).toEqual([
      [0, [["+.250", "[.000, .500]", "better", "told apart from the pinned row, p with Holm .040"]]],
      [2, [[".000", "", "≈ pinned", "cannot be told apart from the pinned row, p with Holm 1.000"]]],
    ]);
    expect(third!.rows()[0]).toEqual([0, [null]]);
  });

  it("goes by the metric's direction, and is nothing where nothing was compared", () => {
    const [, second] = pinPieces(part("WER", pairs), "0-0-answers");
    expect(second!.rows()[0]![1][0]![2]).toBe("worse");
    expect(pinPieces(part("EM", []), "0-0-answers")).toEqual([]);
    expect(pinPieces({ ...part("EM", []), pairs: undefined } as unknown as TablePart, "0-0-answers")).toEqual([]);
  });
});
