import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forestAxis, forestRow, forestTicks } from "./forest-plot.ts";

const estimate = (low: number, high: number) =>
  ({
    state: "estimated",
    mean: (low + high) / 2,
    low,
    high,
    level: 0.95,
    method: "t",
    n: 9,
    unscored: 0,
    failed: 0,
  }) as const;

describe("forestAxis", () => {
  it.each([
    [[[0.31, 0.62]], [0, 1], { low: 0.3, high: 0.7, ticks: [0.3, 0.4, 0.5, 0.6, 0.7] }],
    [
      [
        [0.753, 0.915],
        [0.8, 0.944],
      ],
      [0, 1],
      { low: 0.75, high: 0.95, ticks: [0.75, 0.8, 0.85, 0.9, 0.95] },
    ],
    [[[0.02, 0.98]], [0, 1], { low: 0, high: 1, ticks: [0, 0.5, 1] }],
    [[[120, 340]], undefined, { low: 100, high: 400, ticks: [100, 200, 300, 400] }],
  ] as const)("of the intervals %j within %j is round", (intervals, range, expected) => {
    expect(
      forestAxis(
        intervals.map(([low, high]) => estimate(low, high)),
        range,
      ),
    ).toEqual(expected);
  });

  it("holds every interval, stays in the metric's range, and has 2 to 7 ticks in order", () => {
    const interval = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 5 }), (pairs) => {
        const estimates = pairs.map(([low, width]) =>
          estimate(low * (1 - width), Math.min(1, low * (1 - width) + width)),
        );
        const axis = forestAxis(estimates, [0, 1]);
        expect(axis.low).toBeGreaterThanOrEqual(0);
        expect(axis.high).toBeLessThanOrEqual(1);
        for (const { low, high } of estimates) {
          expect(axis.low).toBeLessThanOrEqual(low + 1e-9);
          expect(axis.high).toBeGreaterThanOrEqual(high - 1e-9);
        }
        expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
        expect(axis.ticks.length).toBeLessThanOrEqual(7);
        expect(axis.ticks).toEqual(axis.ticks.toSorted((a, b) => a - b));
      }),
    );
  });

  it("has a width where all intervals are one point", () => {
    const axis = forestAxis([estimate(5, 5)]);
    expect(axis.high).toBeGreaterThan(axis.low);
  });
});

it("forestRow places whisker and dot in per cent of the axis", () => {
  const row = forestRow(estimate(0.4, 0.6), { low: 0, high: 1, ticks: [0, 1] });
  expect(row).toContain('<line class="whisker" x1="40%" x2="60%" y1="50%" y2="50%"/>');
  expect(row).toContain('cx="50%"');
  expect(row.match(/class="grid"/g)).toHaveLength(2);
});

it("forestTicks labels every tick where it stands", () => {
  const ticks = forestTicks({ low: 0, high: 2, ticks: [0, 1, 2] }, (x) => `${x}`);
  expect([...ticks.matchAll(/x="([\d.]+)%" y="1rem">(\d)</g)].map((m) => [m[1], m[2]])).toEqual([
    ["0", "0"],
    ["50", "1"],
    ["100", "2"],
  ]);
});
