import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type Calibration, type CorrectedMean, calibrationNote } from "../../runlog/index.ts";
import { buildSite } from "../build-site.ts";
import { formatSummary } from "../summary/summary-format.ts";
import type { SummaryFormat } from "../summary/summary-formats.ts";
import { summarise } from "../summary.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { JUDGE, judgeRun, type MadeGrades, madeCalibration } from "../testing/judged-run.ts";

const assets = fileURLToPath(new URL("../../../reports/templates", import.meta.url));
const CORRECTED: CorrectedMean = {
  ...{ column: "j/correctness", condition: "rag@2", answers: 5, labels: 3, failed: 0, judge: 1.8 },
  corrected: { value: 1.5, n: 3, low: 1.1, high: 1.9, method: "prediction-powered" },
  labelsAlone: { value: 1.4, n: 3, low: 0.7, high: 2.1, method: "labels-alone" },
  ...{ lambda: 0.7, width: "narrower", effectiveLabels: 4.2 },
};
/** Five answers with grades and one that the judge failed on. */
async function judged(): Promise<string> {
  const answers = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((id, i) => [id, { "rag@2": String(i % 2) }]));
  const run = await answeredRun(answers, ["rag@2"]);
  const grades: MadeGrades = {
    "a rag@2": [3, 2],
    "b rag@2": [1, 3],
    "c rag@2": [0, 2],
    "d rag@2": [2, 2],
    "e rag@2": [3, 3],
    "f rag@2": "failed",
  };
  return judgeRun(run, grades, { corrected: [CORRECTED] });
}

const calibrated = (changes: Partial<Calibration> = {}) => new Map([["j", madeCalibration(changes)]]);
const shown = async (format: SummaryFormat, calibrations = calibrated(), columns = 160) =>
  formatSummary(await summarise([await judged()], { calibrations }), format, { columns, color: false });
const stale = () => calibrated({ judge: { ...JUDGE, sha256: "7".repeat(64) } });

describe("a judge's columns in the tables", () => {
  it("say in their heads when the judge is uncalibrated or stale, and below the table what is known", async () => {
    expect(await shown("text", new Map())).toContain("j/correctness (uncalibrated)");
    expect(await shown("text", stale())).toContain("j/correctness (stale)");
    const text = await shown("text");
    expect(text).not.toContain("(calibrated)");
    expect(text).toContain("j/correctness (n=5, 1 unscored)");
    expect(text).toContain("j/clear (misses thresholds)");
    expect(text).toContain("j/correctness: calibrated: exact .810, quadratic κ .620, n 300, 2026-05-31");
  });

  it("say when the judge's model plays another part too", async () => {
    const own = { ...JUDGE, config: {}, selfPreference: [{ role: "contestant" as const, model: "m", of: "raft-8b" }] };
    const dir = await judged();
    await judgeRun(dir, { "a rag@2": [3, 3], "b rag@2": [1, 2] }, { head: { judge: own } });
    const text = formatSummary(await summarise([dir], { calibrations: calibrated() }), "text", {
      columns: 400,
      color: false,
    });
    expect(text).toContain("its model also gave the answers of raft-8b, and models tend to prefer their own");
    expect(await shown("text")).not.toContain("prefer their own");
  });

  it("stand beside the worst and best case of unscored answers and the mean corrected by labels", async () => {
    const text = await shown("text");
    expect(text).toMatch(/worst to best case\s+corrected by people\s+labels/);
    // Grades 3, 1, 0, 2, 3 and an open one.
    expect(text).toMatch(/j\/correctness +1\.80 \[.+?\] +1 +1\.50 to 2\.00 +1\.50 \[1\.10, 1\.90\] +3/);
    const markdown = await shown("markdown");
    expect(markdown).toContain("### Judges");
    expect(markdown).toContain("1.50 to 2.00");
  });

  it("are whole in CSV: every line has every field", async () => {
    const rows = parse(await shown("csv"), { columns: true }) as Record<string, string>[];
    expect(rows.find(({ metric }) => metric === "j/correctness")).toMatchObject({
      ...{ calibration: "calibrated", worst: "1.5", best: "2", grades: "0:1 1:1 2:1 3:2", p90: "3" },
      ...{ corrected: "1.5", corrected_low: "1.1", corrected_high: "1.9", labels: "3" },
    });
    expect(Number(rows.find(({ metric }) => metric === "j/correctness")!.variance)).toBeCloseTo(1.7, 12);
    expect(rows.find(({ metric }) => metric === "EM")).toMatchObject({ calibration: "", worst: "", labels: "" });
  });

  it("go through JSON unchanged", async () => {
    const summary = await summarise([await judged()], { calibrations: calibrated() });
    expect(JSON.parse(formatSummary(summary, "json", { columns: 80, color: false }))).toEqual(summary);
    const answers = summary.suites[0]!.tables[0]!.parts.find(({ kind }) => kind === "answers")!;
    const at = answers.metrics.findIndex(({ name }) => name === "j/correctness");
    expect(answers.metrics[at]!.judge).toMatchObject({ id: "j", calibration: { state: "calibrated", exact: 0.81 } });
    expect(answers.rows[0]!.cells[at]!.judged).toMatchObject({ bounds: { unscored: 1 }, corrected: CORRECTED });
  });

  it("know nothing of a correction of another log or another version of the judge", async () => {
    const run = await answeredRun({ a: { "rag@2": "1" }, b: { "rag@2": "0" } }, ["rag@2"]);
    await judgeRun(run, { "a rag@2": [1, 1] }, { corrected: [CORRECTED] });
    const kept = join(run, "grades", (await readdir(join(run, "grades"))).find((name) => name.endsWith(".json"))!);
    const own = JSON.parse(await readFile(kept, "utf8"));
    for (const changed of [
      { ...own, log: "0".repeat(64) },
      { ...own, judge: { ...own.judge, sha256: "0".repeat(64) } },
    ]) {
      await writeFile(kept, JSON.stringify(changed));
      expect(formatSummary(await summarise([run]), "text", { columns: 160, color: false })).not.toContain("corrected");
    }
    await writeFile(kept, "{");
    await expect(summarise([run])).rejects.toThrow("E_CORRECTION");
  });
});

describe("the site", () => {
  const built = async (calibrations?: ReadonlyMap<string, Calibration>) => {
    const out = await tempFolder();
    const { pages } = await buildSite({
      ...{ runs: [await judged()], out, assets, generatedAt: "2026-06-01" },
      ...(calibrations && { calibrations }),
    });
    return { pages, read: (path: string) => readFile(join(out, path), "utf8") };
  };

  it("badges a judge's columns and leads to the data sheet of its calibration", async () => {
    const { pages, read } = await built(calibrated());
    expect(pages).toContain("judges/j.html");
    expect(await read("index.html")).toContain('href="judges/j.html" title="calibrated: exact .810');
    expect(await read("runs/r/index.html")).toContain('href="../../judges/j.html"');
    expect(await read("index.html")).toMatch(/class="badge gold" href="judges\/j\.html"[^>]*>calibrated</);
    expect(await read("index.html")).toMatch(/class="badge" href="judges\/j\.html"[^>]*>misses thresholds</);
    const none = await built();
    expect(await none.read("index.html")).toContain('<a class="badge" href="judges/j.html" title="uncalibrated">');
    expect(await none.read("judges/j.html")).toContain("Uncalibrated: nobody has compared this judge with people");
  });

  it("shows on a run's page how grades are spread, as a picture and in words, and raw beside corrected", async () => {
    const page = await (await built(calibrated())).read("runs/r/index.html");
    expect(page).toContain("Grades of judges");
    expect(page).toContain('<span class="unseen">0: 1, 1: 1, 2: 1, 3: 2</span>');
    expect(page.match(/<rect class="column"/g)!.length).toBeGreaterThanOrEqual(4);
    expect(page).toContain("1.50 to 2.00");
    const list = await (await built()).read("runs/r/data/list.js");
    expect(list).toContain(String.raw`\"title\":\"j: correctness\"`);
    expect(page).toMatch(/1\.50 \[1\.10, 1\.90\]<small>3 labels/);
    expect(page).toContain("they alone 1.40 [0.700, 2.10]");
  });

  it("has on the data sheet every figure with interval and words, the ceiling, bias, thresholds and versions", async () => {
    const page = await (await built(calibrated())).read("judges/j.html");
    for (const said of [
      "Of 100 answers 81 get the grade that people gave.",
      '<span class="n">.810</span> <span class="ci">[.760, .850]</span>',
      ".860 [.800, .920]",
      "Not estimable: all grades are equal.",
      "points more than people give: generous.",
      "&lt;b&gt;own&lt;/b&gt;</bdi> is graded too well.",
      "Bias by system",
      'class="badge gold">met',
      'class="badge failed">missed',
      `sha256 ${JUDGE.sha256}`,
    ])
      expect(page).toContain(said);
    expect(page).toMatch(/class="cell shade-4">.*?<title>people [^:]*: 70 of 90 \(78 %\)</);
    expect(page).not.toContain("<b>own");
    expect(page).not.toContain("Stale:");
    expect(page).not.toMatch(/style="|NaN|undefined/);
  });

  it("warns on the data sheet that the grades are of another version", async () => {
    expect(await (await built(stale())).read("judges/j.html")).toContain(
      "<b>Stale:</b> grades on this site were given by",
    );
  });

  it("keeps a judge's page inside the site, whatever the judge is called", async () => {
    const run = await answeredRun({ a: { "rag@2": "1" }, b: { "rag@2": "0" } }, ["rag@2"]);
    const evil = { ...JUDGE, id: "../../up" };
    await judgeRun(run, { "a rag@2": [1, 1] }, { head: { judge: { ...evil, config: {} } } });
    const out = join(await tempFolder(), "deep", "site");
    const calibrations = new Map([["../../up", madeCalibration({ judge: evil })]]);
    const { pages } = await buildSite({ runs: [run], out, assets, generatedAt: "", calibrations });
    expect(pages).toContain("judges/..%2F..%2Fup.html");
    expect(calibrationNote([], calibrations).state).toBe("uncalibrated");
  });

  it("says of people's labels what they are: no calibration, no probes, nothing lost where nobody labelled", async () => {
    const agreement = [
      { criterion: "correctness", alpha: { value: 0.72, low: 0.6, high: 0.8, n: 4, method: "made" } },
      { criterion: "clear", alpha: { reason: "one person labelled", n: 0 } },
    ];
    const run = await answeredRun({ a: { "rag@2": "1" }, b: { "rag@2": "0" }, c: { "rag@2": "0" } }, ["rag@2"]);
    await judgeRun(
      run,
      { "a rag@2": [3, 1], "b rag@2": [0, 1] },
      {
        head: {
          judge: { ...JUDGE, id: "team", title: "The <b>team</b>", config: {} },
          people: { raters: 3, files: [], agreement },
        },
      },
    );
    const out = await tempFolder();
    await buildSite({ runs: [run], out, assets, generatedAt: "2026-06-01" });
    const read = (path: string) => readFile(join(out, path), "utf8");
    const sheet = await read("judges/team.html");
    for (const said of [
      "Do people agree?",
      "<b>3</b> people",
      ".720 [.600, .800]",
      "What they labelled",
      "The &lt;b&gt;team",
    ])
      expect(sheet).toContain(said);
    for (const unsaid of ["Uncalibrated", "Not probed", "Judge The", "<b>team"]) expect(sheet).not.toContain(unsaid);
    const board = await read("index.html");
    expect(board).toMatch(
      /class="badge gold" href="judges\/team\.html" title="labels of 3 people, who agree at Krippendorff[^"]*α \.720">people</,
    );
    expect(board).toContain("n 2, 1 unscored");
    expect(board).not.toContain("no grade of team");
    expect(await read("judges.html")).toContain("people themselves");
    const list = await read("runs/r/grades/team.html");
    for (const said of ["labelled by", "<b>2</b> answers with a label", "<b>1</b> not labelled", "data-people"])
      expect(list).toContain(said);
    expect(list).not.toContain("bench calibrate --judge team");
  });
});
