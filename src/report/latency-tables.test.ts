import { join } from "node:path";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../lib/testing/temp-folder.ts";
import { summarise } from "./summary.ts";
import { terminalSummary } from "./terminal-summary.ts";
import { type MadeLatency, makeLatency } from "./testing/made-latency.ts";
import { makeRun } from "./testing/made-run.ts";

/** The terminal's text of two systems, of which the first has a latency pass. */
async function text(columns: number, made?: MadeLatency): Promise<string> {
  const folder = await tempFolder();
  const common = { skill: 0.5, conditions: [], metrics: ["R@4"] };
  const runs = [
    await makeRun(folder, { run: "r1", system: "dense", ...common }),
    await makeRun(folder, { run: "r2", system: "plain", ...common }),
  ];
  if (made) await makeLatency(join(folder, "r1"), made);
  return terminalSummary(await summarise(runs), { columns, color: false });
}

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
