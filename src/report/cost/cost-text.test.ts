import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { formatSummary } from "../summary/summary-format.ts";
import type { SummaryFormat } from "../summary/summary-formats.ts";
import { summarise } from "../summary.ts";
import { makeRun } from "../testing/made-run.ts";
import { formatRate, formatUsd, notesOfAll } from "./cost-text.ts";

describe("formatUsd", () => {
  it.each([
    [0, "$0"],
    [0.00000123456, "$0.00000123"],
    [0.0042, "$0.0042"],
    [0.1, "$0.1"],
    [0.9949, "$0.995"],
    [0.996, "$1.00"],
    [12.3, "$12.30"],
    [999.99, "$999.99"],
    [999.999, "$1\u202f000"],
    [1240.4, "$1\u202f240"],
  ])("writes %d as %s", (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });

  it("says a note once, and of whom where it is not of all", () => {
    const all = [
      { name: "rag@3", notes: ["both", "one"] },
      { name: "rag@5", notes: ["both"] },
    ];
    expect(notesOfAll(all)).toEqual(["both", "rag@3: one"]);
    expect(notesOfAll([])).toEqual([]);
  });

  it("writes an interval without repeating the sign", () => {
    expect(formatRate({ usd: 4.2, interval: { low: 3.9, high: 4.515 } })).toBe("$4.20 [3.90, 4.51]");
    expect(formatRate({ usd: 4.2 })).toBe("$4.20");
  });
});

describe("cost in a summary", () => {
  async function summary(format: SummaryFormat): Promise<string> {
    const cached = {
      timing: { ms: 0, source: "cached" as const },
      cachedFrom: { run: "before", at: "2026-05-01T00:00:00.000Z" },
    };
    const dir = await makeRun(await tempFolder(), {
      run: "r",
      system: "llm",
      title: "An | LLM",
      skill: 0.7,
      conditions: ["rag@3"],
      metrics: ["EM"],
      price: { on: "2026-05-31", input: 1, output: 2 },
      failAt: [39],
      more: (at) => (at < 5 ? cached : { cost: { usd: 0.001 * (1 + (at % 3)), basis: "tokens" } }),
    });
    return formatSummary(await summarise([dir]), format, { columns: 200, color: false });
  }

  it("has a table with what is known, unknown and not paid for", async () => {
    const text = await summary("text");
    const [head, row, ...notes] = text.slice(text.indexOf("Cost of answers, US dollars\n")).split("\n").slice(1);
    expect(head).toMatch(/^system +context +answers +unknown +cost +per 1000 questions +per right answer \(EM\)$/);
    expect(row).toMatch(/^An \| LLM +rag@3 +34 +1 +\$0\.069 +\$2\.03 \[1\.7\d, 2\.3\d\] +\$0\.\d+ \[0\.\d+, 0\.\d+\]$/);
    expect(notes.join("\n")).toContain("Prices of 2026-05-31");
    expect(notes.join("\n")).toContain("The cost of 1 is unknown (failed, or no tokens counted) and in no figure.");
    expect(notes.join("\n")).toContain(
      "5 answers from the cache or a file, in no figure of cost or latency; the rates are of the other 34.",
    );
  });

  it("has the same table in Markdown, with no markup from outside", async () => {
    const text = await summary("markdown");
    expect(text).toContain("### Cost of answers, US dollars");
    expect(text).toMatch(/\| An &#124; LLM \| rag&#64;3 \| 34 \| 1 \| \$0\.069 \| \$2\.03 /);
  });

  it("has a line per figure in CSV, as wide as the others", async () => {
    const lines = (await summary("csv")).trim().split("\r\n");
    expect(new Set(lines.map((line) => line.split(",").length)).size).toBe(1);
    const rows = lines.filter((line) => line.includes(",usd")).map((line) => line.split(",").slice(6, 9));
    expect(rows.map(([metric]) => metric)).toEqual(["usd", "usd per 1000 questions", "usd per right answer (EM)"]);
    expect(Number(rows[0]![1])).toBeCloseTo(0.069, 12);
    expect(rows[0]![2]).toBe("");
    expect(Number(rows[1]![2])).toBeLessThan(2.029);
  });

  it("is in JSON as it is computed", async () => {
    const json = JSON.parse(await summary("json"));
    const [row] = json.suites[0].tables[0].parts.find(({ kind }: { kind: string }) => kind === "answers").rows;
    expect(row).toMatchObject({ cached: 5, cost: { known: 34, unknown: 1, free: 5, priceOn: "2026-05-31" } });
  });
});
