import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { ratioInterval } from "./ratio-interval.ts";
import { studentTQuantile } from "./student-t.ts";

const of = (...values: number[]) => Float64Array.from(values);

describe("ratioInterval", () => {
  it("equals the linearised formula worked by hand", () => {
    // R = 10 / 4 = 2.5; residuals (x - 2.5 y) / 1 = -.5, .5, .5, -.5; their standard error √(1/3 / 4) = .288675.
    const half = studentTQuantile(0.975, 3) * Math.sqrt(1 / 12);
    const { low, high } = ratioInterval(of(2, 3, 3, 2), of(1, 1, 1, 1), 0.95)!;
    expect(low).toBeCloseTo(2.5 * Math.exp(-half / 2.5), 10);
    expect(high).toBeCloseTo(2.5 * Math.exp(half / 2.5), 10);
  });

  it.each([
    ["a single question", of(1), of(1)],
    ["nothing paid", of(0, 0), of(1, 1)],
    ["nothing right", of(1, 1), of(0, 0)],
    ["no spread", of(1, 1, 1), of(1, 1, 1)],
  ])("is none with %s", (_, x, y) => {
    expect(ratioInterval(x, y, 0.95)).toBeUndefined();
  });

  it("is none where all questions share a cluster, and wider where clusters agree within", () => {
    const x = of(1, 1.1, 3, 3.1, 2, 2.2);
    const y = of(1, 1, 1, 1, 1, 1);
    expect(ratioInterval(x, y, 0.95, [0, 0, 0, 0, 0, 0])).toBeUndefined();
    const alone = ratioInterval(x, y, 0.95)!;
    const clustered = ratioInterval(x, y, 0.95, [0, 0, 1, 1, 2, 2])!;
    expect(clustered.high - clustered.low).toBeGreaterThan(alone.high - alone.low);
  });

  it("scales with the currency and does not depend on the order", () => {
    const x = of(1, 5, 2, 4, 3);
    const y = of(1, 0, 1, 1, 0);
    const { low, high } = ratioInterval(x, y, 0.9)!;
    const cents = ratioInterval(
      x.map((v) => 100 * v),
      y,
      0.9,
    )!;
    expect([cents.low, cents.high]).toEqual([expect.closeTo(100 * low, 9), expect.closeTo(100 * high, 9)]);
    const turned = ratioInterval(x.toReversed(), y.toReversed(), 0.9)!;
    expect([turned.low, turned.high]).toEqual([expect.closeTo(low, 9), expect.closeTo(high, 9)]);
    expect(low).toBeGreaterThan(0);
    expect(15 / 3).toBeGreaterThan(low);
    expect(15 / 3).toBeLessThan(high);
  });

  it.each([
    ["100 questions, half of them right", 100, 0.5],
    ["40 questions, a third of them right", 40, 1 / 3],
    ["400 questions, one of 20 right", 400, 0.05],
  ])("holds the true dollars per right answer in about 95 of 100 samples: %s", (_, n, p) => {
    const rng = seeded(`ratio/${n}`);
    const samples = 1500;
    let held = 0;
    let drawn = 0;
    for (let sample = 0; sample < samples; sample += 1) {
      // Costs of mean 1 with a long tail, dearer where the answer is wrong.
      const right = Float64Array.from({ length: n }, () => (rng.float() < p ? 1 : 0));
      const cost = right.map((one) => (one === 1 ? 0.5 : 1) * -Math.log(1 - rng.float()));
      const interval = ratioInterval(cost, right, 0.95);
      if (interval === undefined) continue;
      const truth = (0.5 * p + (1 - p)) / p;
      drawn += 1;
      if (interval.low <= truth && truth <= interval.high) held += 1;
    }
    expect(drawn).toBeGreaterThan(0.99 * samples);
    expect(held / drawn).toBeGreaterThan(0.92);
    expect(held / drawn).toBeLessThan(0.975);
  });
});
