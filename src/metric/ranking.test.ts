import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRICS } from "./registry.ts";
import { outcomeOf, rankingMetric } from "./testing/metric.ts";

/** Judgements as text: `a2 b1 c0`. */
function judgements(text: string): Map<string, number> {
  return new Map(text.split(" ").map((entry) => [entry.charAt(0), Number(entry.slice(1))]));
}

const score = (name: string, ranked: string, judged: string) =>
  outcomeOf(rankingMetric(name).compute(Array.from(ranked), judgements(judged)));

const lg = Math.log2;

describe("values worked by hand", () => {
  // a2 b1 c0, ranked x a c b: x is unjudged.
  it.each([
    ["nDCG", "xacb", "a2 b1 c0", (2 / lg(3) + 1 / lg(5)) / (2 + 1 / lg(3))],
    ["nDCG@2", "xacb", "a2 b1 c0", 2 / lg(3) / (2 + 1 / lg(3))],
    ["nDCG(dcg='exp-log2')", "xacb", "a2 b1 c0", (3 / lg(3) + 1 / lg(5)) / (3 + 1 / lg(3))],
    ["nDCG@1", "ba", "a2 b1", 0.5],
    ["nDCG@10", "abc", "a3 b2 c1", 1],
    ["nDCG@2", "ab", "a-1 b1", 1 / lg(3)],
    ["R@2", "xacb", "a2 b1 c0", 0.5],
    ["R", "xacb", "a2 b1 c0", 1],
    ["R(rel=2)@1", "xacb", "a2 b1 c0", 0],
    ["R(rel=2)@2", "xacb", "a2 b1 c0", 1],
    ["P@4", "xacb", "a2 b1 c0", 0.5],
    ["P@8", "xacb", "a2 b1 c0", 0.25],
    ["P(rel=2)@4", "xacb", "a2 b1 c0", 0.25],
    ["PrecisionRetrieved@8", "xacb", "a2 b1 c0", 0.5],
    ["RR", "xacb", "a2 b1 c0", 0.5],
    ["RR@1", "xacb", "a2 b1 c0", 0],
    ["RR(rel=2)@2", "xba", "a2 b1", 0],
    ["AP", "xacb", "a2 b1 c0", (1 / 2 + 2 / 4) / 2],
    ["AP@2", "xacb", "a2 b1 c0", 1 / 2 / 2],
    ["AP(rel=2)", "xacb", "a2 b1 c0", 1 / 2],
    ["Success@1", "xacb", "a2 b1 c0", 0],
    ["Success@2", "xacb", "a2 b1 c0", 1],
    ["Complete@3", "xacb", "a2 b1 c0", 0],
    ["Complete@4", "xacb", "a2 b1 c0", 1],
    ["Complete(rel=2)@2", "xacb", "a2 b1 c0", 1],
    ["Rprec", "xacb", "a2 b1 c0", 0.5],
    ["Rprec", "a", "a2 b1 c0", 0.5],
    // b stands below the one judged non-relevant hit; min(N, R) = 1.
    ["Bpref", "xacb", "a2 b1 c0", (1 + 0) / 2],
    ["Bpref", "cdab", "a1 b1 c0 d0 e0", 0],
    ["Bpref", "cab", "a1 b1 c0 d0 e0", 0.5],
    ["Bpref", "ab", "a1 b1", 1],
    ["RBP(p=0.5)", "xacb", "a2 b1 c0", 0.5 * (0.5 + 0.125)],
    ["RBP(p=0.5)@2", "xacb", "a2 b1 c0", 0.25],
    ["ERR(max=2)", "xacb", "a2 b1 c0", (3 / 4) * (1 / 2) + (1 / 4) * (1 / 4) * (1 / 4)],
    ["ERR(max=2)@1", "xacb", "a2 b1 c0", 0],
    ["ERR(max=1)", "a", "a5", 0.5],
    ["Judged@2", "xacb", "a2 b1 c0", 0.5],
    ["Judged@10", "xacb", "a2 b1 c0", 0.75],
    ["Judged@10", "c", "a0 c0", 1],
  ])("%s of %s with %s", (name, ranked, judged, expected) => {
    expect(score(name, ranked, judged)).toBeCloseTo(expected, 12);
  });

  it("ids that JavaScript treats specially are ids like others", () => {
    const judged = new Map([
      ["__proto__", 1],
      ["toString", 0],
    ]);
    expect(outcomeOf(rankingMetric("RR").compute(["toString", "constructor", "__proto__"], judged))).toBeCloseTo(1 / 3);
  });
});

const ids = Array.from("abcdefghij");
const ranking = fc.shuffledSubarray(ids);
const judged = fc
  .array(fc.tuple(fc.constantFrom(...ids), fc.integer({ min: -1, max: 4 })), { minLength: 1 })
  .map((entries) => new Map(entries));
const names = METRICS.filter((d) => d.kind === "ranking").map((d) => (d.name === "P" ? "P@5" : d.name));
const cut = names.filter((name) => !["Rprec", "Bpref"].includes(name)).map((name) => name.replace("@5", ""));

describe("relations", () => {
  it.each(names)("%s stays in its range and is 0 for an empty ranking", (name) => {
    const metric = rankingMetric(name);
    fc.assert(
      fc.property(ranking, judged, (ranked, grades) => {
        const value = outcomeOf(metric.compute(ranked, grades));
        if (typeof value === "string") return;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
        expect(outcomeOf(metric.compute([], grades))).toBe(0);
      }),
    );
  });

  it.each(names)("%s does not depend on what the ids are called", (name) => {
    const metric = rankingMetric(name);
    fc.assert(
      fc.property(ranking, judged, (ranked, grades) => {
        const renamed = new Map(Array.from(grades, ([id, grade]) => [`${id}/x`, grade]));
        const other = metric.compute(
          ranked.map((id) => `${id}/x`),
          renamed,
        );
        expect(other).toEqual(metric.compute(ranked, grades));
      }),
    );
  });

  it.each(names)("%s is not moved by repeated hits or by the order of the judgements", (name) => {
    const metric = rankingMetric(name);
    fc.assert(
      fc.property(ranking, judged, (ranked, grades) => {
        const expected = metric.compute(ranked, grades);
        expect(
          metric.compute(
            ranked.flatMap((id, i) => [id, ...ranked.slice(0, i)]),
            grades,
          ),
        ).toEqual(expected);
        const reversed = outcomeOf(metric.compute(ranked, new Map(Array.from(grades).reverse())));
        const value = outcomeOf(expected);
        if (typeof value === "number") expect(reversed).toBeCloseTo(value, 12);
        else expect(reversed).toBe(value);
      }),
    );
  });

  it.each(["R", "Success", "Complete", "RR", "AP", "RBP", "ERR"])("%s does not fall as the cutoff grows", (name) => {
    fc.assert(
      fc.property(ranking, judged, fc.integer({ min: 1, max: 9 }), (ranked, grades, k) => {
        const small = outcomeOf(rankingMetric(`${name}@${k}`).compute(ranked, grades));
        const large = outcomeOf(rankingMetric(`${name}@${k + 1}`).compute(ranked, grades));
        if (typeof small === "number") expect(large).toBeGreaterThanOrEqual(small);
      }),
    );
  });

  it.each(cut)("%s@k looks at the first k hits only", (name) => {
    fc.assert(
      fc.property(ranking, judged, fc.integer({ min: 1, max: 10 }), (ranked, grades, k) => {
        const metric = rankingMetric(`${name}@${k}`);
        expect(metric.depth).toBe(k);
        expect(metric.compute(ranked.slice(0, k), grades)).toEqual(metric.compute(ranked, grades));
      }),
    );
  });

  it.each(["nDCG", "AP", "RR", "R@3", "P@3", "Rprec", "Bpref", "RBP", "ERR"])(
    "%s does not fall when a better hit changes places with the worse one above it",
    (name) => {
      const metric = rankingMetric(name);
      fc.assert(
        fc.property(ranking, judged, fc.nat(), (ranked, grades, seed) => {
          fc.pre(ranked.length >= 2 && ranked.every((id) => grades.has(id)));
          const i = seed % (ranked.length - 1);
          const [above, below] = [ranked[i]!, ranked[i + 1]!];
          fc.pre(grades.get(below)! > grades.get(above)! && grades.get(above)! >= 0);
          const swapped = ranked.with(i, below).with(i + 1, above);
          const before = outcomeOf(metric.compute(ranked, grades));
          const after = outcomeOf(metric.compute(swapped, grades));
          if (typeof before === "number") expect(after).toBeGreaterThanOrEqual(before - 1e-12);
        }),
      );
    },
  );

  it("nDCG is 1 exactly for rankings by grade; Success = [R > 0]; Complete = [R = 1]; RR@k > 0 iff Success@k", () => {
    fc.assert(
      fc.property(ranking, judged, fc.integer({ min: 1, max: 10 }), (ranked, grades, k) => {
        const of = (name: string) => outcomeOf(rankingMetric(name).compute(ranked, grades));
        const recall = of(`R@${k}`);
        if (typeof recall === "string") return;
        expect(of(`Success@${k}`)).toBe(recall > 0 ? 1 : 0);
        expect(of(`Complete@${k}`)).toBe(recall === 1 ? 1 : 0);
        expect(Number(of(`RR@${k}`)) > 0).toBe(recall > 0);
        const best = Array.from(grades.keys()).sort((a, b) => grades.get(b)! - grades.get(a)!);
        expect(outcomeOf(rankingMetric(`nDCG@${k}`).compute(best, grades))).toBeCloseTo(1, 12);
      }),
    );
  });
});
