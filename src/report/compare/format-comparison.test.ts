import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { marked } from "marked";
import stringWidth from "string-width";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareRuns } from "../../gate/index.ts";
import { readRun, readScores } from "../../runlog/index.ts";
import { type MadeRun, makeRun } from "../testing/made-run.ts";
import { formatComparison } from "./format-comparison.ts";
import { type ToldComparison, tellFlips } from "./tell-flips.ts";

const HOSTILE = '=cmd|"x" </script><b>\u202egnp\u001b[31m | **bold** @everyone\nsecond line';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compare-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const made = (run: string, rest: Partial<MadeRun> = {}) =>
  makeRun(folder, { run, system: run, skill: 0.6, questions: 40, conditions: ["rag@3"], ...rest });

async function compared(a: string, b: string, most = 10, by?: string): Promise<ToldComparison[]> {
  const [before, after] = [await readScores(a), await readScores(b)];
  const comparison = compareRuns(before, [after], { draws: 999, flips: { most, by } })[0]!;
  return tellFlips([{ comparison, baseline: a, candidate: b }]);
}

const options = { columns: 160, flips: true };

describe("tellFlips", () => {
  it("brings both answers, the references and the gold ranks that the logs hold", async () => {
    const [a, b] = [await made("plain"), await made("sharp", { skill: 0.9, failAt: [2] })];
    const [told] = await compared(a, b);
    const list = told!.flips.find(({ condition }) => condition === "rag@3")!;
    expect(list.metric).toBe("EM");
    expect(list.flips.length).toBeGreaterThan(3);
    for (const [dir, side] of [
      [a, "baseline"],
      [b, "candidate"],
    ] as const) {
      for await (const line of readRun(dir)) {
        if (line.kind === "manifest" || line.kind === "end") continue;
        const flip = list.flips.find(({ query }) => query === line.query);
        if (flip === undefined) continue;
        const gold = Number(line.query.slice(1)) - 1;
        if (line.kind === "retrieval") {
          const at = line.ranking.findIndex(([id]) => id === `p${gold}` || id === `p${gold + 1}`);
          // Every eighth question has no gold.
          expect(flip[side].goldRank).toBe(gold % 8 === 7 ? undefined : at < 0 ? null : at + 1);
        } else if (line.kind === "answer") {
          expect(flip[side]).toMatchObject({ text: line.text, state: line.refused ? "refused" : "answered" });
          expect(line.outcomes.EM).toMatchObject({ value: flip[side].value });
        } else expect(flip[side]).toMatchObject({ text: "E_ENDPOINT_TIMEOUT", state: "failed", value: 0 });
      }
      expect(list.flips[0]!.references[0]).toMatch(/^\d+ units$/);
    }
    const [ranking] = (await compared(a, b, 3, "nDCG@10"))[0]!.flips;
    expect(ranking!.condition).toBe("retrieval");
    expect(ranking!.flips[0]!.baseline).not.toHaveProperty("text");
  });
});

describe("every format", () => {
  const pair = async () =>
    compared(await made("quiet"), await made("loud", { skill: 0.9, title: HOSTILE, answer: () => HOSTILE }), 40);

  it("as text shows what is hostile and keeps to the terminal's width in its table", async () => {
    const text = formatComparison(await pair(), "text", { ...options, columns: 90 });
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).toContain("\\u202egnp\\u001b[31m | **bold** @everyone second line");
    expect(text).toMatch(/^baseline {3}quiet \(quiet\)$/m);
    const tables = text
      .split("Holm over")[0]!
      .split("\n")
      .filter((line) => /^(metric|EM|F1|R@4)/.test(line));
    expect(tables.length).toBeGreaterThan(5);
    for (const line of tables) expect(stringWidth(line)).toBeLessThanOrEqual(90);
  });

  it("as text has a verdict and every number for a reader to judge it", async () => {
    const [told] = await compared(await made("one"), await made("two"));
    const text = formatComparison([told!], "text", { ...options, columns: 200 });
    const row = told!.metrics.find(({ metric }) => metric === "EM")!;
    expect(text).toMatch(new RegExp(`EM +rag@3 .*${row.wins}/${row.ties}/${row.losses} +${row.verdict}`));
    expect(text).toContain(`Holm over ${told!.metrics.length} differences`);
    expect(text).toContain("the systems' configurations do not differ");
    expect(text).toMatch(/EM rag@3: \d+ worse, \d+ better; the largest losses first/);
  });

  it("as markdown lets nothing become markup", async () => {
    const markdown = formatComparison(await pair(), "markdown", options);
    expect(markdown).not.toMatch(/<b>|\*\*bold|@everyone|<\/script/);
    const table = markdown.split("\n").filter((line) => line.startsWith("| "));
    const bars = (line: string) => line.split("|").length;
    expect(new Set(table.filter((line) => bars(line) > 6).map(bars)).size).toBe(1);
    expect(new Set(table.filter((line) => bars(line) <= 6).map(bars))).toEqual(new Set([6]));
  });

  it("as markdown mentions nobody and no issue on GitHub, which looks for them in what has been rendered", async () => {
    const [told] = await pair();
    const candidate = { ...told!.candidate, title: "@everyone (@org/team), fixes #12, R@4 of C#7", system: "@octocat" };
    const markdown = formatComparison([{ ...told!, candidate, suite: "@octocat" }], "markdown", options);
    const rendered = marked
      .parse(markdown, { async: false })
      .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
    expect(rendered).toContain("@\u200beveryone (@\u200borg/team), fixes #\u200b12, R@4 of C#7");
    expect(rendered).not.toMatch(/(?<!\w)[@#]\w/);
    expect(rendered).toContain("@\u200beveryone (@\u200borg/team), fixes #\u200b12, R@4 of C#7");
    expect(rendered.replaceAll("&#35;", "#")).not.toMatch(/(?<!\w)[@#]\w/);
  });

  it("as JSON is the comparison as it is", async () => {
    const told = await pair();
    expect(JSON.parse(formatComparison(told, "json", options))).toEqual(JSON.parse(JSON.stringify(told)));
  });

  it("as CSV has a line per metric, or per flip, and no formula", async () => {
    const told = await pair();
    const read = (flips: boolean) =>
      parse(formatComparison(told, "csv", { ...options, flips }), { columns: true }) as Record<string, string>[];
    const figures = read(false);
    expect(figures).toHaveLength(told[0]!.metrics.length);
    told[0]!.metrics.forEach((row, i) => {
      expect(figures[i]).toMatchObject({ metric: row.metric, verdict: row.verdict, wins: String(row.wins) });
      expect(Number(figures[i]!.p_holm)).toBe(row.pHolm);
    });
    const flips = read(true);
    expect(flips).toHaveLength(told[0]!.flips.reduce((n, list) => n + list.flips.length, 0));
    expect(flips.some((line) => line.candidate_text!.startsWith("'=cmd"))).toBe(true);
    for (const line of flips) for (const field of Object.values(line)) expect(field).not.toMatch(/^[=@]/);
  });
});

describe("what no number of questions would tell", () => {
  it("has its reason in words in text and markdown", async () => {
    const [told] = await compared(await made("some"), await made("other"));
    const difference = { state: "not-estimable" as const, reason: "no spread", n: 40, unscored: 0, failed: 0 };
    const row = { ...told!.metrics[0]!, difference, verdict: "cannot tell" as const, reason: "no spread" };
    const { moreQuestions: _, ...without } = row;
    const one = [
      {
        ...told!,
        metrics: [
          { ...without, ties: 0 },
          { ...row, moreQuestions: 1234 },
        ],
      },
    ];
    const text = formatComparison(one, "text", options);
    expect(text.match(/cannot tell: R@4 retrieval: no spread/g)).toHaveLength(1);
    expect(text).toContain("cannot tell, about 1\u202f200 more questions would");
    expect(formatComparison(one, "markdown", options)).toContain("- Cannot tell: R&#64;4 retrieval&#58; no spread");
  });
});
