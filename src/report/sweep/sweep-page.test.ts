import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sweepPage } from "./sweep-page.ts";
import { type Sweep, type SweepCell, sweepTable } from "./sweep-table.ts";

const ASSETS = fileURLToPath(new URL("../../../reports/templates", import.meta.url));
const N = 40;
const values = (of: (i: number) => number): Float64Array => Float64Array.from({ length: N }, (_, i) => of(i));
const cell = (value: string, mean: number, more: Partial<SweepCell> = {}): SweepCell => ({
  settings: [value],
  values: [values((i) => mean + (i % 5) / 50), values((i) => i % 2)],
  passages: 10,
  failed: [0, 0],
  missed: 0,
  asFile: false,
  ...more,
});
const page = (cells: readonly SweepCell[], more: Partial<Sweep> = {}, command = "bench sweep mine"): Promise<string> =>
  sweepPage(
    sweepTable({
      ...{ system: "mine", dataset: "trees", split: "eval", tested: false, questions: N, axes: ["b"] },
      columns: ["nDCG@10", "R@1"].map((name) => ({ name, unscored: 0 })),
      ...{ chosenBy: 0, cells, level: 0.95, seed: 0, notes: [], ...more },
    }),
    { assets: ASSETS, generatedAt: "now", command },
  );
const figures = (html: string): string[] => [...html.matchAll(/<figcaption><bdi>([^<]+)/g)].map(([, name]) => name!);

describe("sweepPage", () => {
  it("draws every metric, says what to take and why, and lists each cell with its difference from the best", async () => {
    const html = await page([cell("0.4", 0.2), cell("0.75", 0.6, { asFile: true })]);
    expect(figures(html)).toEqual(["nDCG@10", "R@1"]);
    expect(html.match(/<circle/g)).toHaveLength(4);
    expect(html).toContain("<b>Take b 0.75: better than the other cell at 95\u00a0%, Holm over the comparisons.</b>");
    expect(html).toMatch(/<bdi>b 0\.4<\/bdi><\/th>[\s\S]*?−\.400 \[−\.\d{3}, −\.\d{3}\], p &lt; \.001/);
    expect(html).toMatch(
      /<bdi>b 0\.75<\/bdi> <span class="mark best">recommended<\/span> <span class="badge">as the file/,
    );
    expect(html).not.toContain("missed");
  });

  it("shows missed and failed questions where there are any, and no interval where none can be had", async () => {
    const none = { values: [values(() => Number.NaN), values(() => Number.NaN)] };
    const html = await page([
      cell("0.4", 0.2, { missed: 3 }),
      cell("0.75", 0.6, { failed: [2, 0] }),
      cell("1", 0, none),
    ]);
    expect(html).toContain('data-label="missed">3<');
    expect(html).toContain('data-label="failed">2<');
    expect(html).toContain("questions whose gold no passage of the cell holds");
    expect(html).toContain("not estimable");
  });

  it("draws of many cells only the metric that they are chosen by", async () => {
    const many = Array.from({ length: 25 }, (_, i) => cell(String(i), i / 50));
    const html = await page(many);
    expect(figures(html)).toEqual(["nDCG@10"]);
    expect(html).toContain("<summary>4 more</summary>");
  });

  it("leaves hostile names, values and commands as text, and allows nothing but its own style", async () => {
    const evil = "</code><script>alert(1)</script>\u202e";
    const html = await page([cell(evil, 0.2), cell("1", 0.6)], { system: evil, notes: [evil] }, evil);
    expect(html).not.toMatch(/<script|\u202e/);
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(html)!;
    const hash = createHash("sha256").update(style!).digest("base64").replaceAll("=", "&#x3D;");
    expect(html).toContain(`default-src 'none'; style-src 'sha256-${hash}'`);
  });
});
