import { describe, expect, it } from "vitest";
import { studentTCdf } from "./student-t.ts";
import { welch } from "./welch.ts";

describe("welch", () => {
  it("gives the figures worked by hand: t 2, 8 degrees of freedom where spreads and sizes are equal", () => {
    // Squared errors .2 each, so that t = 1.264911 / √.4 = 2 and df = .16 / (.04/4 + .04/4) = 8.
    const side = { sd: 1, n: 5 };
    expect(welch({ mean: Math.sqrt(1.6), ...side }, { mean: 0, ...side })).toBeCloseTo(2 * studentTCdf(-2, 8), 12);
  });

  it("takes degrees of freedom from the wider side where spreads differ", () => {
    // .25 and .01: df = .0676 / (.0625/3 + .0001/99) = 3.2446.
    const p = welch({ mean: 1, sd: 1, n: 4 }, { mean: 0, sd: 1, n: 100 });
    const df = 0.26 ** 2 / (0.25 ** 2 / 3 + 0.01 ** 2 / 99);
    expect(p).toBeCloseTo(2 * studentTCdf(-1 / Math.sqrt(0.26), df), 12);
    expect(df).toBeCloseTo(3.2446, 3);
  });

  it("does not depend on the order, and falls with the distance", () => {
    const [a, b] = [
      { mean: 8.39, sd: 0.08, n: 5 },
      { mean: 8.41, sd: 0.04, n: 5 },
    ];
    expect(welch(a, b)).toBe(welch(b, a));
    expect(welch(a, b)).toBeGreaterThan(0.5);
    expect(welch(a, { ...b, mean: 9.03 })).toBeLessThan(0.001);
  });

  it("without any spread separates what is not equal", () => {
    const side = { sd: 0, n: 3 };
    expect(welch({ mean: 1, ...side }, { mean: 1, ...side })).toBe(1);
    expect(welch({ mean: 1, ...side }, { mean: 2, ...side })).toBe(0);
  });

  it.each([
    { mean: 1, sd: 1, n: 1 },
    { mean: 1, sd: -1, n: 5 },
    { mean: Number.NaN, sd: 1, n: 5 },
  ])("refuses %j", (bad) => {
    expect(() => welch(bad, { mean: 0, sd: 1, n: 5 })).toThrow("a spread needs");
  });
});
