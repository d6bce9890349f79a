import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { differenceOfMeans } from "./difference-of-means.ts";
import { estimateMean } from "./estimate-mean.ts";
import { pairedRandomization } from "./paired-randomization.ts";
import { tInterval } from "./t-interval.ts";
import { gauss } from "./testing/populations.ts";

const rng = seeded("difference of means");
const none = (n: number) => Array.from({ length: n }, () => undefined);
const share = (right: number, n: number) => Array.from({ length: n }, (_, i) => (i < right ? 1 : 0));
const options = { proportion: true, range: [0, 1], rng } as const;

describe("differenceOfMeans", () => {
  // Newcombe, Statistics in Medicine 17, 1998, 873-890, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [10, 10, 0, 10, 0.6075, 1],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
  ])("of proportions over separate questions is Newcombe's: %i/%i - %i/%i", (x, m, y, n, low, high) => {
    const a = [...share(x, m), ...none(n)];
    const b = [...none(m), ...share(y, n)];
    const estimate = differenceOfMeans(a, b, options).estimate(0.95);
    expect(estimate).toMatchObject({ state: "estimated", n: m + n, method: "difference-of-means-wilson" });
    if (estimate.state !== "estimated") return;
    expect(estimate.mean).toBeCloseTo(x / m - y / n, 12);
    expect(estimate.low).toBeCloseTo(low, 4);
    expect(estimate.high).toBeCloseTo(high, 4);
  });

  it("of means over the same questions is nearly the paired t interval, and its p nearly the paired test's", () => {
    const source = seeded("same questions");
    const b = Array.from({ length: 400 }, () => gauss(source));
    const a = b.map((x) => x + 0.6 * gauss(source) + 0.05);
    const both = differenceOfMeans(a, b, { proportion: false, rng });
    const estimate = both.estimate(0.95);
    const differences = a.map((x, i) => x - b[i]!);
    const paired = tInterval(differences, 0.95);
    if (estimate.state !== "estimated") throw new Error(estimate.reason);
    expect(estimate.low).toBeCloseTo(paired.low, 3);
    expect(estimate.high).toBeCloseTo(paired.high, 3);
    expect(both.p).toBeCloseTo(pairedRandomization(differences, { rng }).p, 1);
  });

  it("has p at most alpha exactly when the interval of that level excludes 0, and is odd in its sides", () => {
    const source = seeded("odd");
    for (let i = 0; i < 40; i++) {
      const [a, b] = [0.6, 0.45].map((right) =>
        Array.from({ length: 90 }, () => (source.float() < 0.3 ? undefined : source.float() < right ? 1 : 0)),
      );
      const [ab, ba] = [differenceOfMeans(a!, b!, options), differenceOfMeans(b!, a!, options)];
      const [x, y] = [ab.estimate(0.95), ba.estimate(0.95)];
      if (x.state !== "estimated" || y.state !== "estimated") throw new Error("not estimated");
      expect(ab.p <= 0.05).toBe(x.low > 0 || x.high < 0);
      expect(ba.p).toBeCloseTo(ab.p, 9);
      expect(-y.high).toBeCloseTo(x.low, 12);
      expect(x.low).toBeGreaterThanOrEqual(-1);
      expect(x.high).toBeLessThanOrEqual(1);
    }
  });

  it("takes clusters as its units: copies of every question in its cluster add nothing", () => {
    const [a, b] = [share(14, 24), share(5, 30)];
    const [x, y] = [
      [...a, ...none(20)],
      [...none(14), ...b],
    ];
    const thrice = <T>(values: readonly T[]) => values.flatMap((v) => [v, v, v]);
    const clusters = x.map((_, i) => i);
    const once = differenceOfMeans(x, y, { ...options, proportion: false, clusters }).estimate(0.95);
    const copied = differenceOfMeans(thrice(x), thrice(y), {
      ...options,
      proportion: false,
      clusters: thrice(clusters),
    }).estimate(0.95);
    if (once.state !== "estimated" || copied.state !== "estimated") throw new Error("not estimated");
    expect(copied.low).toBeCloseTo(once.low, 9);
    expect(copied.high).toBeCloseTo(once.high, 9);
  });

  it("is not estimable, with p 1, where a side has fewer than two values", () => {
    const { estimate, p } = differenceOfMeans([1, undefined, undefined], [1, 0, 1], options);
    expect(estimate(0.95)).toMatchObject({ state: "not-estimable", n: 3 });
    expect(p).toBe(1);
    expect(() => differenceOfMeans([1], [1, 0], options)).toThrow("values of 1 and of 2 questions");
  });

  it("covers the true difference of refusal precisions, where pairs on common refusals cover it never", () => {
    // 120 questions, a third unanswerable. B declines what A declines and half of the rest.
    const source = seeded("coverage");
    const runs = 600;
    // P(unanswerable | A declines) = .7/3 / (.7/3 + .1·2/3); B adds half of what A answers.
    const [au, aa] = [0.7 / 3, (0.1 * 2) / 3];
    const [bu, ba] = [au + 0.5 * (1 / 3 - au), aa + 0.5 * (2 / 3 - aa)];
    const truth = au / (au + aa) - bu / (bu + ba);
    let covered = 0;
    let told = 0;
    let commonDiffer = 0;
    for (let run = 0; run < runs; run++) {
      const a: (number | undefined)[] = [];
      const b: (number | undefined)[] = [];
      for (let q = 0; q < 120; q++) {
        const unanswerable = source.float() < 1 / 3 ? 1 : 0;
        const declinesA = source.float() < (unanswerable ? 0.7 : 0.1);
        const declinesB = declinesA || source.float() < 0.5;
        a.push(declinesA ? unanswerable : undefined);
        b.push(declinesB ? unanswerable : undefined);
      }
      const difference = differenceOfMeans(a, b, options);
      const estimate = difference.estimate(0.95);
      if (estimate.state === "estimated" && estimate.low <= truth && truth <= estimate.high) covered++;
      if (difference.p <= 0.05) told++;
      if (a.some((x, i) => x !== undefined && b[i] !== undefined && x !== b[i])) commonDiffer++;
    }
    expect(commonDiffer).toBe(0);
    expect(covered / runs).toBeGreaterThan(0.93);
    expect(covered / runs).toBeLessThan(0.98);
    expect(told / runs).toBeGreaterThan(0.9);
  });

  it("seldom sees a difference where there is none", () => {
    const source = seeded("null");
    const runs = 1000;
    let told = 0;
    for (let run = 0; run < runs; run++) {
      const side = (): (number | undefined)[] => [];
      const [a, b] = [side(), side()];
      for (let q = 0; q < 80; q++) {
        const unanswerable = source.float() < 0.4 ? 1 : 0;
        a.push(source.float() < 0.5 ? unanswerable : undefined);
        b.push(source.float() < 0.5 ? unanswerable : undefined);
      }
      if (differenceOfMeans(a, b, options).p <= 0.05) told++;
    }
    expect(told / runs).toBeGreaterThan(0.03);
    expect(told / runs).toBeLessThan(0.065);
  });

  it("keeps each mean's own interval when the other is known exactly", () => {
    const a = share(30, 50);
    const exact = { mean: 0, low: 0, high: 0 };
    const alone = estimateMean({ values: a, failed: 0, unscored: 0 }, { proportion: true, rng });
    const many = [...none(50), ...share(0, 1_000_000)];
    const estimate = differenceOfMeans([...a, ...none(1_000_000)], many, options).estimate(0.95);
    if (estimate.state !== "estimated" || alone.state !== "estimated") throw new Error("not estimated");
    expect(estimate.low).toBeCloseTo(alone.low - exact.low, 3);
    expect(estimate.high).toBeCloseTo(alone.high - exact.high, 3);
  });
});
