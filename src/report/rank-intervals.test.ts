import { describe, expect, it } from "vitest";
import { type Rng, seeded } from "../core/rng.ts";
import { estimateMean, tInterval } from "../stats/index.ts";
import { metricHead } from "./metric-head.ts";
import { columnPairs, MOST_RANKED, rankIntervals } from "./rank-intervals.ts";
import { type Contender, standings } from "./standings.ts";

const options = { metric: metricHead("F1"), level: 0.95, rng: seeded("test") };

/** @param values NaN where the row has no value */
function contender(label: string, values: ArrayLike<number>, clusters?: readonly number[]): Contender {
  const scored = Array.from(values).filter((x) => !Number.isNaN(x));
  const estimate = estimateMean(
    { values: scored, failed: 0, unscored: 0 },
    { method: "t", range: [0, 1], rng: seeded("e") },
  );
  return { label, estimate, values: Float64Array.from(values), ...(clusters && { clusters }) };
}

const right = (n: number, share: number, rng: Rng) => Array.from({ length: n }, () => (rng.float() < share ? 1 : 0));
const ranksOf = (rows: readonly (Contender | undefined)[], changed = {}) => {
  const all = { ...options, ...changed };
  return rankIntervals(rows, columnPairs(rows, standings(rows, all), all), all.metric);
};
const places = (rows: readonly (Contender | undefined)[], changed = {}) =>
  ranksOf(rows, changed).map((rank) => rank && `${rank.low}–${rank.high}`);

describe("rankIntervals", () => {
  it("gives rows that are far apart one place each, and none to what was not measured", () => {
    const rng = seeded("far");
    const rows = [0.2, 0.9, 0.55].map((share, i) => contender(`r${i}`, right(300, share, rng)));
    expect(places([rows[0], undefined, rows[1], rows[2]])).toEqual(["3–3", undefined, "1–1", "2–2"]);
    expect(places(rows, { metric: { ...options.metric, better: "lower" } })).toEqual(["1–1", "3–3", "2–2"]);
  });

  it("lets rows of which nothing can be told share places, and names them: 54 and 53 of 71", () => {
    const counts = [54, 53, 20];
    const rows = counts.map((count, i) =>
      contender(
        `r${i}`,
        Array.from({ length: 71 }, (_, q) => (q < count ? 1 : 0)),
      ),
    );
    expect(places(rows)).toEqual(["1–2", "1–2", "3–3"]);
    expect(ranksOf(rows)[0]).toEqual({ low: 1, high: 2, of: 3, same: [1] });
    expect(ranksOf(rows)[2]!.same).toEqual([]);
  });

  it("begins with 1 exactly where the mark says best or tied, whatever the values", () => {
    for (let seed = 0; seed < 12; seed += 1) {
      const rng = seeded(`marks ${seed}`);
      const rows = Array.from({ length: 7 }, (_, i) => contender(`r${i}`, right(60, 0.3 + 0.08 * i, rng)));
      const marks = standings(rows, options);
      for (const [i, rank] of rankIntervals(rows, columnPairs(rows, marks, options), options.metric).entries()) {
        expect(rank!.low === 1, `row ${i} of seed ${seed}`).toBe(marks[i]!.kind !== "behind");
        expect(rank!.low).toBeLessThanOrEqual(rank!.high);
        expect(rank!.high - rank!.low + 1).toBeLessThanOrEqual(1 + rank!.same.length);
        for (const j of rank!.same)
          expect(rankIntervals(rows, columnPairs(rows, marks, options), options.metric)[j]!.same).toContain(i);
      }
    }
  });

  it("does not depend on the order of the rows, but for whom it names", () => {
    const rng = seeded("order");
    const rows = Array.from({ length: 6 }, (_, i) => contender(`r${i}`, right(80, 0.3 + 0.1 * i, rng)));
    expect(places(rows.toReversed())).toEqual(places(rows).toReversed());
  });

  it("separates equal systems in no more than 5 of 100 tables, and covers the true places of others", () => {
    let [separated, missed] = [0, 0];
    const shares = [0.5, 0.5, 0.5, 0.7, 0.7];
    for (let seed = 0; seed < 100; seed += 1) {
      const rng = seeded(`coverage ${seed}`);
      const equal = Array.from({ length: 5 }, (_, i) => contender(`r${i}`, right(50, 0.5, rng)));
      const fast = { ...options, rng: seeded(seed) };
      if (places(equal, fast).some((place) => place !== "1–5")) separated += 1;
      const unequal = ranksOf(
        shares.map((share, i) => contender(`r${i}`, right(50, share, rng))),
        fast,
      );
      // Any of the places 3 to 5 is true of the lower ones, 1 or 2 of the upper ones.
      if (unequal.some((rank, i) => (shares[i] === 0.7 ? rank!.low > 2 : rank!.high < 3))) missed += 1;
    }
    expect(separated).toBeLessThanOrEqual(11);
    expect(missed).toBeLessThanOrEqual(11);
  }, 60_000);

  it("is not surer of a few questions than they allow", () => {
    // The same difference on each of 4 questions: of 16 assignments of signs two are as far.
    const rows = [contender("best", [1, 1, 1, 1]), contender("a", [0.9, 0.9, 0.9, 0.9]), contender("b", [0, 0, 0, 0])];
    expect(places(rows)).toEqual(["1–3", "1–3", "1–3"]);
  });

  it("is less sure of clusters than of as many independent questions", () => {
    const rng = seeded("clusters");
    const repeat = (values: readonly number[]) => values.flatMap((x) => Array.from({ length: 10 }, () => x));
    const clusters = repeat(Array.from({ length: 12 }, (_, i) => i));
    const shares = [0.95, 0.75, 0.35].map((share) => repeat(right(12, share, rng)));
    const wide = ranksOf(shares.map((values, i) => contender(`r${i}`, values, clusters)));
    const narrow = ranksOf(shares.map((values, i) => contender(`r${i}`, values)));
    const width = (ranks: typeof wide) => ranks.reduce((sum, rank) => sum + rank!.high - rank!.low, 0);
    expect(width(wide)).toBeGreaterThan(width(narrow));
  });

  it("compares means that are over different questions by what each question adds", () => {
    const few = Array.from({ length: 400 }, (_, i) => (i < 200 ? (i < 192 ? 1 : 0) : Number.NaN));
    const all = few.map((x, i) => (Number.isNaN(x) ? (i < 216 ? 1 : 0) : x));
    const low = all.map((x, i) => (i < 150 ? 0 : x));
    const metric = metricHead("RefusalPrecision");
    expect(places([contender("few", few), contender("all", all), contender("low", low)], { metric })).toEqual([
      "1–1",
      "2–2",
      "3–3",
    ]);
  });

  it("ranks nothing where there is nothing to rank, or far too much", () => {
    const one = contender("a", [0, 1, 1]);
    expect(places([one])).toEqual([undefined]);
    const many = Array.from({ length: MOST_RANKED + 1 }, (_, i) => contender(`r${i}`, [0, 1, 1]));
    const marks = many.map((_, i) => (i === 0 ? { kind: "best" as const } : tied));
    expect(new Set(rankIntervals(many, columnPairs(many, marks, options), options.metric))).toEqual(
      new Set([undefined]),
    );
  });
});

const tied = {
  kind: "tied",
  difference: { state: "not-estimable", reason: "", n: 3, unscored: 0, failed: 0 },
  p: 1,
  pHolm: 1,
} as const;

describe("columnPairs", () => {
  const values = { best: [1, 1, 1, 1, 1, 1], b: [1, 0, 1, 0, 1, 1], c: [0, 0, 1, 0, 0, 1] };
  const rowsOf = (clusters?: readonly number[]) =>
    Object.entries(values).map(([label, own]) => contender(label, own, clusters));
  const pairsOf = (rows: readonly (Contender | undefined)[]) => columnPairs(rows, standings(rows, options), options);
  const minus = values.b.map((b, i) => b - values.c[i]!);

  it("has the differences to the best of the standings, and the paired t interval of every other", () => {
    const rows = rowsOf();
    const marks = standings(rows, options);
    const pairs = columnPairs(rows, marks, options);
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      [1, 0],
      [2, 0],
      [1, 2],
    ]);
    for (const { a, difference, interval, pHolm, apart } of pairs.slice(0, 2)) {
      const mark = marks[a]!;
      if (mark.kind !== "tied" && mark.kind !== "behind") throw new Error("is compared with the best");
      expect(mark.difference).toMatchObject({ mean: difference, low: interval![0], high: interval![1] });
      expect([pHolm, apart]).toEqual([mark.pHolm, mark.kind === "behind"]);
    }
    // By hand: of 1 0 0 0 1 0 the mean is 1/3, s² 4/15, t(5) 2.5706; 1/3 ± 2.5706 × √(4/90).
    const { difference, interval, apart } = pairs[2]!;
    expect(difference).toBeCloseTo(1 / 3, 12);
    expect(interval![0]).toBeCloseTo(-0.2086, 4);
    const { low, high } = tInterval(minus, 0.95);
    expect(interval![0]).toBeCloseTo(low, 12);
    expect(interval![1]).toBeCloseTo(high, 12);
    expect(apart).toBe(false);
  });

  it("counts clusters where questions have them", () => {
    const clusters = [0, 0, 1, 1, 2, 2];
    const { low, high } = tInterval(minus, 0.95, clusters);
    const { interval } = pairsOf(rowsOf(clusters))[2]!;
    expect(interval![0]).toBeCloseTo(low, 12);
    expect(interval![1]).toBeCloseTo(high, 12);
  });

  it("has no interval where no question differs, and no pairs of rows that are not ranked", () => {
    const [best, b] = rowsOf();
    const pairs = pairsOf([best, b, { ...b!, label: "twin" }, undefined]);
    expect(pairs).toHaveLength(3);
    expect(pairs[2]).toEqual({ a: 1, b: 2, difference: 0, pHolm: 1, apart: false });
    expect(pairsOf([best])).toEqual([]);
  });
});
