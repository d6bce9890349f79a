import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { comparePaired } from "../../stats/index.ts";
import { formatSweep } from "./format-sweep.ts";
import { recommend } from "./recommend.ts";
import { type Sweep, type SweepCell, sweepTable } from "./sweep-table.ts";

const N = 40;
const scores = (of: (i: number) => number): Float64Array => Float64Array.from({ length: N }, (_, i) => of(i));
/** Spread that all cells share, so that only paired differences are sharp. */
const hard = (i: number): number => ((i * 7) % 10) / 20;
const HIGH = scores((i) => 0.4 + hard(i) + ((i + 2) % 3) / 100);
const LOW = scores((i) => 0.2 + hard(i));
const NEAR = scores((i) => 0.4 + hard(i) + (i % 3) / 100);

const cell = (value: string, values: Float64Array, more: Partial<SweepCell> = {}): SweepCell => ({
  settings: [value],
  values: [values],
  passages: 10,
  failed: [0],
  missed: 0,
  asFile: false,
  ...more,
});

const sweep = (cells: readonly SweepCell[], more: Partial<Sweep> = {}): Sweep => ({
  system: "mine",
  dataset: "trees",
  split: "eval",
  tested: false,
  questions: N,
  axes: ["b"],
  columns: [{ name: "nDCG@10", unscored: 0 }],
  chosenBy: 0,
  cells,
  level: 0.95,
  seed: 0,
  notes: [],
  ...more,
});

const said = (cells: readonly SweepCell[], more: Partial<Sweep> = {}) => recommend(sweepTable(sweep(cells, more)));

describe("recommend", () => {
  it("takes the cell that every other is behind, with the paired difference and its interval", () => {
    const { row, advice, evidence } = said([cell("0.4", LOW), cell("0.75", HIGH)]);
    expect(row).toBe(1);
    expect(advice).toBe("Take b 0.75: better than the other cell at 95\u00a0%, Holm over the comparisons.");
    expect(evidence[0]).toMatch(/^b 0\.75: nDCG@10 \.\d{3} \[\.\d{3}, \.\d{3}\], the highest mean$/);
    const { difference } = comparePaired(HIGH, LOW, { rng: seeded(0), range: [0, 1] });
    if (difference.state !== "estimated") throw new Error(difference.reason);
    const gain = [difference.mean, difference.low, difference.high].map((x) => x.toFixed(3).slice(1));
    expect(evidence[1]).toBe(`better than b 0.4 by ${gain[0]} [${gain[1]}, ${gain[2]}], p < .001`);
  });

  it("says which cells cannot be told apart, and keeps what the file says if it is one of them", () => {
    const cells = [cell("0.4", LOW), cell("0.75", HIGH), cell("0.9", NEAR, { asFile: true })];
    const table = sweepTable(sweep(cells));
    const { row, advice, evidence } = recommend(table);
    expect(table.best).toBe(1);
    expect(row).toBe(2);
    expect(advice).toContain("Keep b 0.9, as the file says");
    expect(evidence[1]).toMatch(/^against b 0\.9: cannot tell, /);
    expect(evidence[2]).toMatch(/^better than b 0\.4 by /);
    const { advice: changed } = said([cell("0.4", LOW), cell("0.75", HIGH), cell("0.9", NEAR)]);
    expect(changed).toContain("Take b 0.75, or another for its price: 1 cell cannot be told apart");
  });

  it("adjusts p by Holm over all comparisons of the sweep", () => {
    const { rows } = sweepTable(sweep([cell("0.4", LOW), cell("0.75", HIGH), cell("0.9", NEAR)]));
    const p = rows.flatMap(({ standing }) => ("p" in standing ? [[standing.p, standing.pHolm] as const] : []));
    expect(p[0]![1]).toBeCloseTo(2 * p[0]![0], 12);
    expect(p[1]![1]).toBeCloseTo(p[1]![0], 12);
  });

  it("counts the cells, and says that the best of many flatters", () => {
    expect(said([cell("0.4", LOW), cell("0.75", HIGH)]).cautions[0]).toBe(
      "2 cells were looked at. The best of many is too good for the questions it was chosen on: measure it on questions it has not seen.",
    );
    expect(said([cell("0.4", LOW)], { tested: true, split: "test" }).cautions).toContain(
      "The split test is for testing: what is chosen on it cannot be tested on it.",
    );
  });

  it("says when so few documents cannot show any difference, however large", () => {
    const clusters = Int32Array.from({ length: N }, (_, i) => i % 4);
    const { cautions, evidence } = said([cell("0.4", LOW), cell("0.75", HIGH)], { clusters });
    expect(evidence[1]).toContain("cannot tell");
    expect(cautions).toContainEqual(expect.stringContaining("from 4 documents"));
    expect(cautions).toContainEqual(expect.stringContaining("p cannot come below .125"));
    expect(said([cell("0.4", LOW), cell("0.75", HIGH)]).cautions.join()).not.toContain("cannot come below");
  });

  it("names missed and failed questions by cell, and recommends nothing where nothing was measured", () => {
    const { cautions } = said([cell("0.4", LOW, { missed: 3 }), cell("0.75", HIGH, { failed: [2], passages: 4 })]);
    expect(cautions).toContain("Questions whose gold no passage holds, counted as missed: b 0.4: 3.");
    expect(cautions).toContain("Questions on which the system failed, at the floor: b 0.75: 2.");
    expect(cautions).toContainEqual(expect.stringContaining("Passages differ between the cells"));
    const none = scores(() => Number.NaN);
    expect(said([cell("0.4", none)])).toMatchObject({ row: undefined, advice: expect.stringContaining("Nothing") });
  });
});

describe("formatSweep", () => {
  const table = sweepTable(sweep([cell("=1+1|\u001b[2J", LOW), cell("0.75", HIGH)]));

  it("draws intervals on one scale and marks the best", () => {
    const lines = formatSweep(sweepTable(sweep([cell("0.4", LOW), cell("0.75", HIGH)])), "text", 120).split("\n");
    expect(lines.find((line) => line.startsWith(" 0.4"))).toMatch(/\[.*\] {3,}─*●─* +40$/);
    expect(lines.find((line) => line.startsWith("0.75"))).toMatch(/\[.*\] \* +─*●─+ +40$/);
  });

  it("leaves a hostile value no way to rewrite a terminal, a table or a sheet", () => {
    expect(formatSweep(table, "text", 120)).not.toContain("\u001b");
    expect(formatSweep(table, "json", 120)).not.toContain("\u001b");
    expect(formatSweep(table, "markdown", 120)).not.toMatch(/\u001b|1\|/);
    expect(formatSweep(table, "csv", 120)).toContain("\r\n'=1+1|");
  });

  it("writes a line per cell and metric, with the difference from the best", () => {
    const [head, low, high, end] = formatSweep(table, "csv", 120)
      .split("\r\n")
      .map((line) => line.split(","));
    expect(head).toHaveLength(low!.length);
    expect(Number(low![head!.indexOf("difference")])).toBeLessThan(-0.15);
    expect(high![head!.indexOf("standing")]).toBe("best");
    expect(end).toEqual([""]);
  });
});
