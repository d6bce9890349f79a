import { join } from "node:path";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { formatSummary } from "../summary/summary-format.ts";
import type { SummaryFormat } from "../summary/summary-formats.ts";
import { summarise } from "../summary.ts";
import { type MadeLatency, makeLatency } from "../testing/made-latency.ts";
import { makeRun } from "../testing/made-run.ts";

/** The tables of two systems, of which the first has a latency pass. */
async function shownAs(format: SummaryFormat, columns: number, made?: MadeLatency): Promise<string> {
  const folder = await tempFolder();
  const common = { skill: 0.5, conditions: [], metrics: ["R@4"] };
  const runs = [
    await makeRun(folder, { run: "r1", system: "dense", ...common }),
    await makeRun(folder, { run: "r2", system: "plain", ...common }),
  ];
  if (made) await makeLatency(join(folder, "r1"), made);
  return formatSummary(await summarise(runs), format, { columns, color: false });
}

const text = (columns: number, made?: MadeLatency): Promise<string> => shownAs("text", columns, made);

describe("the terminal's latency tables", () => {
  it("show percentiles of the whole and its stages, throughput, how it was measured and what stands against it", async () => {
    const shown = await text(160, {
      stages: ["encode", "search"],
      cachedAt: [3],
      failAt: [4],
      differentAt: [5],
      noThreads: "not put into threads: an endpoint encodes the questions (openai)",
    });
    expect(`\n${shown.slice(shown.indexOf("Retrieval"), shown.indexOf("\n\n*"))}`).toMatchInlineSnapshot(`
      "
      Retrieval
      system   n  failed  R@4 (n=35, 5 unscored)
      dense   40       0  .229 [.143, .314] ~
      plain   40       0  .271 [.186, .371] *

      Latency of retrieval
      system  part        n  p50                      p95                 p99
      dense   retrieval  38  1.3 ms [1.2 ms, 1.6 ms]  2.0 ms [1.9 ms, —]  2.1 ms [2.0 ms, —]
      dense   encode     38  763 µs [593 µs, 884 µs]  1.1 ms [996 µs, —]  1.2 ms [1.1 ms, —]
      dense   search     38  497 µs [430 µs, 909 µs]  1.1 ms [1.1 ms, —]  1.2 ms [1.1 ms, —]

      Throughput of retrieval
      system  batch  in the process          1 thread  2 threads  4 threads
      dense      32  1 255/s [1 067, 1 280]  —         —          —

      Questions per second: the median round [slowest, fastest]
      10 passages asked for, one question at a time after 100 to warm up; 95 % intervals by order statistics; linux x64, 2 processors, Node v20.20.2; 2026-03-02
      dense: questions that failed and have no latency: 1
      dense: searches that came from a cache and are in no figure: 1
      dense: 1 of 39 rankings were not those of the run's log
      dense: 1 thread, 2 threads, 4 threads: not put into threads: an endpoint encodes the questions (openai)"
    `);
  });

  it("say that every ranking was the same where it was", async () => {
    expect(await text(160, {})).toContain("Every ranking, in batches and threads too, was that of the run's log.");
  });

  it("stand in place of the latency that was measured while answering, which they never share a column with", async () => {
    const [without, alone] = [await text(160), await text(160, {})];
    expect(without).toMatch(/p50 +p95\n/);
    expect(without).not.toContain("Latency of retrieval");
    expect(alone.slice(0, alone.indexOf("Latency of retrieval"))).not.toContain("p50");
  });

  it.each([120, 80, 50])("have no line longer than %d columns", async (columns) => {
    for (const line of (await text(columns, { stages: ["encode"] })).split("\n")) {
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it("make hostile names of stages harmless", async () => {
    const shown = await text(120, { stages: ["\u001b[31m\u202eencode\n", "__proto__"] });
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    expect(shown).toContain("__proto__");
  });
});

describe("a latency pass in other forms", () => {
  const made: MadeLatency = { stages: ["encode|=", "search"], noThreads: "an endpoint", cachedAt: [3] };

  it("is a number a line in CSV, each with its unit, and nothing for what was not measured", async () => {
    const [heads, ...lines] = (await shownAs("csv", 80, made))
      .trimEnd()
      .split("\r\n")
      .map((l) => l.split(","));
    expect(new Set(lines.map(({ length }) => length))).toEqual(new Set([heads!.length]));
    const of = (name: string) => lines.map((line) => line[heads!.indexOf(name)]!);
    const at = (metric: string) => lines[of("metric").indexOf(metric)]!;
    const names = ["retrieval", "encode|=", "search"].flatMap((part) =>
      ["p50", "p95", "p99"].map((p) => `${part} ${p} (ms)`),
    );
    expect(of("metric")).toEqual(["R@4", ...names, "questions per second (in the process)", "R@4"]);
    const [value, low, high] = ["mean", "low", "high"].map((head) =>
      Number(at("retrieval p50 (ms)")[heads!.indexOf(head)]),
    );
    expect(low! < value! && value! < high!).toBe(true);
    expect(at("retrieval p50 (ms)").slice(heads!.indexOf("level"), heads!.indexOf("failed"))).toEqual([
      ...["0.95", "order-statistics"],
      ...["40", "39"],
    ]);
    expect(at("retrieval p99 (ms)")[heads!.indexOf("high")]).toBe("");
    expect(at("questions per second (in the process)")).toContain("slowest-fastest");
  });

  it("is two tables in Markdown, with what stands against it", async () => {
    const shown = await shownAs("markdown", 80, made);
    expect(shown).toContain("### Latency of retrieval\n\n| system | part | n | p50 | p95 | p99 |");
    expect(shown).toMatch(/^\| dense \| encode&#124;= \| 39 \| \d/m);
    expect(shown).toContain("### Throughput of retrieval");
    expect(shown).toContain("searches that came from a cache and are in no figure&#58; 1");
    expect(await shownAs("markdown", 80)).not.toContain("Latency");
  });
});
