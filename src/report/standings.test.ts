import { describe, expect, it } from "vitest";
import { seeded } from "../core/rng.ts";
import { estimateMean } from "../stats/index.ts";
import { metricHead } from "./metric-head.ts";
import { bestTogether, type Contender, standings } from "./standings.ts";

const options = { metric: metricHead("F1"), level: 0.95, rng: seeded("test") };

/** @param values NaN where the row has no value */
function contender(label: string, values: readonly number[], clusters?: readonly number[]): Contender {
  const scored = values.filter((x) => !Number.isNaN(x));
  const estimate = estimateMean({ values: scored, failed: 0, unscored: 0 }, { range: [0, 1], rng: seeded("e") });
  return { label, estimate, values: Float64Array.from(values), ...(clusters && { clusters }) };
}

const alternating = (n: number, share: number) =>
  Array.from({ length: n }, (_, i) => ((i * 7919) % n < share * n ? 1 : 0));
const kinds = (rows: readonly (Contender | undefined)[], changed = {}) =>
  standings(rows, { ...options, ...changed }).map(({ kind }) => kind);

describe("standings", () => {
  it("names the highest mean best, what the test separates behind, and the rest tied", () => {
    const good = alternating(200, 0.8);
    const flipped = good.map((x, i) => (i < 3 ? 1 - x : x));
    expect(kinds([contender("a", alternating(200, 0.2)), contender("b", good), contender("c", flipped)])).toEqual([
      "behind",
      "best",
      "tied",
    ]);
  });

  it("marks rows with the mean of the best together with it, whichever comes first", () => {
    const good = alternating(200, 0.8);
    const worse = good.map((x, i) => (i === good.indexOf(1) ? 0 : x));
    const moved = [...good.slice(7), ...good.slice(0, 7)];
    const rows = [contender("a", worse), contender("b", good), contender("c", moved), undefined];
    const together = (all: typeof rows) => bestTogether(all, standings(all, options)).map(({ kind }) => kind);
    expect(together(rows)).toEqual(["tied", "best", "best", "unranked"]);
    expect(together(rows.toReversed())).toEqual(["unranked", "best", "best", "tied"]);
    const alone = [contender("a", good)];
    expect(bestTogether(alone, standings(alone, options))).toEqual([
      { kind: "unranked", reason: "nothing to compare with" },
    ]);
  });

  it("takes the lowest mean where low is good", () => {
    const rows = [contender("a", alternating(200, 0.9)), contender("b", alternating(200, 0.1))];
    expect(kinds(rows, { metric: { ...options.metric, better: "lower" } })).toEqual(["behind", "best"]);
  });

  it("never calls one question of difference a difference: 54 against 53 of 71", () => {
    const eight = Array.from({ length: 71 }, (_, i) => (i < 54 ? 1 : 0));
    const seventy = Array.from({ length: 71 }, (_, i) => (i < 53 ? 1 : 0));
    const marks = standings([contender("70B", seventy), contender("8B", eight)], options);
    expect(marks[0]).toMatchObject({ kind: "tied", p: 1, pHolm: 1 });
    expect(marks[1]).toEqual({ kind: "best" });
  });

  it("adjusts by Holm over the column: a p that passes alone does not pass among many", () => {
    const best = alternating(100, 0.7);
    const lower = (losses: number) =>
      best.map((x, i) => (x === 1 && best.slice(0, i).filter((y) => y === 1).length < losses ? 0 : x));
    const close = contender("close", lower(6));
    expect(kinds([contender("best", best), close])).toEqual(["best", "behind"]);
    const field = Array.from({ length: 12 }, (_, i) => contender(`same-${i}`, lower(1)));
    const marks = standings([contender("best", best), close, ...field], options);
    expect(marks[1]).toMatchObject({ kind: "tied" });
    expect((marks[1] as { p: number }).p).toBeLessThan(0.05);
  });

  it("does not tie refusal precisions of .96 and .52 because they agree on the questions both declined", () => {
    const few = Array.from({ length: 400 }, (_, i) => (i < 200 ? (i < 192 ? 1 : 0) : Number.NaN));
    const all = few.map((x, i) => (Number.isNaN(x) ? (i < 216 ? 1 : 0) : x));
    const metric = metricHead("RefusalPrecision");
    const marks = standings([contender("all", all), contender("few", few)], { ...options, metric });
    expect(marks[1]).toEqual({ kind: "best" });
    expect(marks[0]).toMatchObject({ kind: "behind", difference: { n: 400, method: "difference-of-means-wilson" } });
  });

  it("compares the means of rows without questions in common, each with its own spread", () => {
    const row = (from: number, right: number) =>
      Array.from({ length: 200 }, (_, i) => (i < from || i >= from + 100 ? Number.NaN : i - from < right ? 1 : 0));
    expect(kinds([contender("a", row(0, 80)), contender("b", row(100, 40))])).toEqual(["best", "behind"]);
    expect(kinds([contender("a", row(0, 80)), contender("b", row(100, 76))])).toEqual(["best", "tied"]);
  });

  it("gives no mark to a single row, to what is not estimable, to what was not measured, and to an unknown metric", () => {
    const row = contender("a", alternating(50, 0.5));
    expect(standings([row], options)).toEqual([{ kind: "unranked", reason: "nothing to compare with" }]);
    expect(kinds([row, undefined, contender("one", [1, Number.NaN])])).toEqual(["unranked", "unranked", "unranked"]);
    expect(kinds([row, row], { metric: metricHead("NoSuchMetric@3") })).toEqual(["unranked", "unranked"]);
  });

  it("counts clusters, not questions: one document that differs is no evidence", () => {
    const a = Array.from({ length: 60 }, () => 1);
    const b = a.map((_, i) => (i < 30 ? 0 : 1));
    const documents = a.map((_, i) => (i < 30 ? 0 : i));
    expect(kinds([contender("a", a), contender("b", b)])).toEqual(["best", "behind"]);
    expect(kinds([contender("a", a, documents), contender("b", b, documents)])).toEqual(["best", "tied"]);
  });

  it("gives the same p for a row wherever it stands in the table", () => {
    const best = contender("best", alternating(300, 0.6));
    const row = contender("row", alternating(300, 0.53));
    const other = contender("other", alternating(300, 0.3));
    const first = standings([best, row, other], options)[1] as { p: number };
    const last = standings([other, best, row], options)[2] as { p: number };
    expect(last.p).toBe(first.p);
  });
});
