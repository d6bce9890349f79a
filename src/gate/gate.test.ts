import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { comparePaired, tInterval, wilson } from "../stats/index.ts";
import { f1, gated, RESHUFFLED, SCORES, shifted } from "./testing/gated.ts";
import type { Cell, MadeScores } from "./testing/made-scores.ts";

describe("non-inferiority", () => {
  it("passes identical runs, whatever their size and without a margin", () => {
    for (const limit of [{ min_effect: 0.02 }, {}]) {
      for (const cells of [SCORES, [0.5, 0.5], [1], [0, 0, 0]]) {
        const { verdict, checks } = gated(f1(cells), f1(cells, { F1: limit }));
        expect(verdict).toBe("pass");
        expect(checks[0]).toMatchObject({ verdict: "pass", reason: `the same on all ${cells.length} questions` });
        expect(checks[0]!.p).toBeUndefined();
      }
    }
  });

  it("fails a loss beyond the margin", () => {
    const { verdict, checks } = gated(f1(SCORES), f1(shifted(-0.06)));
    expect(verdict).toBe("fail");
    expect(checks[0]).toMatchObject({ verdict: "fail", reason: "worse by more than 0.02" });
    expect(checks[0]!.p).toBeLessThan(0.001);
  });

  it("passes a sure loss within the margin, and a gain", () => {
    expect(gated(f1(SCORES), f1(shifted(-0.01))).verdict).toBe("pass");
    expect(gated(f1(SCORES), f1(shifted(0.1))).checks[0]).toMatchObject({
      verdict: "pass",
      reason: "not worse by more than 0.02",
    });
  });

  it("cannot tell when the data allow both, and says how many more questions would", () => {
    const { verdict, checks } = gated(f1(SCORES), f1(RESHUFFLED));
    expect(verdict).toBe("cannot tell");
    expect(checks[0]!.reason).toBe("a loss of more than 0.02 is neither shown nor ruled out");
    // Noise of sd σ is told from .02 with power .8 by about ((1.96 + .84) σ / .02)² questions.
    const { low, high } = tInterval(
      Float64Array.from(SCORES, (x, i) => RESHUFFLED[i]! - x),
      0.95,
    );
    const sd = ((high - low) / 2 / 2.0096) * Math.sqrt(50);
    const expected = ((2.802 * sd) / 0.02) ** 2 - 50;
    expect(checks[0]!.moreQuestions! / expected).toBeGreaterThan(0.98);
    expect(checks[0]!.moreQuestions! / expected).toBeLessThan(1.02);
  });

  it("shows the evidence: means, paired difference with interval, wins, and the randomization test", () => {
    const candidate = shifted(-0.06);
    const { checks } = gated(f1(SCORES), f1(candidate));
    const reference = comparePaired(candidate, SCORES, { method: "t", rng: seeded("any") });
    const { estimate, paired, baseline } = checks[0]!;
    expect(estimate).toMatchObject({ state: "estimated", n: 50, method: "t", level: 0.95 });
    expect(estimate).toMatchObject({
      mean: (reference.difference as { mean: number }).mean,
      low: (reference.difference as { low: number }).low,
      high: (reference.difference as { high: number }).high,
    });
    expect(baseline!.mean).toBeCloseTo(SCORES.reduce((a, b) => a + b) / 50, 12);
    expect(paired).toMatchObject({ n: 50, wins: reference.wins, ties: reference.ties, losses: reference.losses });
    expect(paired!.randomization.p).toBe(1e-5);
  });

  it("counts a drop of a metric where lower is better as a gain", () => {
    const name = "OverRefusal";
    const one = (cells: Cell[]): MadeScores => ({
      groups: { "rag@3": { [name]: cells } },
      gate: { [name]: { min_effect: 0.1 } },
    });
    const some = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 1 : 0));
    const few = Array.from({ length: 60 }, (_, i) => (i % 12 === 0 ? 1 : 0));
    const better = gated(one(some), one(few)).checks[0]!;
    expect(better).toMatchObject({ better: "lower", verdict: "pass", paired: { wins: 25, losses: 0 } });
    expect((better.estimate as { mean: number }).mean).toBeLessThan(0);
    expect(gated(one(few), one(some)).checks[0]).toMatchObject({ verdict: "fail", paired: { wins: 0, losses: 25 } });
  });

  it("without a margin needs a difference to decide", () => {
    expect(gated(f1(SCORES), f1(shifted(-0.01), { F1: {} })).checks[0]!.reason).toBe("worse");
    expect(gated(f1(SCORES), f1(RESHUFFLED, { F1: {} })).verdict).toBe("cannot tell");
  });

  it("names no number of questions where only rounding keeps the mean from the limit", () => {
    const before = [0.3, 0.1, 0.6, 0.8];
    const { checks } = gated(f1(before), f1([0.1 + 1e-15, 0.3, 0.8, 0.6], { F1: {} }));
    const { mean } = checks[0]!.estimate as { mean: number };
    expect(mean).not.toBe(0);
    expect(Math.abs(mean)).toBeLessThan(1e-15);
    expect(checks[0]).toMatchObject({ verdict: "cannot tell" });
    expect(checks[0]!.moreQuestions).toBeUndefined();
  });

  it("names no hundreds of millions of questions where the mean lies next to the limit", () => {
    // 46 of 300 won, 40 lost: a gain of .02.
    const before = Array.from({ length: 300 }, (_, i): number => (i < 40 ? 1 : 0));
    const after = before.map((_, i): number => (i >= 40 && i < 86 ? 1 : 0));
    const moreAt = (min_effect: number) =>
      gated(f1(before), f1(after, { F1: { test: "superiority", min_effect } })).checks[0]!.moreQuestions;
    expect(moreAt(0.05)).toBeGreaterThan(1000);
    expect(moreAt(0.02001)).toBeUndefined();
  });

  it("cannot tell from one question", () => {
    const { verdict, checks } = gated(f1([0.5]), f1([0.6]));
    expect(verdict).toBe("cannot tell");
    expect(checks[0]!.estimate.state).toBe("not-estimable");
    expect(checks[0]!.moreQuestions).toBeUndefined();
  });
});

describe("superiority", () => {
  const superior = { F1: { test: "superiority", min_effect: 0.02 } };

  it.each([
    ["a gain above the effect passes", shifted(0.06), "pass"],
    ["a gain below the effect fails", shifted(0.01), "fail"],
    ["noise cannot tell", RESHUFFLED, "cannot tell"],
    ["an identical run fails: it is not better", SCORES, "fail"],
  ])("%s", (_name, cells, verdict) => {
    expect(gated(f1(SCORES), f1(cells, superior)).verdict).toBe(verdict);
  });
});

describe("absolute limits", () => {
  const EM = (right: number, limit: unknown): MadeScores => ({
    groups: { "rag@3": { EM: Array.from({ length: 100 }, (_, i) => (i < right ? 1 : 0)) } },
    gate: { EM: limit },
  });
  const only = (right: number, limit: unknown) => gated(EM(50, limit), EM(right, limit)).checks;

  it("are judged on the bounds of the candidate's own interval", () => {
    const { low, high } = wilson(70, 100, 0.95);
    expect(only(70, { at_least: low - 0.001 })).toMatchObject([{ kind: "at_least", verdict: "pass" }]);
    expect(only(70, { at_least: low + 0.001 })).toMatchObject([{ verdict: "cannot tell" }]);
    expect(only(70, { at_least: high + 0.001 })).toMatchObject([{ verdict: "fail" }]);
    expect(only(70, { at_most: high + 0.001 })).toMatchObject([{ kind: "at_most", verdict: "pass" }]);
    expect(only(70, { at_most: low - 0.001 })).toMatchObject([{ verdict: "fail" }]);
  });

  it("stand alone, and beside the paired check where an effect or a test is declared", () => {
    expect(only(70, { at_least: 0.2 }).map((c) => c.kind)).toEqual(["at_least"]);
    expect(only(70, { at_least: 0.2, at_most: 0.9, min_effect: 0.1 }).map((c) => c.kind)).toEqual([
      "non-inferiority",
      "at_least",
      "at_most",
    ]);
  });

  it("have the candidate's mean as estimate and no baseline", () => {
    const [check] = only(70, { at_least: 0.5 });
    expect(check!.estimate).toMatchObject({ mean: 0.7, n: 100, method: "wilson" });
    expect(check!.baseline).toBeUndefined();
    expect(check!.paired).toBeUndefined();
  });
});

describe("what is checked", () => {
  const both = (shift: number, gate_: unknown): MadeScores => ({
    groups: {
      retrieval: { "nDCG@10": shifted(shift) },
      "rag@3": { F1: shifted(shift) },
      "rag@5": { F1: shifted(shift) },
    },
    gate: gate_,
  });

  it("is a ranking metric once and an answer metric under each condition", () => {
    const gate_ = { "nDCG@10": { min_effect: 0.01 }, F1: { min_effect: 0.02 } };
    const { checks } = gated(both(0, gate_), both(0.1, gate_));
    expect(checks.map((c) => `${c.metric} ${c.condition}`)).toEqual(["nDCG@10 retrieval", "F1 rag@3", "F1 rag@5"]);
  });

  it("is limited to the conditions a limit names", () => {
    const gate_ = { F1: { min_effect: 0.02, conditions: ["rag@5"] } };
    expect(gated(both(0, gate_), both(0.1, gate_)).checks.map((c) => c.condition)).toEqual(["rag@5"]);
  });

  it("fails as a whole when one fails, and cannot tell when one cannot", () => {
    const gate_ = { F1: { min_effect: 0.02 }, EM: { min_effect: 0.02 } };
    const run = (f: readonly Cell[], em: readonly Cell[]): MadeScores => ({
      groups: { "rag@3": { F1: f, EM: em } },
      gate: gate_,
    });
    expect(gated(run(SCORES, SCORES), run(shifted(0.1), shifted(-0.1))).verdict).toBe("fail");
    expect(gated(run(SCORES, SCORES), run(shifted(0.1), RESHUFFLED)).verdict).toBe("cannot tell");
    expect(gated(run(SCORES, SCORES), run(RESHUFFLED, shifted(-0.1))).verdict).toBe("fail");
  });

  it("pairs questions by id, whatever their order", () => {
    const ids = SCORES.map((_, i) => `q${i}`);
    const turned = (list: readonly Cell[]) => [...list].reverse();
    const { verdict, checks } = gated(
      { ...f1(SCORES), queries: ids },
      { ...f1(turned(SCORES)), queries: [...ids].reverse() },
    );
    expect(verdict).toBe("pass");
    expect(checks[0]!.paired!.ties).toBe(50);
  });

  it("averages trials before it pairs", () => {
    const twice = SCORES.flatMap((x) => [x - 0.1, x + 0.1]).map((x) => Math.min(1, Math.max(0, x)));
    const { checks, notes } = gated(f1(SCORES), { ...f1(twice), trials: 2 });
    expect(checks[0]!.paired!.n).toBe(50);
    expect(notes).toContain("each question was asked once in the baseline, 2 times in the candidate");
  });

  it("resamples clusters where the suite declares them", () => {
    const clusters = SCORES.map((_, i) => Math.floor(i / 5));
    const { checks } = gated({ ...f1(SCORES), clusters }, { ...f1(RESHUFFLED), clusters });
    expect(checks[0]!.estimate).toMatchObject({ method: "t-clustered" });
  });
});

describe("missing values", () => {
  it("of failed questions are the floor, and counted", () => {
    const failing = SCORES.map((x, i): Cell => (i < 3 ? "failed" : x));
    const { checks, failures } = gated(f1(SCORES), { ...f1(failing), maxFailures: 0.1 });
    expect(checks[0]!.candidate).toMatchObject({ n: 50, failed: 3 });
    expect(checks[0]!.paired!.losses).toBe(3);
    expect(failures).toEqual({ verdict: "pass", failed: 3, asked: 50, limit: 0.1 });
  });

  it("above the suite's limit fail the gate, though every metric passes", () => {
    const one = SCORES.map((x, i): Cell => (i === 0 ? "failed" : x));
    const { verdict, checks, failures } = gated(f1(SCORES.with(0, 0)), f1(one, { F1: { min_effect: 0.5 } }));
    expect(checks.map((c) => c.verdict)).toEqual(["pass"]);
    expect(failures).toEqual({ verdict: "fail", failed: 1, asked: 50, limit: 0 });
    expect(verdict).toBe("fail");
  });

  it("of a question in one run only compare the means, each over its own questions, and a note says so", () => {
    const some = SCORES.map((x, i): Cell => (i < 5 ? "unscored" : x));
    const none = SCORES.map((x, i): Cell => (i === 49 ? "n/a" : x));
    const { checks, notes } = gated(f1(some), f1(none));
    expect(checks[0]).toMatchObject({
      baseline: { n: 45, unscored: 5 },
      candidate: { n: 49, unscored: 0 },
      paired: { n: 44, unpaired: 6 },
    });
    const own = "so the means are compared, each over its own questions";
    expect(notes).toContain(`F1 rag@3: 6 questions have a value in one run only, ${own}`);
    const { estimate, baseline, candidate, moreQuestions } = checks[0]!;
    expect((estimate as { mean: number }).mean).toBeCloseTo(candidate.mean! - baseline!.mean!, 12);
    expect(moreQuestions).toBeUndefined();
  });

  it("do not hide a loss: a candidate that declines everything no longer passes on refusal precision", () => {
    // On the 20 questions that both decline refusal precision is the same; over its own 100 the candidate's is .3.
    const before = Array.from({ length: 100 }, (_, i): Cell => (i < 20 ? (i < 18 ? 1 : 0) : "n/a"));
    const after = before.map((cell, i): Cell => (cell === "n/a" ? (i < 32 ? 1 : 0) : cell));
    const gate_ = { RefusalPrecision: { min_effect: 0.05 } };
    const { verdict, checks } = gated(
      { groups: { "rag@3": { RefusalPrecision: before } } },
      { groups: { "rag@3": { RefusalPrecision: after } }, gate: gate_ },
    );
    expect(verdict).toBe("fail");
    expect(checks[0]).toMatchObject({
      baseline: { mean: 0.9, n: 20 },
      candidate: { mean: 0.3, n: 100 },
      estimate: { n: 100, method: "difference-of-means-wilson" },
      paired: { n: 20, unpaired: 80, ties: 20, randomization: { draws: 0 } },
      reason: "worse by more than 0.05",
    });
  });

  it("of all questions cannot tell", () => {
    const { verdict } = gated(f1(SCORES), f1(SCORES.map((): Cell => "n/a")));
    expect(verdict).toBe("cannot tell");
  });
});

it("gives the same verdict for the same runs and seed", () => {
  expect(gated(f1(SCORES), f1(RESHUFFLED))).toEqual(gated(f1(SCORES), f1(RESHUFFLED)));
});

it("decides ten checks on 10,000 questions in clusters", () => {
  const n = 10_000;
  const noise = seeded("large");
  const make = (): Cell[] => Array.from({ length: n }, () => noise.float());
  const metrics = ["F1", "EM", "ROUGE-L", "ROUGE-1", "ROUGE-2"];
  const groups = () => {
    const cells = () =>
      Object.fromEntries(metrics.map((m) => [m, m === "EM" ? make().map((x) => Math.round(x as number)) : make()]));
    return { "rag@3": cells(), "rag@5": cells() };
  };
  const gate_ = Object.fromEntries(metrics.map((m) => [m, { min_effect: 0.02 }]));
  const clusters = Array.from({ length: n }, (_, i) => i % 2000);
  const { checks } = gated({ groups: groups(), clusters }, { groups: groups(), clusters, gate: gate_ });
  expect(checks).toHaveLength(10);
});
