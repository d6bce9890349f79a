import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataError } from "../core/errors.ts";
import { summarise } from "./summary.ts";
import type { Row, Summary } from "./summary-types.ts";
import { type MadeRun, makeRun } from "./testing/made-run.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "summary-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const made = (run: string, rest: Partial<MadeRun> = {}) => makeRun(folder, { run, system: run, skill: 0.6, ...rest });
const table = (summary: Summary, at = 0) => summary.suites[0]!.tables[at]!;
const rowsOf = (summary: Summary, kind: "retrieval" | "answers"): readonly Row[] =>
  table(summary).parts.find((part) => part.kind === kind)!.rows;
const cell = (row: Row, metric: string) => row.cells.find((c) => c?.metric === metric)!;

describe("summarise", () => {
  it("has a row per system for rankings, and per system and condition for answers", async () => {
    const summary = await summarise([await made("b"), await made("a")]);
    expect(rowsOf(summary, "retrieval").map((row) => [row.run.run, row.condition])).toEqual([
      ["a", undefined],
      ["b", undefined],
    ]);
    expect(rowsOf(summary, "answers").map((row) => `${row.run.run} ${row.condition}`)).toEqual([
      "a rag@3",
      "a rag@5",
      "b rag@3",
      "b rag@5",
    ]);
    expect(table(summary).parts.map(({ metrics }) => metrics.map(({ name }) => name))).toEqual([
      ["R@4", "nDCG@10"],
      ["EM", "F1", "Coverage"],
    ]);
  });

  it("has one denominator: questions = scored + failed + unscored + not applicable in every cell", async () => {
    const dirs = [
      await made("counts", { failAt: [1, 2, 9], metrics: ["R@4", "EM", "RefusalRecall", "AnswerPrecision"] }),
    ];
    const summary = await summarise(dirs);
    for (const row of [...rowsOf(summary, "retrieval"), ...rowsOf(summary, "answers")]) {
      expect(row.questions).toBe(40);
      for (const { estimate, notApplicable } of row.cells.filter((c) => c !== undefined)) {
        expect(estimate.n + estimate.unscored + notApplicable).toBe(40);
      }
    }
    const [first] = rowsOf(summary, "answers");
    expect(first!.failed).toBe(3);
    expect(cell(first!, "EM").estimate.failed).toBe(3);
    expect(cell(first!, "RefusalRecall").notApplicable).toBeGreaterThan(0);
  });

  it("gives a mean that the lines of the log give by hand, and an interval around it", async () => {
    const dir = await made("by-hand");
    const lines = (await readFile(join(dir, "run.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const values = lines
      .filter((line) => line.kind === "answer" && line.condition === "rag@5")
      .map((line) => line.outcomes.EM.value as number);
    const row = rowsOf(await summarise([dir]), "answers").find(({ condition }) => condition === "rag@5")!;
    const { estimate } = cell(row, "EM");
    if (estimate.state !== "estimated") throw new Error("no estimate");
    expect(estimate.mean).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 12);
    expect(estimate.low).toBeLessThan(estimate.mean);
    expect(estimate.high).toBeGreaterThan(estimate.mean);
    expect(estimate).toMatchObject({ method: "wilson", level: 0.95, n: 40 });
    expect(row.refused).toBe(lines.filter((l) => l.condition === "rag@5" && l.refused).length);
  });

  it("takes latency from measured calls only", async () => {
    const [measured, replayed] = await Promise.all([made("measured"), made("replayed", { source: "replayed" })]);
    const rows = rowsOf(await summarise([measured, replayed]), "answers");
    expect(rows.find(({ run }) => run.run === "measured")!.latency).toMatchObject({ n: 40 });
    expect(rows.find(({ run }) => run.run === "replayed")!.latency).toBeUndefined();
    for (const { latency } of rows) if (latency) expect(latency.p95).toBeGreaterThanOrEqual(latency.p50);
  });

  it("never puts two protocols into one table, and names the fields that differ", async () => {
    const dirs = [
      await made("p1", { protocolFields: { prompt: "short", nested: { k: 3 } } }),
      await made("p2", { protocolFields: { prompt: "long", nested: { k: 3 } }, startedAt: "2026-04-01T00:00:00.000Z" }),
    ];
    const summary = await summarise(dirs);
    expect(summary.suites[0]!.tables.map(({ differs }) => differs)).toEqual([
      [{ field: "prompt", value: '"long"' }],
      [{ field: "prompt", value: '"short"' }],
    ]);
    for (const { parts } of summary.suites[0]!.tables) expect(parts[0]!.rows).toHaveLength(1);
  });

  it("separates suites", async () => {
    const summary = await summarise([await made("s1", { suite: "zoo" }), await made("s2", { suite: "abc" })]);
    expect(summary.suites.map(({ id }) => id)).toEqual(["abc", "zoo"]);
  });

  it("ranks the newest complete run of a system and names the older and the interrupted ones", async () => {
    const dirs = [
      await made("old", { system: "s", startedAt: "2026-01-01T00:00:00.000Z" }),
      await made("new", { system: "s", startedAt: "2026-02-01T00:00:00.000Z" }),
      await made("broken-off", { system: "s", startedAt: "2026-03-01T00:00:00.000Z", interrupted: true }),
    ];
    const only = table(await summarise(dirs));
    expect(only.parts[0]!.rows.map(({ run }) => run.run)).toEqual(["new"]);
    expect(only.superseded.map(({ run }) => run)).toEqual(["old"]);
    expect(only.interrupted.map(({ run, status }) => [run, status])).toEqual([["broken-off", "interrupted"]]);
  });

  it("averages trials per question, so that n counts questions", async () => {
    const [row] = rowsOf(await summarise([await made("trials", { trials: 3, failAt: [0] })]), "answers");
    expect(row).toMatchObject({ questions: 40, trials: 3, failed: 3 });
    expect(cell(row!, "EM").estimate).toMatchObject({ n: 40, failed: 1 });
    expect(cell(row!, "EM").estimate).not.toMatchObject({ method: "wilson" });
  });

  it("gives the same numbers again, and whatever other runs stand beside", async () => {
    const dir = await made("again");
    const alone = rowsOf(await summarise([dir]), "answers");
    const beside = rowsOf(await summarise([await made("beside"), dir]), "answers");
    expect(await summarise([dir])).toEqual(await summarise([dir]));
    expect(beside.filter(({ run }) => run.run === "again").map((row) => row.cells.map((c) => c!.estimate))).toEqual(
      alone.map((row) => row.cells.map((c) => c!.estimate)),
    );
  });

  it("goes through JSON unchanged", async () => {
    const summary = await summarise([await made("json")]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it("does not estimate from a value that the metric cannot have", async () => {
    const dir = await made("edited");
    const log = join(dir, "run.jsonl");
    await writeFile(
      log,
      (await readFile(log, "utf8")).replace(
        /"F1":\{"state":"scored","value":[\d.]+/,
        '"F1":{"state":"scored","value":7',
      ),
    );
    const row = rowsOf(await summarise([dir]), "answers")[0]!;
    expect(cell(row, "F1").estimate).toMatchObject({
      state: "not-estimable",
      reason: "a value of 7 lies outside the metric's range",
    });
  });

  it("shows a metric of another version without ranking it", async () => {
    const dirs = [await made("u1"), await made("u2")];
    for (const dir of dirs) {
      const log = join(dir, "run.jsonl");
      await writeFile(log, (await readFile(log, "utf8")).replaceAll('"F1"', '"Zeta@9"'));
    }
    const row = rowsOf(await summarise(dirs), "answers")[0]!;
    expect(cell(row, "Zeta@9")).toMatchObject({ estimate: { state: "estimated" }, standing: { kind: "unranked" } });
  });

  it("reports what is wrong with every folder at once", async () => {
    const failed = await summarise([join(folder, "none-1"), await made("fine"), join(folder, "none-2")]).catch(
      (e: unknown) => e,
    );
    expect(failed).toBeInstanceOf(DataError);
    expect((failed as DataError).problems.map(({ where }) => where)).toEqual([
      join(folder, "none-1"),
      join(folder, "none-2"),
    ]);
  });

  it("refuses a damaged log with the line", async () => {
    const dir = await made("damaged", { interrupted: true });
    await appendFile(join(dir, "run.jsonl"), "{not json}\n");
    const complete = await made("damaged-2");
    const log = join(complete, "run.jsonl");
    await writeFile(log, (await readFile(log, "utf8")).replace('{"kind":"retrieval"', '{"kind":"retrieved"'));
    await expect(summarise([complete])).rejects.toThrow(/run\.jsonl:2/);
  });

  it("of no runs is empty", async () => {
    expect(await summarise([])).toEqual({ suites: [] });
  });
});
