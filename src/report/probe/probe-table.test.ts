import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { comparePaired, holm } from "../../stats/index.ts";
import { metricHead } from "../metric-head.ts";
import { formatProbe } from "./format-probe.ts";
import { probePage } from "./probe-page.ts";
import { type Probe, type ProbeCell, probeTable } from "./probe-table.ts";

const N = 40;
const values = (of: (i: number) => number) => ({
  values: Float64Array.from({ length: N }, (_, i) => of(i)),
  failed: 0,
  unscored: 0,
});
/** Spread that all cells share, so that only paired differences are sharp. */
const hard = (i: number): number => ((i * 7) % 10) / 20;
const WHOLE = values((i) => 0.4 + hard(i) + (i % 3) / 100);
const WORSE = values((i) => 0.2 + hard(i) + ((i + 1) % 4) / 100);
const SAME = values((i) => 0.4 + hard(i) + ((i + 1) % 3) / 100);

const cell = (label: string, ...columns: ProbeCell["columns"]): ProbeCell => ({ label, columns, facts: [7] });
const probe = (cells: readonly ProbeCell[], more: Partial<Probe> = {}): Probe => ({
  title: "context probe",
  system: "mine",
  dataset: "trees",
  split: "test",
  questions: N,
  columns: [metricHead("F1")],
  facts: ["tokens"],
  cells,
  reference: 0,
  pairs: [],
  level: 0.95,
  seed: 0,
  notes: ["A note."],
  run: "r",
  ...more,
});
const THREE = [cell("gold alone", WHOLE), cell("far", WORSE), cell("near", SAME)];

describe("probeTable", () => {
  it("compares each cell with the reference and the further pairs, Holm over all of them", () => {
    const { rows, contrasts, comparisons } = probeTable(probe(THREE, { pairs: [[1, 2]] }));
    expect(rows[0]!.differences).toEqual([undefined]);
    const [far, near] = [rows[1]!.differences[0]!, rows[2]!.differences[0]!];
    const alone = comparePaired(WORSE.values, WHOLE.values, { range: [0, 1], rng: seeded(0) });
    expect(far.difference).toMatchObject({ mean: alone.difference.state === "estimated" && alone.difference.mean });
    expect(far.difference.high).toBeLessThan(0);
    expect(near.difference.low).toBeLessThan(0);
    expect(near.difference.high).toBeGreaterThan(0);
    expect(comparisons).toBe(3);
    const all = [far, near, contrasts[0]!];
    expect(all.map(({ pHolm }) => pHolm)).toEqual(holm(all.map(({ p }) => p)));
    expect(contrasts[0]).toMatchObject({ a: "far", b: "near", column: "F1" });
  });

  it("gives a blocked cell neither an estimate nor a comparison", () => {
    const blocked = { ...THREE[1]!, blocked: "truncated: 3 of 40 prompts cut" };
    const { rows, contrasts, comparisons } = probeTable(probe([THREE[0]!, blocked, THREE[2]!], { pairs: [[1, 2]] }));
    expect(rows[1]).toMatchObject({ estimates: [undefined], differences: [undefined] });
    expect(contrasts).toEqual([]);
    expect(comparisons).toBe(1);
  });

  it("compares cells of the same questions alone: fewer of them are paired, others are not", () => {
    const half = values((i) => (i % 2 === 0 ? 0.3 : Number.NaN));
    const odd = values((i) => (i % 2 === 1 ? 0.3 : Number.NaN));
    const fewer = probeTable(probe([THREE[0]!, cell("half", half)]));
    expect(fewer.rows[1]!.differences[0]!.difference.n).toBe(20);
    const other = probeTable(probe([cell("half", half), cell("odd", odd)]));
    expect(other.rows[1]!.differences).toEqual([undefined]);
  });

  it("says why there is no interval and where the system failed, each once", () => {
    const clusters = new Int32Array(N);
    const { rows, notes } = probeTable(probe([THREE[0]!, cell("far", { ...WORSE, failed: 4 })], { clusters }));
    expect(rows[1]!.differences).toEqual([undefined]);
    expect(notes).toEqual([
      "A note.",
      "Questions on which the system failed, at the floor: far: 4.",
      "Not estimable, since all samples share one cluster: gold alone, far.",
    ]);
  });
});

describe("formatProbe", () => {
  const hostile = cell('=1+1|\u001b[2J<script>alert("x")</script>', WORSE);
  const table = probeTable(probe([THREE[0]!, hostile, THREE[2]!], { system: "\u001b[31mmine", pairs: [[1, 2]] }));

  it("draws each cell with its difference, and the word that the evidence allows", () => {
    const lines = formatProbe(probeTable(probe(THREE)), "text", 140).split("\n");
    expect(lines.find((line) => line.startsWith("far"))).toMatch(
      /^far +\.\d{3} \[.*\] +─*●─* +−\.\d{3} \[−.*, −.*\], p < \.001 lower +40 +7$/,
    );
    expect(lines.find((line) => line.startsWith("near"))).toMatch(/p [.\d]+ +40 +7$/);
  });

  it("leaves a hostile label no way to rewrite a terminal, a table, a sheet or a page", async () => {
    expect(formatProbe(table, "text", 120)).not.toContain("\u001b");
    expect(formatProbe(table, "json", 120)).not.toContain("\u001b");
    expect(formatProbe(table, "markdown", 120)).not.toMatch(/\u001b|1\||<script/);
    expect(formatProbe(table, "csv", 120)).toContain("\r\n\"'=1+1|");
    const page = await probePage(table, {
      assets: fileURLToPath(new URL("../../../reports/templates", import.meta.url)),
      generatedAt: "2026-01-02",
      command: "bench probe </code><script>",
    });
    expect(page).not.toMatch(/\u001b|<script/);
  });

  it("begins its page with what changed, or says that nothing is told apart", async () => {
    const assets = fileURLToPath(new URL("../../../reports/templates", import.meta.url));
    const page = (cells: Parameters<typeof probe>[0]) =>
      probePage(probeTable(probe(cells)), { assets, generatedAt: "2026-01-02T03:04:05.678Z", command: "bench probe" });
    const changed = await page(THREE);
    expect(changed).toMatch(/<li>F1 is <b>lower<\/b> with <bdi>far<\/bdi>: −\.\d{3} \[.*\], p &lt; \.001<\/li>/);
    expect(changed).toContain("Made 2026-01-02 03:04 UTC.");
    expect(
      await page([
        THREE[0]!,
        cell(
          "same",
          values((i) => (i % 2 === 0 ? 0.3 : Number.NaN)),
        ),
      ]),
    ).toContain("told apart");
  });

  it("writes a line per cell and column and one per further comparison, all of the same width", () => {
    const lines = formatProbe(probeTable(probe(THREE, { pairs: [[1, 2]] })), "csv", 120).split("\r\n");
    const [head, ...rest] = lines.slice(0, -1).map((line) => line.split(","));
    expect(rest.map((fields) => fields.length)).toEqual([18, 18, 18, 18]);
    const at = (name: string): number => head!.indexOf(name);
    expect(Number(rest[1]![at("difference")])).toBeLessThan(-0.15);
    expect(rest[3]!.slice(0, 2)).toEqual(["far", "F1"]);
    expect(rest[3]![at("compared_with")]).toBe("near");
  });
});
