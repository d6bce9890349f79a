import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { LoadRecord } from "../../runlog/load-record.ts";
import { timeCharts } from "./load-charts.ts";
import { loadFigures } from "./load-figures.ts";
import { loadPage } from "./load-page.ts";
import { answered, failed, recordOf, stepOf } from "./testing/made-load.ts";

const ASSETS = fileURLToPath(new URL("../../../reports/templates", import.meta.url));
const page = (record: LoadRecord): Promise<string> => loadPage(record, loadFigures(record, 0.95), ASSETS);
const step = (rate: number, endMs: number, n = 40) =>
  stepOf(rate, n, (i, at) => (i === 3 ? failed(at, "E_ENDPOINT_STATUS") : answered(at, endMs + i)));
const ramp = recordOf([step(1, 300), step(2, 400), step(4, 4000)], { share: 0.9, limits: { endMs: 1000 } });

describe("loadPage", () => {
  it("is one file without script, whose style its own policy allows by hash", async () => {
    const html = await page(ramp);
    expect(html).not.toMatch(/<script|javascript:|\son\w+=|https?:/i);
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)![1]!;
    const hash = createHash("sha256").update(style).digest("base64");
    // Handlebars writes = as a character reference.
    expect(html.replaceAll("&#x3D;", "=")).toContain(`style-src 'sha256-${hash}'`);
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(html).not.toMatch(/\sstyle="/);
  });

  it("says what is borne, and draws every figure over the rate and every rate over time", async () => {
    const html = await page(ramp);
    expect(html).toContain("The knee lies at 2/s");
    const titles = Array.from(html.matchAll(/<figcaption><bdi>([^<]*)</g), ([, title]) => title);
    expect(titles).toEqual([
      ...[
        "Goodput",
        "End to end",
        "First token",
        "Between tokens",
        "Longest pause",
        "Throughput",
        "Speed of one answer",
      ],
      ...["1/s", "2/s", "4/s"],
    ]);
    expect(html.match(/<svg [^>]*class="chart"/g)).toHaveLength(10);
    expect(html).toContain(">limit 1 s<");
    expect(html).toContain("E_ENDPOINT_STATUS 1");
  });

  it("draws one rate over time alone", async () => {
    const html = await page(recordOf([step(1, 300)]));
    expect(html.match(/<svg [^>]*class="chart"/g)).toHaveLength(1);
    expect(html).not.toContain("Over the rate");
  });

  it("holds where nothing was answered, and where nothing was due", async () => {
    const none = stepOf(1, 4, (_, at) => failed(at, "E_ENDPOINT_TIMEOUT"));
    expect(await page(recordOf([none]))).toContain("no request was answered");
    expect(await page(recordOf([stepOf(1, 0, () => failed(0, "E")), none]))).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("takes hostile names as text", async () => {
    const system = { id: "<img src=x>", sha256: "0", generator: "openai </style><script>" };
    const html = await page(recordOf([step(1, 300)], { system, command: 'bench load "</code><script>"' }));
    expect(html).not.toMatch(/<script|<img/);
  });
});

describe("timeCharts", () => {
  it("draws the slowest of each moment where there are too many requests to draw, so that no stall is lost", () => {
    const many = stepOf(100, 20_000, (i, at) => answered(at, i === 7777 ? 60_000 : 100));
    const [picture] = timeCharts(recordOf([many]));
    const dots = picture!.series.flatMap(({ points }) => points);
    expect(dots.length).toBeLessThanOrEqual(401);
    expect(dots.filter(({ y }) => y === 60_000)).toHaveLength(1);
  });
});
