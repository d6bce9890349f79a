import { describe, expect, it } from "vitest";
import { DataError } from "../../core/errors.ts";
import { RETRIEVAL, type Scores } from "../../runlog/index.ts";
import { type Cell, type MadeScores, madeScores } from "../testing/made-scores.ts";
import { type HistoryOptions, HistoryWalk } from "./history-walk.ts";

/** A run of 60 questions whose first `right` are right, but for every seventh that some run gets otherwise. */
const em = (right: number, luck = 0): Cell[] =>
  Array.from({ length: 60 }, (_, q) => ((q + luck) % 7 === 0 ? (q + luck) % 2 : q < right ? 1 : 0));
const run = (name: string, cells: readonly Cell[], more: Partial<MadeScores> = {}): Scores =>
  madeScores({ run: name, system: "s", groups: { "rag@3": { EM: cells } }, ...more });

function walked(series: readonly Scores[], options: HistoryOptions = {}) {
  const walk = new HistoryWalk({ horizon: 10, ...options });
  return series.map((scores) => walk.add(scores));
}

const changes = (series: readonly Scores[], options: HistoryOptions = {}) =>
  walked(series, options).map(({ metrics }) =>
    metrics.map(({ change }) => change && `${change.kind} ${change.verdict} ${change.since}`),
  );

describe("a walk along runs", () => {
  it("compares the first with nothing, the second with the first, later ones with the run before and the reference", () => {
    const entries = walked([run("a", em(30)), run("b", em(30, 1)), run("c", em(34, 2))]);
    expect(
      entries.map(({ metrics, compared }) => [
        compared,
        metrics.flatMap((m) => [m.previous.against, m.reference?.against]),
      ]),
    ).toEqual([
      [0, []],
      [1, ["a", undefined]],
      [2, ["b", "a"]],
    ]);
    expect(entries[2]!.metrics[0]).toMatchObject({
      previous: { verdict: "cannot tell" },
      reference: { verdict: "cannot tell" },
    });
    expect(entries[2]!.metrics[0]!.previous.moreQuestions).toBeGreaterThan(0);
  });

  it("flags a loss at once, then holds later runs against the new level", () => {
    const series = [run("a", em(50)), run("b", em(50, 1)), run("c", em(15)), run("d", em(15, 1)), run("e", em(50))];
    expect(changes(series)).toEqual([[], [undefined], ["step worse b"], [undefined], ["step better d"]]);
    expect(walked(series)[3]!.metrics[0]!.reference).toBeUndefined();
  });

  it("flags a loss in steps that are too small to be seen", () => {
    const series = [52, 47, 42, 37, 32, 27, 22].map((right, i) => run(`r${i}`, em(right)));
    const found = changes(series).flat();
    expect(found.filter((text) => text?.startsWith("step"))).toEqual([]);
    expect(found.find((text) => text !== undefined)).toMatch(/^drift worse r0$/);
  });

  it("holds runs against the last that a person accepted", () => {
    const entries = walked([run("a", em(30)), run("b", em(31)), run("c", em(30, 1)), run("d", em(30))], {
      accepted: new Set(["b"]),
    });
    expect(entries.map(({ accepted }) => accepted)).toEqual([false, true, false, false]);
    expect(entries[3]!.metrics[0]!.reference?.against).toBe("b");
  });

  it("says the same of a run whatever runs follow", () => {
    const series = [run("a", em(50)), run("b", em(40, 1)), run("c", em(15)), run("d", em(30, 1)), run("e", em(50))];
    expect(walked(series).slice(0, 3)).toEqual(walked(series.slice(0, 3)));
  });

  it("shares alpha out evenly, so that one run's verdicts have a small part of it", () => {
    const [, second] = walked([run("a", em(50)), run("b", em(40))], { horizon: 25, alpha: 0.1 });
    expect([second!.alpha, second!.horizon]).toEqual([0.1, 25]);
    const { difference } = second!.metrics[0]!.previous;
    expect(difference.state === "estimated" && difference.level).toBeCloseTo(0.996, 12);
  });

  it("is as careful as the test: no change by the interval alone", () => {
    const zeros = em(0).map(() => 0);
    const wins = (n: number) => zeros.map((_, q) => (q < n ? 1 : 0));
    // Nine wins of 60 and no loss: t says .002, the exact test 2 / 2^9.
    const [, entry] = walked([run("a", zeros), run("b", wins(9))], { horizon: 15 });
    expect(entry!.metrics[0]!.previous).toMatchObject({
      verdict: "cannot tell",
      reason: "the interval shows a difference, the randomization test does not",
    });
  });

  it("asks for a change beyond the suite's minimum effect", () => {
    const gate = { EM: { min_effect: 0.5 } };
    const series = [run("a", em(50), { gate }), run("b", em(30), { gate }), run("c", em(0), { gate })];
    expect(changes(series)).toEqual([[], [undefined], ["drift worse a"]]);
  });

  it("keeps apart what changed by metric, and follows each one's direction", () => {
    const made = (name: string, right: number, falseAnswers: number) =>
      madeScores({ run: name, groups: { "rag@3": { EM: em(right), FalseAnswer: em(falseAnswers) } } });
    const series = [made("a", 50, 50), made("b", 50, 10), made("c", 10, 10), made("d", 10, 10)];
    expect(changes(series)).toEqual([
      [],
      [undefined, "step better a"],
      ["step worse b", undefined],
      [undefined, undefined],
    ]);
    expect(walked(series)[3]!.metrics.map(({ reference }) => reference?.against)).toEqual([undefined, "b"]);
  });

  it("compares a metric that some run lacks with the last that has it", () => {
    const both = (name: string, right: number) =>
      madeScores({ run: name, groups: { "rag@3": { EM: em(right), F1: em(right) } } });
    const entries = walked([both("a", 50), run("b", em(50)), both("c", 10)]);
    expect(entries[1]!.metrics.map(({ metric }) => metric)).toEqual(["EM"]);
    expect(entries[2]!.metrics.map(({ metric, previous }) => [metric, previous.against])).toEqual([
      ["EM", "b"],
      ["F1", "a"],
    ]);
    expect(entries[1]!.notes).toEqual(["F1 rag@3 is in the baseline only"]);
  });

  it("may be narrowed to some metrics, which are told apart better for it", () => {
    const both = (name: string) =>
      madeScores({ run: name, groups: { [RETRIEVAL]: { "R@4": em(30) }, "rag@3": { EM: em(30) } } });
    const [, one] = walked([both("a"), both("b")], { metrics: ["EM"] });
    expect([one!.compared, one!.metrics.map(({ metric }) => metric)]).toEqual([1, ["EM"]]);
    expect(walked([both("a"), both("b")])[1]!.compared).toBe(2);
  });

  it("says what differs in the system's configuration and the code", () => {
    const a = run("a", em(30));
    const b: Scores = {
      ...a,
      manifest: {
        ...a.manifest,
        run: "b",
        system: { id: "s", sha256: "44", config: { retriever: { k1: 0.9 } } },
        code: { version: "0.2.0" },
      },
    };
    const [, entry] = walked([a, b]);
    expect(entry!.config).toEqual([{ field: "/retriever", baseline: undefined, candidate: { k1: 0.9 } }]);
    expect(entry!.code.version).toBe("0.2.0");
  });

  it("refuses a run of another protocol or over other questions", () => {
    const other = run("b", em(30), { protocolFields: { prompt: "p2" } });
    expect(() => walked([run("a", em(30)), other])).toThrow(/E_COMPARE_PROTOCOL/);
    const queries = Array.from({ length: 60 }, (_, q) => `x${q}`);
    expect(() => walked([run("a", em(30)), run("b", em(30), { queries })])).toThrow(DataError);
  });

  it.each([0, 0.5, Number.NaN])("takes no horizon of %s", (horizon) => {
    expect(() => new HistoryWalk({ horizon })).toThrow("horizon must be at least 1");
  });
});
