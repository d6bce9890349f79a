import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import type { Calibration } from "../../runlog/index.ts";
import { buildSite } from "../build-site.ts";
import { calibrationView } from "../calibration/calibration-view.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { judgeRun, madeCalibration } from "../testing/judged-run.ts";
import { sheetAgreement, sheetBadge } from "./sheet-badge.ts";

const assets = fileURLToPath(new URL("../../../reports/templates", import.meta.url));

async function site(calibration?: Calibration) {
  const run = await answeredRun({ a: { "rag@2": "1" }, b: { "rag@2": "0" } }, ["rag@2"]);
  await judgeRun(run, { "a rag@2": [3, 2], "b rag@2": [1, 2] });
  const out = await tempFolder();
  const calibrations = new Map(calibration && [["j", calibration]]);
  await buildSite({ runs: [run], out, assets, generatedAt: "2026-06-01", calibrations });
  return (path: string) => readFile(join(out, path), "utf8");
}

describe("the badge of a judge as a whole", () => {
  it("says whether it was measured, is still the one measured, and is as good as its file asks", () => {
    const met = madeCalibration({ thresholds: [] });
    expect(sheetBadge(undefined)).toEqual({ state: "uncalibrated", good: false });
    expect(sheetBadge(met)).toEqual({ state: "calibrated", good: true });
    expect(sheetBadge(madeCalibration())).toEqual({ state: "misses thresholds", good: false });
    expect(sheetBadge(madeCalibration(), { stale: true })).toEqual({ state: "stale", good: false });
    expect(sheetBadge(undefined, { people: true })).toEqual({ state: "people", good: true });
  });

  it("stands beside the title of the data sheet with κ and what people reach among themselves", async () => {
    const figure = (value: number) => ({ value, n: 80, low: value - 0.1, high: value + 0.1, method: "made" });
    const made = madeCalibration({ thresholds: [] });
    const criteria = [
      { ...made.criteria[0]!, ceiling: { raters: 2, n: 80, figures: { quadratic_kappa: figure(0.71) } } },
    ];
    expect(sheetAgreement(made).map(({ ceiling }) => ceiling)).toEqual(["—", "—"]);
    const sheet = await (await site({ ...made, criteria }))("judges/j.html");
    expect(sheet).toMatch(/<h1>Judge <bdi>j<\/bdi> <span class="badge gold">calibrated<\/span>/);
    expect(sheet).toContain("quadratic κ with people <b>.620 [.540, .690]</b>");
    expect(sheet).toContain("people among themselves <b>.710</b>");
    expect(await (await site())("judges/j.html")).toContain('<span class="badge">uncalibrated</span>');
  });
});

describe("the data sheet of a judge", () => {
  it("has links whose words are those of the headings they lead to", async () => {
    const sheet = await (await site(madeCalibration()))("judges/j.html");
    const jump = /<nav class="jump".*?<\/nav>/s.exec(sheet)![0];
    const links = [...jump.matchAll(/<a href="#(\w+)">(.*?)<\/a>/g)];
    expect(links.length).toBeGreaterThan(3);
    for (const [, id, words] of links) expect(sheet).toContain(`id="${id}"><h2>${words}</h2>`);
  });

  it("writes means on a scale from 0 to 1 as every table does", () => {
    const made = madeCalibration();
    const means = [{ system: "s", judge: 0.5, people: 0.807, answers: 301 }];
    const yesNo = made.criteria.map((criterion) => ({ ...criterion, scale: [0, 1] }));
    const view = calibrationView({ ...made, criteria: yesNo, systems: { ...made.systems!, means } });
    expect(view.systems!.rows[0]).toMatchObject({ people: ".807", judge: ".500" });
    expect(calibrationView(made).systems!.rows[0]).toMatchObject({ people: "2.10", judge: "2.40" });
  });
});

describe("the page of a calibrated judge's grades", () => {
  it("does not say that nobody labelled where the labels of the calibration are not kept in the run", async () => {
    const page = await (await site(madeCalibration()))("runs/r/grades/j.html");
    expect(page).toContain("The labels that this judge was calibrated with are not kept in this run");
    expect(page).toContain("<code>bench calibrate --judge j --labels FILE</code>, once more");
    for (const against of ["labelled by people", "No answer has a label"]) expect(page).not.toContain(against);
    expect(await (await site())("runs/r/grades/j.html")).toContain("<b>0</b> labelled by people");
  });
});
