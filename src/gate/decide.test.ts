import { array, assert, double, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { type Rng, seeded } from "../core/rng.ts";
import { holm, normalCdf, studentTCdf, sum, tInterval } from "../stats/index.ts";
import { type Claim, type Decision, decide } from "./decide.ts";

function claimOf(values: ArrayLike<number>, limit: number): Claim {
  return { limit, interval: (level) => tInterval(values, level) };
}

/** One-sided p-value of Student's t test of "the mean is below the limit", by its textbook formula. */
function tTest(values: readonly number[], limit: number): number {
  const n = values.length;
  const mean = sum(values) / n;
  const variance = sum(values.map((x) => (x - mean) ** 2)) / (n - 1);
  return 1 - studentTCdf((mean - limit) / Math.sqrt(variance / n), n - 1);
}

const CLEAR_GAIN = [0.1, 0.12, 0.08, 0.11, 0.09, 0.1, 0.13, 0.07];
const CLEAR_LOSS = CLEAR_GAIN.map((x) => -x);
const NOISE = [0.3, -0.3, 0.2, -0.2, 0.4, -0.4, 0.1, -0.1];

describe("one claim", () => {
  it.each([
    ["a clear gain passes", CLEAR_GAIN, -0.01, "pass"],
    ["a clear loss fails", CLEAR_LOSS, -0.01, "fail"],
    ["noise around 0 cannot tell", NOISE, -0.01, "cannot tell"],
    ["noise passes a limit far below it", NOISE, -0.5, "pass"],
    ["a small sure loss passes within the margin", CLEAR_LOSS, -0.2, "pass"],
    ["a clear gain fails a higher demand", CLEAR_GAIN, 0.2, "fail"],
  ])("%s", (_name, values, limit, verdict) => {
    expect(decide([claimOf(values, limit)], 0.05)[0]!.verdict).toBe(verdict);
  });

  it("has the p-value of the t test, two-sided, and the usual interval of level 1 - alpha", () => {
    const values = [0.02, -0.05, 0.01, 0.04, -0.03, 0.06, 0, 0.05];
    const [decision] = decide([claimOf(values, -0.02)], 0.05);
    expect(decision!.p).toBeCloseTo(2 * tTest(values, -0.02), 9);
    expect(decision!.interval).toEqual(tInterval(values, 0.95));
    expect(decision!.level).toBeCloseTo(0.95, 12);
  });

  it("that allows no interval cannot tell", () => {
    expect(decide([{ limit: 0, interval: undefined }], 0.05)).toEqual([
      { verdict: "cannot tell", p: 1, interval: undefined, level: 0.95, alpha: 0.05 },
    ]);
  });

  it("that holds at every level has the least p-value that is told apart", () => {
    const [decision] = decide([{ limit: 0, interval: () => ({ low: 0, high: 1 }) }], 0.05);
    expect(decision).toMatchObject({ verdict: "pass", p: 2e-9 });
  });
});

describe("several claims", () => {
  it("are adjusted by Holm within the passes and within the fails", () => {
    const sets = [CLEAR_GAIN, NOISE, [0.05, 0.02, -0.01, 0.06, 0.03, 0.02, 0.01, 0.04], CLEAR_LOSS];
    const decisions = decide(
      sets.map((values) => claimOf(values, -0.01)),
      0.05,
    );
    const pass = holm(sets.map((values) => tTest(values, -0.01)));
    const fail = holm(sets.map((values) => 1 - tTest(values, -0.01)));
    expect(decisions.map((d) => d.verdict)).toEqual(["pass", "cannot tell", "pass", "fail"]);
    decisions.forEach((d, i) => {
      const expected = Math.min(1, 2 * Math.min(pass[i]!, fail[i]!));
      // p-values above ½ on one side are not told apart; their verdict is the same.
      if (expected <= 0.05) expect(d.p).toBeCloseTo(expected, 7);
      else expect(d.p).toBeGreaterThan(0.05);
    });
  });

  it("that all pass have lower bounds at level 1 - alpha, with no price for their number", () => {
    const decisions = decide([claimOf(CLEAR_GAIN, -0.01), claimOf(CLEAR_GAIN, 0), claimOf(CLEAR_GAIN, 0.01)], 0.05);
    for (const d of decisions) {
      expect(d.interval!.low).toBe(tInterval(CLEAR_GAIN, 0.95).low);
      expect(d.interval!.high).toBe(tInterval(CLEAR_GAIN, 1 - 0.05 / 3).high);
      expect(d.level).toBeCloseTo(1 - 0.025 - 0.025 / 3, 12);
    }
  });

  it("can turn one claim's pass into cannot tell, as more is asked at once", () => {
    const weak = [0.05, -0.01, 0.03, 0.01, 0.04, -0.01, 0.02, 0.03];
    expect(decide([claimOf(weak, 0)], 0.05)[0]!.verdict).toBe("pass");
    const crowd = Array.from({ length: 9 }, () => claimOf(NOISE, 0));
    expect(decide([claimOf(weak, 0), ...crowd], 0.05)[0]!.verdict).toBe("cannot tell");
  });

  const values = array(double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 8 }).filter(
    (xs) => Math.max(...xs) - Math.min(...xs) > 1e-6,
  );
  const claims = array(values, { minLength: 1, maxLength: 5 });

  it("have verdicts that agree with their intervals and their p-values", () => {
    assert(
      property(claims, double({ min: -0.5, max: 0.5, noNaN: true }), (sets, limit) => {
        for (const d of decide(
          sets.map((xs) => claimOf(xs, limit)),
          0.05,
        )) {
          const read = d.interval!.low >= limit ? "pass" : d.interval!.high < limit ? "fail" : "cannot tell";
          expect(d.verdict).toBe(read);
          expect(d.verdict !== "cannot tell").toBe(d.p <= 0.05);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("are decided the same in any order", () => {
    assert(
      property(claims, integer({ min: 0, max: 4 }), (sets, by) => {
        const turn = <T>(list: readonly T[]): T[] => list.map((_, i) => list[(i + by) % list.length]!);
        const asked = sets.map((xs) => claimOf(xs, -0.05));
        expect(decide(turn(asked), 0.05)).toEqual(turn(decide(asked, 0.05)));
      }),
      { numRuns: 40 },
    );
  });
});

describe("error rates over simulated gates", () => {
  const GATES = 200;
  const METRICS = 5;

  /** Paired differences of correlated metrics: mostly ties, as real differences are. */
  function draw(rng: Rng, n: number, mean: number): number[][] {
    const normal = () => {
      const u = Math.sqrt(-2 * Math.log(1 - rng.float())) * Math.cos(2 * Math.PI * rng.float());
      return u;
    };
    const rows = Array.from({ length: METRICS }, () => new Array<number>(n));
    for (let i = 0; i < n; i += 1) {
      const shared = normal();
      const differs = rng.float() < 0.4;
      for (const row of rows) row[i] = mean + (differs ? 0.25 * (0.8 * shared + 0.6 * normal()) : 0);
    }
    return rows;
  }

  function simulate(seed: string, n: number, mean: number, limit: number): Decision[][] {
    const rng = seeded(seed);
    return Array.from({ length: GATES }, () =>
      decide(
        draw(rng, n, mean).map((values) => claimOf(values, limit)),
        0.05,
      ),
    );
  }

  const share = (gates: Decision[][], test: (gate: Decision[]) => boolean): number => gates.filter(test).length / GATES;
  /** A rate of at most `bound` shows as more than this in fewer than 1 of 1000 simulations. */
  const atMost = (bound: number): number => bound + 3.1 * Math.sqrt((bound * (1 - bound)) / GATES);

  it("a candidate at the very limit fails in at most alpha / 2 of the gates, whatever the number of metrics", () => {
    const gates = simulate("null", 60, 0, 0);
    expect(share(gates, (gate) => gate.some((d) => d.verdict === "fail"))).toBeLessThanOrEqual(atMost(0.025));
    expect(share(gates, (gate) => gate.some((d) => d.verdict === "pass"))).toBeLessThanOrEqual(atMost(0.025));
    expect(share(gates, (gate) => gate.some((d) => d.p <= 0.05))).toBeLessThanOrEqual(atMost(0.05));
  });

  it("equal systems do not fail a gate with a margin", () => {
    expect(share(simulate("equal", 60, 0, -0.05), (gate) => gate.some((d) => d.verdict === "fail"))).toBe(0);
  });

  it("a real loss beyond the margin fails with the power that its size promises", () => {
    // sd = .25 √.4 ≈ .158; at n = 200 a loss .05 beyond the limit lies 4.5 standard errors from it.
    const gates = simulate("loss", 200, -0.07, -0.02);
    expect(share(gates, (gate) => gate.some((d) => d.verdict === "fail"))).toBeGreaterThan(0.97);
    expect(share(gates, (gate) => gate.some((d) => d.verdict === "pass"))).toBe(0);
  });

  it("equal systems of yes-or-no scores that seldom differ fail no more often", () => {
    const rng = seeded("sparse");
    const row = () => Array.from({ length: 80 }, () => [1, -1][rng.below(20)] ?? 0);
    const gates = Array.from({ length: GATES }, () =>
      decide(
        [row(), row(), row()].map((values) => claimOf(values, 0)),
        0.05,
      ),
    );
    expect(share(gates, (gate) => gate.some((d) => d.verdict === "fail"))).toBeLessThanOrEqual(atMost(0.025));
  });

  it("power grows as the t test's: one metric, a loss of two standard errors is found in about half the gates", () => {
    const rng = seeded("power");
    const found = Array.from({ length: GATES }, () => decide([claimOf(draw(rng, 100, -0.0316)[0]!, 0)], 0.05)[0]!);
    const rate = found.filter((d) => d.verdict === "fail").length / GATES;
    expect(Math.abs(rate - normalCdf(2 - 1.984))).toBeLessThan(0.12);
  });
});
