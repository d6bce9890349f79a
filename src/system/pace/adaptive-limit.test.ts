import { describe, expect, it } from "vitest";
import { AdaptiveLimit } from "./adaptive-limit.ts";

/** So many good replies of a latency. */
function good(limit: AdaptiveLimit, count: number, ms: number, now = 0): void {
  for (let i = 0; i < count; i += 1) limit.good(ms, now, now);
}

describe("AdaptiveLimit", () => {
  it("starts at what is allowed and never goes beyond", () => {
    const limit = new AdaptiveLimit(8);
    good(limit, 500, 100);
    expect(limit.current).toBe(8);
  });

  it("goes down once for all calls that were under way together", () => {
    const limit = new AdaptiveLimit(10);
    for (let i = 0; i < 10; i += 1) limit.busy(0, 50 + i);
    expect(limit.current).toBe(7);
    limit.busy(100, 150);
    expect(limit.current).toBe(4);
  });

  it("stays at one at least, and recovers by one a round", () => {
    const limit = new AdaptiveLimit(4);
    for (let now = 1; now < 50; now += 1) limit.busy(now, now);
    expect(limit.current).toBe(1);
    good(limit, 1, 100, 60);
    expect(limit.current).toBe(2);
    good(limit, 2, 100, 60);
    expect(limit.current).toBe(3);
    good(limit, 100, 100, 60);
    expect(limit.current).toBe(4);
  });

  it("backs off when latency grows to more than three times the usual, not when it varies", () => {
    const limit = new AdaptiveLimit(32);
    good(limit, 64, 100);
    good(limit, 64, 250, 1);
    expect(limit.current).toBe(32);
    good(limit, 64, 900, 2);
    expect(limit.current).toBeLessThan(32);
  });

  it("takes a new usual latency for what it is in the end", () => {
    const limit = new AdaptiveLimit(16);
    good(limit, 160, 100);
    good(limit, 2000, 500, 1);
    good(limit, 1000, 500, 2);
    expect(limit.current).toBe(16);
  });

  it("allows more when another part with more calls at once asks the same server, and never fewer", () => {
    const limit = new AdaptiveLimit(10);
    limit.busy(0, 1);
    expect(limit.current).toBe(7);
    limit.raise(20);
    expect([limit.current, limit.max]).toEqual([17, 20]);
    limit.raise(5);
    expect([limit.current, limit.max]).toEqual([17, 20]);
  });
});
