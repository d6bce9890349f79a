import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { HistoryWalk } from "../../gate/index.ts";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { openRun, type Run } from "../../runlog/index.ts";
import { loadTemplates } from "../pages/templates.ts";
import { judgeRun } from "../testing/judged-run.ts";
import { type MadeRun, makeRun } from "../testing/made-run.ts";
import { chooseSeries, type SeriesChoice } from "./choose-series.ts";
import { collectHistory } from "./collect-history.ts";
import { formatHistory } from "./format-history.ts";
import { historyPage } from "./history-page.ts";
import { historyPages } from "./history-pages.ts";
import type { HistoryTable } from "./history-table.ts";
import { historyView } from "./history-view.ts";

const assets = fileURLToPath(new URL("../../../reports/templates", import.meta.url));

/** Runs of one system, a day apart. */
async function made(...runs: readonly Partial<MadeRun>[]): Promise<Run[]> {
  const folder = await tempFolder();
  const opened: Run[] = [];
  for (const [i, run] of runs.entries()) {
    const dir = await makeRun(folder, {
      run: `r${i + 1}`,
      system: "vendor",
      skill: 0.6,
      metrics: ["R@4", "EM"],
      conditions: ["rag@3"],
      startedAt: `2026-03-${String(i + 1).padStart(2, "0")}T10:00:00.000Z`,
      ...run,
    });
    opened.push(await openRun(dir));
  }
  return opened;
}

async function collected(runs: readonly Run[], last?: number, choice?: SeriesChoice): Promise<HistoryTable> {
  return collectHistory(chooseSeries(runs, choice), { walk: new HistoryWalk({ horizon: 5 }), last });
}

/** A system whose every answer turns wrong at the third run. */
const broken = [{}, {}, { answer: () => "nothing of the kind" }, { answer: () => "nothing of the kind" }] as const;

describe("chooseSeries", () => {
  it("takes the finished runs of the newest protocol, oldest first, and names the others with what differs", async () => {
    const runs = await made(
      { protocolFields: { prompt: "p0", k: 3 } },
      {},
      { interrupted: true },
      { protocolFields: { prompt: "p0", k: 3 } },
      {},
    );
    const { runs: chosen, others, interrupted } = chooseSeries(runs.toReversed());
    expect(chosen.map(({ manifest }) => manifest.run)).toEqual(["r2", "r5"]);
    expect(interrupted).toEqual(["r3"]);
    expect(others).toMatchObject([
      {
        runs: ["r1", "r4"],
        differs: [
          { field: "prompt", here: '"p1"', there: '"p0"' },
          { field: "k", here: "(none)", there: "3" },
        ],
      },
    ]);
  });

  it("takes the protocol that is asked for, by how its hash begins", async () => {
    const runs = await made({ protocolFields: { prompt: "p0" } }, {});
    const wanted = runs[0]!.manifest.protocol;
    for (const protocol of [wanted, wanted.slice(0, 15), wanted.slice(7, 15)])
      expect(chooseSeries(runs, { protocol }).runs.map(({ manifest }) => manifest.run)).toEqual(["r1"]);
    expect(chooseSeries(runs, { protocol: "none" })).toEqual({ runs: [], others: [], interrupted: [] });
  });

  it("takes protocols for one that differ in their questions alone, if asked", async () => {
    const runs = await made({ protocolFields: { questions: "q0" } }, { protocolFields: { questions: "q1" } });
    expect(chooseSeries(runs).runs).toHaveLength(1);
    expect(chooseSeries(runs, { shared: true }).runs).toHaveLength(2);
  });

  it("counts a copy of a run once", async () => {
    const [run] = await made({});
    expect(chooseSeries([run!, { ...run!, dir: "/elsewhere" }]).runs).toHaveLength(1);
  });
});

describe("collectHistory", () => {
  it("has an estimate per run, metric and context with its counts, and what changed", async () => {
    const table = await collected(await made(...broken.slice(0, 3), { answer: () => "nothing", failAt: [1] }));
    expect(table).toMatchObject({ suite: "handbook", system: "vendor", alpha: 0.05, horizon: 5, from: 1 });
    expect(
      table.metrics.map(({ metric, condition, points }) => [metric, condition, points.map(({ run }) => run)]),
    ).toEqual([
      ["R@4", "retrieval", [1, 2, 3, 4]],
      ["EM", "rag@3", [1, 2, 3, 4]],
    ]);
    const [retrieval, em] = table.metrics;
    expect(retrieval!.points.every(({ refused, change }) => refused === undefined && change === undefined)).toBe(true);
    expect(em!.points.map(({ change }) => change)).toEqual([
      undefined,
      undefined,
      { verdict: "worse", kind: "step", since: "r2" },
      undefined,
    ]);
    expect(em!.points[3]).toMatchObject({ estimate: { failed: 1 }, previous: { against: "r3" } });
    expect(em!.points[0]!.refused).toBeGreaterThan(0);
  });

  it("refuses a metric that no run has, with the nearest name", async () => {
    const series = chooseSeries(await made({}, {}));
    const asked = collectHistory(series, { walk: new HistoryWalk(), metrics: ["EM", "EN"], conditions: ["rag@33"] });
    await expect(asked).rejects.toThrow(
      /metric EN[\s\S]*did you mean "EM"\?[\s\S]*condition rag@33[\s\S]*did you mean "rag@3"\?/,
    );
  });

  it("needs a run", async () => {
    await expect(collectHistory(chooseSeries([]), { walk: new HistoryWalk() })).rejects.toThrow("at least one run");
  });
});

describe("a history in", () => {
  it("text names runs by number, says what changed, and on what the verdicts rest", async () => {
    const text = formatHistory(await collected(await made(...broken)), "text", 200);
    expect(text).toMatch(/^suite {5}handbook\nsystem {4}vendor \(vendor\)\nprotocol {2}[0-9a-f]{8}, 4 runs\n/);
    expect(text).toMatch(/EM rag@3 ↑\nrun +started +mean/);
    expect(text).toMatch(/#3 +2026-03-03 .* worse\n/);
    expect(text).toContain("  EM rag@3: #3 is worse; changed with it: nothing that the run folders record\n");
    expect(text).toMatch(/at most 5\u00a0% over\s5 runs/);
  });

  it("text shows the last runs alone, under their numbers, and says so", async () => {
    const text = formatHistory(await collected(await made(...broken), 2), "text", 200);
    expect(text).toContain("4 runs, from #3 on");
    expect(text.match(/^#\d(?= +2026)/gm)).toEqual(["#3", "#4", "#3", "#4"]);
    const json = JSON.parse(formatHistory(await collected(await made(...broken), 2), "json", 80)) as HistoryTable;
    expect(json.metrics.map(({ points }) => points.map(({ run }) => run))).toEqual([
      [3, 4],
      [3, 4],
    ]);
  });

  it("text and markdown make hostile names harmless", async () => {
    const hostile = { title: "</td><script>\u001b[2J\u202e|" };
    const table = await collected(await made({ ...hostile }, { ...hostile, run: "r\u001b[1m" }));
    expect(formatHistory(table, "text", 100)).not.toMatch(/[\u001b\u202e]/);
    expect(formatHistory(table, "markdown", 100)).not.toMatch(/<script|\u001b/);
  });

  it("markdown has a table per metric and the changes as a list", async () => {
    const text = formatHistory(await collected(await made(...broken)), "markdown", 80);
    expect(text).toContain("### vendor on handbook\n");
    expect(text).toMatch(/\n- EM rag&#64;3&#58; &#35;&#8203;3 is worse/);
    expect(text.match(/^\| run \|/gm)).toHaveLength(2);
  });

  it("CSV has a line per run, metric and context with full precision", async () => {
    const lines = formatHistory(await collected(await made(...broken)), "csv", 80)
      .trimEnd()
      .split("\r\n");
    expect(lines).toHaveLength(1 + 4 * 2);
    const heads = lines[0]!.split(",");
    const third = lines.find((line) => line.includes(",r3,") && line.includes(",EM,"))!.split(",");
    expect(third).toHaveLength(heads.length);
    expect([
      third[heads.indexOf("change")],
      third[heads.indexOf("since")],
      third[heads.indexOf("reference_run")],
    ]).toEqual(["worse", "r2", "r1"]);
  });
});

describe("what a judge scores over time", () => {
  it("is told with how far the judge was measured against people, in every format and on the page", async () => {
    const runs = await made({}, {});
    const grades = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`q${i + 1} rag@3`, [i % 4, 2] as const]));
    for (const { dir } of runs) await judgeRun(dir, grades);
    const table = await collected(runs);
    expect(formatHistory(table, "text", 160)).toMatch(/^j\/composite, j\/correctness, j\/clear: uncalibrated$/m);
    expect(formatHistory(table, "markdown", 160)).toMatch(
      /^- j\/composite, j\/correctness, j\/clear&#58; uncalibrated$/m,
    );
    expect(formatHistory(table, "csv", 160)).toMatch(/,j\/correctness,.*,uncalibrated,/);
    expect(JSON.parse(formatHistory(table, "json", 160)).metrics).toContainEqual(
      expect.objectContaining({ metric: "j/clear", judged: expect.objectContaining({ group: "judged" }) }),
    );
    const page = await historyPage(table, { assets, generatedAt: "", command: "" });
    expect(page).toContain('<bdi>j/correctness</bdi> <bdi>rag@3</bdi> ↑ <span class="badge" title="uncalibrated">');
    expect(page).not.toContain('<bdi>EM</bdi> <bdi>rag@3</bdi> ↑ <span class="badge');
    expect(page).toContain('<p class="hint">The judge: uncalibrated.</p>');
    const render = await loadTemplates(assets);
    const linked = render("history", { ...historyView(table, true), root: "../../../", generatedAt: "" });
    expect(linked).toContain('<p class="hint"><a href="../../../judges/j.html">The judge</a>: uncalibrated.</p>');
  });
});

describe("the page of a history", () => {
  it("has pictures with the changes, the runs, and a table per metric; what changed is open", async () => {
    const page = await historyPage(await collected(await made(...broken)), {
      assets,
      generatedAt: "then",
      command: "bench history",
    });
    expect(page).toContain('<span class="mark worse"><bdi>EM rag@3: #3 is worse</bdi></span>');
    expect(page.match(/<svg/g)!.length).toBeGreaterThanOrEqual(2);
    expect(page).toMatch(/<details class="columns series" open><summary><bdi>EM<\/bdi>/);
    expect(page).toMatch(/<details class="columns series"><summary><bdi>R@4<\/bdi>/);
    // A closed table says what its last run says.
    expect(page).toMatch(/<bdi>R@4<\/bdi>.* <small>#\d+ [.\d]+ \[[.\d]+, [.\d]+\], .* against the run before: /);
    expect(page).not.toMatch(/<script|https?:(?!\/\/www\.w3\.org\/)|\sstyle="/);
  });

  it("is made for each protocol of a system with two runs or more", async () => {
    const runs = await made({}, {}, { protocolFields: { prompt: "p0" } }, { interrupted: true });
    const other = await made({ run: "o1", system: "../x" }, { run: "o2", system: "../x" });
    const pages = historyPages([...runs, ...other], () => new HistoryWalk());
    expect(pages.map(({ path, runs: shown }) => [path.replace(/[0-9a-f]{8}\.html$/, "…"), shown.length])).toEqual([
      ["history/handbook/vendor/…", 2],
      ["history/handbook/..%2Fx/…", 2],
    ]);
    expect(pages[1]!.href).toContain("/..%252Fx/");
    const view = await pages[0]!.view();
    expect(view.others).toHaveLength(1);
    expect(view.notes).toEqual(["r4 was interrupted and is left out"]);
  });

  it("tells the accepted run, and its key depends on which that is", async () => {
    const runs = await made({}, {}, {});
    const page = (accepted: readonly string[]) =>
      historyPages(runs, (set) => new HistoryWalk({ accepted: set }), { accepted: new Set(accepted) })[0]!;
    expect((await page(["r2"]).view()).runs.map(({ accepted }) => accepted)).toEqual([false, true, false]);
    expect(page(["r2"]).besides).toEqual(page(["r2", "elsewhere"]).besides);
    expect(page(["r2"]).besides).not.toEqual(page(["r1"]).besides);
  });
});
