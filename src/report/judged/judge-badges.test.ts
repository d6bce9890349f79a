import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import type { Calibration } from "../../runlog/index.ts";
import { buildSite } from "../build-site.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { JUDGE, judgeRun, madeCalibration } from "../testing/judged-run.ts";
import type { JudgeBadges } from "./judge-badges.ts";

const assets = fileURLToPath(new URL("../../../reports/templates", import.meta.url));
const HEAD = { judge: { ...JUDGE, title: "The judge", config: {} } };

async function graded(head: Parameters<typeof judgeRun>[2] = { head: HEAD }): Promise<string> {
  const run = await answeredRun({ a: { "rag@2": "1" }, b: { "rag@2": "0" } }, ["rag@2"]);
  return judgeRun(run, { "a rag@2": [3, 2], "b rag@2": "failed" }, head);
}

/** What the pages of questions load: the badges of a run's judges, and its first questions. */
async function site(run: string, out: string, calibration?: Calibration) {
  const calibrations = new Map(calibration && [["j", calibration]]);
  await buildSite({ runs: [run], out, assets, generatedAt: "2026-06-01", calibrations, code: "this code" });
  const piece = async <T>(name: string): Promise<T> => {
    let got: unknown;
    const plumbline = { piece: (_: string, value: unknown) => (got = value) };
    new Function("plumbline", await readFile(join(out, "runs/r/data", name), "utf8"))(plumbline);
    return got as T;
  };
  return { badges: await piece<JudgeBadges[]>("judges.js"), piece };
}

/** Meets all that is asked of it. */
const met = madeCalibration({ thresholds: [] });

describe("the badge beside a judge's single grades", () => {
  it("stands once for the run, keyed by the judge that each grade names", async () => {
    const { badges, piece } = await site(await graded(), await tempFolder(), met);
    expect(badges).toMatchObject([{ id: "j", name: "The judge" }]);
    const [badge, ...others] = badges[0]!.badges;
    expect(others).toEqual([]);
    expect(badge).toMatchObject({ state: "calibrated", good: true, href: "judges/j.html" });
    expect(badge!.says).toMatch(/^correctness: calibrated: exact \.810, .*; clear: calibrated: exact \.900/);
    const questions = await piece<{ results: { grades: { judge: string }[] }[] }[]>("q0000.js");
    expect(
      questions.flatMap(({ results }) => results.flatMap(({ grades }) => grades.map(({ judge }) => judge))),
    ).toEqual(["j", "j"]);
    expect(JSON.stringify(questions)).not.toContain("calibrated");
  });

  it("names the criteria where they were not measured equally well", async () => {
    const { badges } = await site(await graded(), await tempFolder(), madeCalibration());
    expect(badges[0]!.badges).toMatchObject([
      { state: "correctness: calibrated", good: true },
      { state: "clear: misses thresholds", good: false },
    ]);
  });

  it("says that a judge is uncalibrated, that its calibration is of another version, or that people gave the grades", async () => {
    const states = async (run: string, calibration?: Calibration) =>
      (await site(run, await tempFolder(), calibration)).badges[0]!.badges.map(({ state, good, says }) => [
        ...[state, good],
        says,
      ]);
    const run = await graded();
    expect(await states(run)).toEqual([["uncalibrated", false, "uncalibrated"]]);
    const stale = { ...met, judge: { ...JUDGE, sha256: "7".repeat(64) } };
    expect(await states(run, stale)).toEqual([["stale", false, expect.stringContaining("calibrated on 2026-05-31")]]);
    const people = { raters: 3, files: [], agreement: [] };
    expect(await states(await graded({ head: { ...HEAD, people } }))).toEqual([["people", true, "labels of 3 people"]]);
  });

  it("is another after the judge was calibrated, in a site that keeps what has not changed", async () => {
    const [run, out] = [await graded(), await tempFolder()];
    const state = async (calibration?: Calibration) =>
      (await site(run, out, calibration)).badges[0]!.badges.map(({ state }) => state);
    expect(await state()).toEqual(["uncalibrated"]);
    expect(await state()).toEqual(["uncalibrated"]);
    expect(await state(met)).toEqual(["calibrated"]);
  });

  it("is not there for a run that no judge graded", async () => {
    const run = await answeredRun({ a: { "rag@2": "1" } }, ["rag@2"]);
    expect((await site(run, await tempFolder())).badges).toEqual([]);
  });
});
