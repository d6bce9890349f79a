import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import stringWidth from "string-width";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { summarise } from "../summary.ts";
import type { Summary } from "../summary-types.ts";
import { makeRun } from "../testing/made-run.ts";
import { formatSummary } from "./summary-format.ts";
import { terminalSummary } from "./terminal-summary.ts";

let folder: string;
let summary: Summary;
let hostile: Summary;
const SYSTEM = "a|b\u001b[31m\u202e=cmd()<b>*x*</b>\nline";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "terminal-"));
  const runs = [
    await makeRun(folder, { run: "r1", system: "bm25-reader", skill: 0.7, metrics: ["R@4", "EM", "F1"] }),
    await makeRun(folder, {
      run: "r2",
      system: "weak",
      skill: 0.1,
      failAt: [3],
      source: "replayed",
      metrics: ["R@4", "EM", "F1"],
    }),
    await makeRun(folder, { run: "r3", system: "late", skill: 0.5, interrupted: true, metrics: ["R@4", "EM", "F1"] }),
  ];
  summary = await summarise(runs);
  const evil = await makeRun(folder, { run: "=evil", system: SYSTEM, suite: "s\u0007</td>", skill: 0.5 });
  hostile = await summarise([evil]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (columns: number, color = false): string => terminalSummary(summary, { columns, color });

describe("terminalSummary", () => {
  it("shows systems by context with intervals, counts, and marks explained", () => {
    expect(`\n${text(160)}`).toMatchInlineSnapshot(`
      "
      The handbook suite
      handbook test: 40 questions, 80 passages; protocol e33245b1

      Retrieval
      system        n  failed  R@4 (n=35, 5 unscored)     p50     p95
      bm25-reader  40       0  .414 [.329, .500] *     0.8 ms  1.3 ms
      weak         40       0  .114 [.057, .200]            —       —

      Answers
      system       context   n  failed  refused  EM                   F1                      p50     p95
      bm25-reader  rag@3    40       0        4  .525 [.375, .671] ~  .600 [.450, .725] ~  344 ms  884 ms
      bm25-reader  rag@5    40       0        6  .650 [.495, .779] *  .750 [.625, .850] *  580 ms  1.05 s
      weak         rag@3    40       1        1  .025 [.004, .129]    .350 [.275, .425]         —       —
      weak         rag@5    40       1        2  .050 [.014, .165]    .375 [.287, .463]         —       —

      interrupted, not ranked: r3; go on with: bench run --suite handbook --system late --topk 3,5 --resume

      * best   ~ cannot be told apart from the best (paired randomization test, Holm over the column)
      [low, high]: 95 % interval. n: questions asked; a failed one scores the metric's floor, a refusal counts as no answer.
      "
    `);
  });

  it.each([200, 120, 80, 60, 50])("has no line longer than %d columns", (columns) => {
    for (const line of text(columns).split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  it("shows the same numbers in blocks where the terminal is narrow", () => {
    const numbers = (s: string) => [...s.matchAll(/\d?\.\d{3} \[.*?\]/g)].map(([m]) => m).sort();
    expect(numbers(text(50))).toEqual(numbers(text(200)));
  });

  it("colours only when told to, and colour changes nothing else", () => {
    expect(text(120)).not.toContain("\u001b");
    const colored = text(120, true);
    expect(colored).toContain("\u001b[32m");
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(text(120));
  });

  it("says why there is no estimate where a dash stands for one", async () => {
    const lone = await makeRun(folder, { run: "lone", system: "lone", skill: 0.5, questions: 1, metrics: ["F1"] });
    const shown = terminalSummary(await summarise([lone]), { columns: 160, color: false });
    expect(shown).toContain("— no estimate: a single sample shows no spread.");
    expect(text(160)).not.toContain("no estimate");
  });

  it("makes hostile names harmless", () => {
    const shown = terminalSummary(hostile, { columns: 100, color: false });
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    expect(shown).toContain("\\u001b");
  });

  it("says when there are no runs", () => {
    expect(terminalSummary({ suites: [] }, { columns: 80, color: false })).toBe("no runs\n");
  });
});

describe("formatSummary", () => {
  const format = (s: Summary, as: "json" | "csv" | "markdown") => formatSummary(s, as, { columns: 80, color: false });

  it("as json is the view model", () => {
    expect(JSON.parse(format(summary, "json"))).toEqual(summary);
  });

  it("as csv has a line per number with full precision", () => {
    const lines = format(summary, "csv").trimEnd().split("\r\n");
    expect(lines[0]!.split(",").slice(3, 10)).toEqual(["system", "run", "condition", "metric", "mean", "low", "high"]);
    expect(lines).toHaveLength(1 + 2 * 1 + 2 * 2 * 2);
    for (const line of lines.slice(1)) expect(line.split(",")).toHaveLength(32);
    const row = summary.suites[0]!.tables[0]!.parts[0]!.rows[0]!;
    const { estimate } = row.cells[0]!;
    expect(lines[1]).toContain(estimate.state === "estimated" ? String(estimate.mean) : "?");
  });

  it("as csv quotes what needs it and disarms formulas", () => {
    const csv = format(hostile, "csv");
    expect(csv).toContain("'=evil");
    expect(csv).toContain(`"a|b\u001b[31m\u202e=cmd()<b>*x*</b>\nline"`);
    const negative = format(summary, "csv");
    expect(negative).not.toContain("'-");
  });

  it("as markdown is a table that names cannot break", () => {
    const shown = format(hostile, "markdown");
    const rows = shown.split("\n").filter((line) => line.startsWith("| a"));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(row.split(" | ").length).toBe(rows[0]!.includes("rag@") || row.includes("rag") ? 8 : 5);
    expect(shown).not.toContain("<b>");
    expect(shown).not.toContain("\u001b");
  });

  it("as markdown marks the best and its ties, and says the n that differs", () => {
    const shown = format(summary, "markdown");
    expect(shown).toMatch(/\*\*\.\d{3} \\\[\.\d{3}, \.\d{3}\\\]\*\*/);
    expect(shown).toContain("### Retrieval");
    expect(shown).toContain("Interrupted, not ranked: r3");
  });

  it("as markdown says when there are no runs", () => {
    expect(format({ suites: [] }, "markdown")).toBe("No runs.\n");
  });
});
