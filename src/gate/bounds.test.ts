import { describe, expect, it } from "vitest";
import { ANSWERED, CELL, type Scores } from "../runlog/index.ts";
import { quantileInterval } from "../stats/index.ts";
import { formatGate } from "./format-gate.ts";
import { type GateOptions, gate } from "./gate.ts";
import { limitsOf } from "./limits.ts";
import { f1, SCORES, shifted } from "./testing/gated.ts";
import { type MadeScores, madeScores } from "./testing/made-scores.ts";
import type { GateCheck } from "./verdict.ts";

const N = 200;
const ONES: MadeScores = { groups: { "rag@3": { EM: Array.from({ length: N }, (_, i) => i % 2) } } };

/** A run whose answers declined, took time and cost money as told. */
function run(
  name: string,
  bounds: unknown,
  more: {
    readonly refused?: (i: number) => boolean;
    readonly ms?: (i: number) => number;
    readonly usd?: (i: number) => number | undefined;
  },
  made: MadeScores = ONES,
): Scores {
  const scores = madeScores({ run: name, ...made, bounds });
  const group = scores.groups.get("rag@3")!;
  const { refused = () => false, ms, usd } = more;
  const asked = Array.from({ length: group.answered.length }, (_, i) => i);
  const answered = Uint8Array.from(asked, (i) => (refused(i) ? ANSWERED.refused : ANSWERED.answered));
  const costs = usd && {
    values: Float64Array.from(asked, (i) => usd(i) ?? 0),
    states: Uint8Array.from(asked, (i) => (usd(i) === undefined ? CELL.unscored : CELL.scored)),
  };
  const own = { ...group, answered, ...(ms && timesOf(asked, ms, group.trials)), ...(costs && { cost: costs }) };
  return { ...scores, groups: new Map([["rag@3", own]]) };
}

function timesOf(asked: readonly number[], ms: (i: number) => number, trials: number) {
  return {
    ms: Float64Array.from(asked, ms),
    msQueries: Uint32Array.from(asked, (i) => Math.floor(i / trials)),
  };
}

function gated(baseline: Scores, candidate: Scores, options: Partial<GateOptions> = {}) {
  return gate(baseline, candidate, limitsOf(candidate.manifest), { seed: 0, ...options });
}

type More = Parameters<typeof run>[2];
const check = (bounds: unknown, before: More, after: More) =>
  gated(run("base", bounds, before), run("cand", bounds, after)).checks[0]!;

describe("a shift of refusals", () => {
  const bounds = { refusal_shift: 0.1 };
  const every = (k: number) => ({ refused: (i: number) => i % k === 0 });

  it("passes where it is shown to be small, whichever way it goes", () => {
    const up = check(bounds, every(20), { refused: (i) => i % 20 === 0 || i === 1 });
    expect(up).toMatchObject({ of: "refusals", kind: "shift", verdict: "pass", paired: { n: N, ties: N - 1 } });
    expect(check(bounds, { refused: (i) => i % 20 === 0 || i === 1 }, every(20))).toMatchObject({ verdict: "pass" });
  });

  it("fails where it is shown to be large: more refusals, and also fewer", () => {
    expect(check(bounds, every(20), every(2))).toMatchObject({ verdict: "fail", reason: "moved by more than 0.1" });
    const fewer = check(bounds, every(2), every(20));
    expect(fewer.verdict).toBe("fail");
    expect((fewer.estimate as { high: number }).high).toBeLessThan(-0.1);
  });

  it("cannot tell in between, and passes an identical run", () => {
    const between = check(bounds, every(10), every(5));
    expect(between.verdict).toBe("cannot tell");
    const { low, high } = between.estimate as { low: number; high: number };
    expect(low).toBeLessThan(0.1);
    expect(high).toBeGreaterThan(0.1);
    expect(check(bounds, every(5), every(5))).toMatchObject({
      verdict: "pass",
      reason: `the same on all ${N} questions`,
    });
  });

  it("leaves failures out: they are no refusals", () => {
    const failing = run("cand", bounds, every(20));
    failing.groups.get("rag@3")!.answered.fill(ANSWERED.failed, 0, 50);
    const { checks } = gated(run("base", bounds, every(20)), failing);
    expect(checks[0]!.paired).toMatchObject({ n: 150, unpaired: 50 });
  });
});

describe("the 95th percentile of latency", () => {
  const times = (factor: number) => ({ ms: (i: number) => factor * (100 + ((i * 37) % N)) });

  it("passes, fails and cannot tell by the interval of the ratio", () => {
    const bounds = { latency_p95: { max_ratio: 1.2 } };
    const same = check(bounds, times(1), times(1));
    expect(same).toMatchObject({ of: "latency", kind: "ratio", verdict: "pass", estimate: { mean: 1 } });
    expect(check(bounds, times(1), times(2))).toMatchObject({ verdict: "fail", estimate: { mean: 2 } });
    expect(check(bounds, times(1), times(1.2)).verdict).toBe("cannot tell");
  });

  it("turns into its reciprocal when the runs change places", () => {
    const bounds = { latency_p95: { max_ratio: 1.2 } };
    const [there, back] = [check(bounds, times(1), times(1.5)), check(bounds, times(1.5), times(1))].map(
      ({ estimate }) => estimate as { mean: number; low: number; high: number },
    );
    expect(there!.mean * back!.mean).toBeCloseTo(1, 12);
    expect(there!.low * back!.high).toBeCloseTo(1, 12);
  });

  it("is held against milliseconds by its own interval", () => {
    const ms = Float64Array.from({ length: N }, (_, i) => times(1).ms(i)).toSorted();
    const { low, high } = quantileInterval(ms, 0.95, 0.95) as { low: number; high: number };
    const at = (at_most: number) => check({ latency_p95: { at_most } }, {}, times(1)).verdict;
    expect([at(high + 1), at((low + high) / 2), at(low - 1)]).toEqual(["pass", "cannot tell", "fail"]);
  });

  it("takes the calls of one question for as many as they are worth, as it takes questions of one document", () => {
    const bounds = { latency_p95: { max_ratio: 1.2 } };
    const asked = Array.from({ length: 3 * N }, (_, i) => i % 2);
    const thrice = { groups: { "rag@3": { EM: asked } }, trials: 3 };
    const byDocument = { ...ONES, clusters: Array.from({ length: N }, (_, i) => Math.floor(i / 2)) };
    const width = (ms: (i: number) => number, made: MadeScores) => {
      const [{ estimate }] = gated(run("base", bounds, { ms }, made), run("cand", bounds, { ms }, made)).checks as [
        GateCheck,
      ];
      const { mean, low, high } = estimate as { mean: number; low: number; high: number };
      expect(mean).toBe(1);
      return high / low;
    };
    const once = width(times(1).ms, ONES);
    // Calls that repeat their question's time add nothing; it costs a little that this has to be seen in the data.
    const repeated = width((i) => times(1).ms(Math.floor(i / 3)), thrice);
    expect(repeated).toBeGreaterThanOrEqual(once);
    expect(width(times(1).ms, thrice)).toBeLessThan(once);
    expect(width((i) => times(1).ms(2 * Math.floor(i / 2)), byDocument)).toBeGreaterThan(once);
  });

  it("cannot tell without measured calls, or of so few that nothing bounds the percentile", () => {
    const bounds = { latency_p95: { max_ratio: 1.2 } };
    expect(check(bounds, {}, times(1))).toMatchObject({
      verdict: "cannot tell",
      reason: "the baseline has no measured call",
    });
    const few = { groups: { "rag@3": { EM: [1, 0, 1] } } };
    const small = gated(run("base", bounds, times(1), few), run("cand", bounds, times(1), few));
    expect(small.checks[0]).toMatchObject({
      verdict: "cannot tell",
      estimate: { low: 0, high: Number.POSITIVE_INFINITY },
    });
    expect(formatGate(small, "text")).toContain("1× [0, ∞]");
  });
});

describe("cost", () => {
  const costs = (usd: (i: number) => number | undefined) => ({ usd });
  const base = (i: number) => 0.001 * (1 + (i % 3));

  it("is compared per 1,000 questions, question by question", () => {
    const bounds = { cost: { max_ratio: 1.1 } };
    const noisy = (factor: number) => costs((i) => factor * base(i) * (i % 2 === 0 ? 0.98 : 1.02));
    const same = check(bounds, costs(base), noisy(1));
    expect(same).toMatchObject({ of: "cost", verdict: "pass" });
    expect(same.baseline!.mean).toBeCloseTo(1000 * (0.399 / N), 9);
    expect(check(bounds, costs(base), noisy(1.3)).verdict).toBe("fail");
    expect(check(bounds, costs(base), noisy(1.1)).verdict).toBe("cannot tell");
  });

  it("of the same calls at another price is no matter of chance", () => {
    const bounds = { cost: { max_ratio: 1.1 } };
    expect(check(bounds, costs(base), costs(base))).toMatchObject({ verdict: "pass", estimate: { low: 1, high: 1 } });
    expect(
      check(
        bounds,
        costs(base),
        costs((i) => 1.5 * base(i)),
      ).verdict,
    ).toBe("fail");
  });

  it("is held against dollars", () => {
    const at = (at_most: number) => check({ cost: { at_most } }, {}, costs(base));
    const found = at(3);
    expect(found).toMatchObject({ kind: "at_most", verdict: "pass" });
    expect((found.estimate as { mean: number }).mean).toBeCloseTo(1.995, 9);
    expect(at(1).verdict).toBe("fail");
  });

  it("cannot tell where none is known", () => {
    expect(
      check(
        { cost: { max_ratio: 1.1 } },
        costs(base),
        costs(() => undefined),
      ),
    ).toMatchObject({
      verdict: "cannot tell",
      reason: "no known cost of two questions or more",
    });
  });
});

describe("questions without a value", () => {
  const cells = (missing: number) => f1(SCORES.map((x, i) => (i < missing ? "unscored" : x)));

  it("fail the gate above the share allowed, and are named in every format", () => {
    const bounds = { unscored: 0.05 };
    const of = (missing: number) => {
      const [a, b] = [madeScores({ ...f1(SCORES), bounds }), madeScores({ ...cells(missing), bounds })];
      return gated(a, b);
    };
    expect(of(2).unscored).toEqual([
      { verdict: "pass", metric: "F1", condition: "rag@3", unscored: 2, asked: 50, limit: 0.05 },
    ]);
    const verdict = of(3);
    expect(verdict).toMatchObject({ verdict: "fail", unscored: [{ verdict: "fail", unscored: 3 }] });
    for (const format of ["text", "markdown", "junit"] as const) {
      expect(formatGate(verdict, format)).toContain("3 of 50 questions have no value; the suite allows 5 %");
    }
  });
});

describe("a limit held against the mean itself", () => {
  it("passes or fails by the mean, whatever the interval, and is in no family", () => {
    const of = (limit: unknown) => {
      const [a, b] = [madeScores(f1(SCORES)), madeScores(f1(SCORES, { F1: limit }))];
      return gated(a, b).checks;
    };
    const mean = SCORES.reduce((a, b) => a + b) / SCORES.length;
    expect(of({ at_least: mean - 0.01 })[0]!.verdict).toBe("cannot tell");
    const [point] = of({ at_least: mean - 0.01, point: true });
    expect(point).toMatchObject({ verdict: "pass", point: true });
    expect(point!.p).toBeUndefined();
    expect(of({ at_least: mean + 0.01, point: true })[0]!.verdict).toBe("fail");
    expect(of({ at_most: mean + 0.01, point: true })[0]!.verdict).toBe("pass");
  });

  it("is not counted among the checks that share the error", () => {
    const limit = { F1: { min_effect: 0.02, at_least: 0.1, point: true } };
    const verdict = gated(madeScores(f1(SCORES)), madeScores(f1(SCORES, limit)));
    expect(verdict.checks).toHaveLength(2);
    expect(formatGate(verdict, "text")).toContain("error rate 0.05 of the whole gate (1 check)");
  });

  it("costs the other checks nothing", () => {
    const level = (limit: unknown) => {
      const scores = madeScores(f1(shifted(-0.05, 0.3), { F1: limit }));
      return (gated(madeScores(f1(SCORES)), scores).checks[0]!.estimate as { level: number }).level;
    };
    expect(level({ min_effect: 0.02, at_least: 0.1, point: true })).toBeCloseTo(0.95, 12);
  });
});

describe("limits alone", () => {
  it("make a gate, and nothing at all does not", () => {
    const bounds = { refusal_shift: 0.1 };
    expect(gated(run("base", bounds, {}), run("cand", bounds, {})).verdict).toBe("pass");
    expect(() => gated(run("base", undefined, {}), run("cand", undefined, {}))).toThrow(/E_GATE_EMPTY|gate/);
  });

  it("are refused where there are no answers, or a condition is in one run only", () => {
    const bounds = { refusal_shift: 0.1 };
    const retrieval = madeScores({ groups: { retrieval: { RR: [1, 0, 1] } }, bounds });
    expect(() => gated(retrieval, retrieval)).toThrow(/a condition under which answers were given/);
    const other = madeScores({ run: "cand", groups: { "rag@5": { EM: ONES.groups["rag@3"]!.EM! } }, bounds });
    expect(() => gated(run("base", bounds, {}), other)).toThrow(/the gated condition rag@5 \(for gate_limits\)/);
  });

  it("take their share of the error: all are one family with the metrics", () => {
    const made: MadeScores = { ...ONES, gate: { EM: { min_effect: 0.02 } } };
    const bounds = { latency_p95: { max_ratio: 1.2 } };
    const ms = { ms: (i: number) => 100 + ((i * 37) % N) };
    const flip = { groups: { "rag@3": { EM: Array.from({ length: N }, (_, i) => (i + 1) % 2) } }, gate: made.gate };
    const { checks } = gated(run("base", bounds, ms, made), run("cand", bounds, { ms: (i) => 1.2 * ms.ms(i) }, flip));
    expect(checks.map(({ verdict }) => verdict)).toEqual(["cannot tell", "cannot tell"]);
    expect((checks[0]!.estimate as { level: number }).level).toBeCloseTo(0.975, 12);
  });
});
