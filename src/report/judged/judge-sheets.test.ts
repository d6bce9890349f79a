import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../lib/testing/temp-folder.ts";
import { type GradingHead, type JudgeProbes, openRun, pairsFile } from "../../runlog/index.ts";
import { buildSite, type SiteOptions } from "../build-site.ts";
import { answeredRun } from "../testing/answered-run.ts";
import { CRITERIA, JUDGE, judgeRun, madeCalibration } from "../testing/judged-run.ts";

const assets = fileURLToPath(new URL("../../../reports/templates", import.meta.url));

/** Ten answers, the first half right. */
const answered = () =>
  answeredRun(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`q${i}`, { "rag@2": i < 5 ? "1" : "0" }])), [
    "rag@2",
  ]);

async function site(runs: readonly string[], more: Partial<SiteOptions> = {}) {
  const out = await tempFolder();
  const { pages } = await buildSite({ runs, out, assets, generatedAt: "2026-06-01", ...more });
  const read = async (path: string) => (await readFile(join(out, path), "utf8")).replaceAll("&#x3D;", "=");
  return { pages, read };
}

const PROBES: JudgeProbes = {
  ...{
    kind: "judge-probes",
    schema: 1,
    judge: { id: "j", sha256: JUDGE.sha256 },
    run: "<i>r</i>",
    log: "0".repeat(64),
  },
  ...{ at: "2026-05-29T00:00:00.000Z", level: 0.95 },
  probes: [
    { id: "padding", title: "", expects: "grade does not rise", passed: 15, n: 20, noVerdict: 0, notApplicable: 5, rate: 0.75, low: 0.531, high: 0.888 }, // biome-ignore format: a row
    { id: "empty", title: "", expects: "lowest grade", passed: 24, n: 24, noVerdict: 1, notApplicable: 0, rate: 1, low: 0.862, high: 1 }, // biome-ignore format: a row
    { id: "order", title: "", expects: "same verdict", passed: 0, n: 0, noVerdict: 0, notApplicable: 25 },
    { id: "of-a-later-version", title: "<b>new</b>", expects: "x", passed: 1, n: 1, noVerdict: 0, notApplicable: 24, rate: 1, low: 0.2, high: 1 }, // biome-ignore format: a row
  ],
};

/** Verdicts on the answers of a run beside another's, `1` for the one shown first, written as `bench judge pairs` does. */
async function judgePairs(dir: string, against: string, verdicts: readonly (readonly [ab: number, ba: number])[]) {
  const { manifest, end } = await openRun(dir);
  const head: GradingHead = {
    ...{
      kind: "grading",
      schema: 1,
      run: manifest.run,
      log: end!.sha256,
      judge: { ...JUDGE, id: "pairwise", config: {} },
    },
    ...{ criteria: CRITERIA, repeats: 1, refusals: "apart", startedAt: "2026-05-30T00:00:00.000Z" },
    against: { run: against, log: "0".repeat(64), system: "<b>other</b>" },
  };
  const lines = verdicts.flatMap((pair, i) =>
    (["ab", "ba"] as const).map((order, at) => ({
      ...{ kind: "grade", query: `q${i}`, condition: "rag@2", trial: 0, repeat: 0, order },
      ...{ scores: { preference: pair[at]! }, reason: "", asked: 1 },
    })),
  );
  const path = pairsFile(dir, head.judge, against);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(""));
}

describe("the data sheet of a judge", () => {
  it("is there for a judge with probes and nothing else: what is done in words, pass rates, and what misled it", async () => {
    const { pages, read } = await site([await answered()], { judges: new Map([["j", { probes: PROBES }]]) });
    expect(pages).toEqual(expect.arrayContaining(["judges/j.html", "judges.html"]));
    const page = await read("judges/j.html");
    expect(page).toContain("The answer is made twice as long by sentences that say nothing.");
    expect(page).toContain("It was misled by: padding (5 of 20).");
    expect(page).toMatch(/15 of 20<\/td>.*?<span class="n">\.750<\/span> <span class="ci">\[\.531, \.888\]/);
    expect(page).toContain("no answer could be probed");
    expect(page).toContain("&lt;b&gt;new&lt;/b&gt;");
    expect(page).toContain("Uncalibrated: nobody has compared this judge with people");
    expect(page).not.toMatch(/<b>new|<i>r|Stale|NaN|undefined/);
    // Drawn: what has a rate.
    expect(page.match(/<circle/g)).toHaveLength(3);
    expect(await read("judges.html")).toContain("2 of 3");
  });

  it.each([
    [
      "the files of the judge",
      { now: "5".repeat(64), graded: JUDGE.sha256 },
      "the files of this judge are no longer those",
    ],
    [
      "the grades on the site",
      { now: JUDGE.sha256, graded: "5".repeat(64) },
      "grades on this site were given by another version",
    ],
  ])("marks probes and calibration stale when %s are of another version", async (_, { now, graded }, said) => {
    const run = await answered();
    await judgeRun(run, { "q1 rag@2": [1, 1] }, { head: { judge: { ...JUDGE, sha256: graded, config: {} } } });
    const { read } = await site([run], {
      calibrations: new Map([["j", madeCalibration()]]),
      judges: new Map([["j", { sha256: now, probes: PROBES }]]),
    });
    const page = await read("judges/j.html");
    expect(page.match(/<b>Stale:<\/b>/g)).toHaveLength(2);
    expect(page).toContain(`${said}`);
    expect(page).toContain("on 2026-05-31");
    expect(page).toContain("on 2026-05-29");
    const list = await read("judges.html");
    expect(list.match(/stale/g)).toHaveLength(2);
  });

  it("says nothing of stale figures where judge, grades, calibration and probes are of one version", async () => {
    const run = await answered();
    await judgeRun(run, { "q1 rag@2": [1, 1] });
    const { read } = await site([run], {
      calibrations: new Map([["j", madeCalibration()]]),
      judges: new Map([["j", { sha256: JUDGE.sha256, probes: PROBES }]]),
    });
    expect(await read("judges/j.html")).not.toMatch(/stale/i);
    expect(await read("judges.html")).toContain("misses thresholds");
  });

  it("leads to the grades of every run, and of a panel says who votes and how far they agree", async () => {
    const run = await answered();
    const members = [{ id: "a", sha256: "1".repeat(64) }, { id: "../b", sha256: "2".repeat(64) }]; // biome-ignore format: one line
    const agreement = [
      { criterion: "correctness", alpha: { value: 0.42, n: 10, low: 0.2, high: 0.6, method: "bootstrap" } },
      { criterion: "clear", alpha: { reason: "all grades are equal", n: 10 } },
    ];
    await judgeRun(
      run,
      { "q1 rag@2": [1, 1], "q2 rag@2": "failed", "q3 rag@2": [2, 3] },
      { head: { panel: { members, agreement } } },
    );
    const { pages, read } = await site([run]);
    const page = await read("judges/j.html");
    expect(page).toMatch(/a panel of <a href="\.\.\/judges\/a\.html">.*<a href="\.\.\/judges\/\.\.%252Fb\.html">/);
    expect(page).toContain(".420 [.200, .600]");
    expect(page).toContain("58\u00a0% is left");
    expect(page).toContain("Not estimable: all grades are equal.");
    expect(page).toContain('href="../runs/r/grades/j.html"');
    expect(pages).toContain("runs/r/grades/j.html");
    expect(await read("index.html")).toContain('href="runs/r/grades/j.html#by=correctness&amp;on=rag%402"');
    expect(await read("runs/r/index.html")).toContain(
      'href="../../runs/r/grades/j.html#by=correctness&amp;on=rag%402"',
    );
  });

  it("has the pairs that a pairwise judge compared, wins and losses as the named system sees them", async () => {
    const run = await answered();
    // Six wins, two losses, one tie, and one verdict that goes by place.
    const verdicts = [...Array(6).fill([1, 0]), [0, 1], [0, 1], [0.5, 0.5], [1, 1]] as [number, number][];
    await judgePairs(run, "other", verdicts);
    const { read } = await site([run]);
    const page = await read("judges/pairwise.html");
    expect(page).toMatch(/<bdi>made<\/bdi> against <bdi>&lt;b&gt;other&lt;\/b&gt;<\/bdi>/);
    expect(page).toMatch(/data-label="wins"><div><span class="n">\.600<\/span>/);
    expect(page).toMatch(/data-label="ties"><div><span class="n">\.200<\/span>/);
    expect(page).toMatch(/data-label="losses"><div><span class="n">\.200<\/span>/);
    expect(page).toMatch(/data-label="kept"><div><span class="n">\.900<\/span>/);
    expect(page).toMatch(/data-label="shown first"><div><span class="n">\.556<\/span>/);
    expect(page).toMatch(/data-label="better"><bdi>cannot tell<\/bdi>/);
  });
});
