import { describe, expect, it } from "vitest";
import { intervalBar, scale } from "./interval-bar.ts";

const estimate = { state: "estimated", level: 0.95, method: "t", n: 9, unscored: 0, failed: 0 } as const;

describe("intervalBar", () => {
  it("draws the interval from low to high and the mean between", () => {
    expect(intervalBar({ ...estimate, mean: 0.5, low: 0.25, high: 0.75 }, [0, 1])).toMatchInlineSnapshot(
      `"<svg class="bar" viewBox="0 0 60 10" width="60" height="10" aria-hidden="true" focusable="false"><path class="track" d="M0 5H60"/><rect class="interval" x="15" y="2.5" width="30" height="5" rx="1"/><path class="mean" d="M30 0V10"/></svg>"`,
    );
  });

  it("keeps a narrow interval visible", () => {
    expect(intervalBar({ ...estimate, mean: 0.5, low: 0.5, high: 0.501 }, [0, 1])).toContain('width="1"');
  });
});

describe("scale", () => {
  it.each([
    [0, 0],
    [5, 50],
    [10, 100],
    [-3, 0],
    [12, 100],
  ])("maps %d of [0, 10] to %d of [0, 100]", (value, expected) => {
    expect(scale([0, 10], 0, 100)(value)).toBe(expected);
  });

  it("maps an empty range to its beginning", () => {
    expect(scale([3, 3], 0, 100)(3)).toBe(0);
  });
});
