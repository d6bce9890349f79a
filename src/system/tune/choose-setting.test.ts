import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseSetting } from "./choose-setting.ts";

const rows = (...scores: readonly number[][]) => scores.map((row) => Float64Array.from(row));

describe("chooseSetting", () => {
  it("takes the setting of the highest mean, and says how many it looked at", () => {
    const scores = rows([1, 0, 0], [1, 1, 0], [0, 0, 1]);
    expect(chooseSetting({ settings: ["a", "b", "c"], scores, clusters: ["x", "y", "z"] })).toEqual({
      setting: "b",
      mean: 2 / 3,
      looked: 3,
      n: 3,
    });
  });

  it("keeps the first of equal ones, also where sums differ in their last bits", () => {
    const scores = rows([0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.3, 0.1, 0.2]);
    expect(chooseSetting({ settings: ["a", "b", "c"], scores, clusters: ["x", "y", "z"] }).setting).toBe("a");
  });

  it("scores every question by what is best on the other documents, worked by hand", () => {
    // x and y are one document each. Without x, b is better; without y, a is.
    const scores = rows([1, 1, 0], [0, 0, 1]);
    const { crossValidated, setting } = chooseSetting({ settings: ["a", "b"], scores, clusters: ["x", "x", "y"] }, 2);
    expect(setting).toBe("a");
    expect(crossValidated).toEqual({ mean: 0, scores: Float64Array.of(0, 0, 0), folds: 2, chosen: ["b", "a"] });
  });

  it("makes no more folds than there are documents", () => {
    const scores = rows([1, 1, 1], [0, 0, 0]);
    const tuned = chooseSetting({ settings: ["a", "b"], scores, clusters: ["x", "y", "z"] }, 10);
    expect(tuned.crossValidated).toMatchObject({ folds: 3, mean: 1, chosen: ["a", "a", "a"] });
  });

  it.each([
    ["no settings", [], [], ["x"]],
    ["no questions", ["a"], rows([]), []],
    ["scores that are missing", ["a"], rows([1]), ["x", "y"]],
    ["a score that is no number", ["a"], rows([Number.NaN]), ["x"]],
  ])("refuses %s", (_title, settings, scores, clusters) => {
    expect(() => chooseSetting({ settings, scores, clusters })).toThrow(/needs/);
  });

  it.each([
    [1, ["x", "y"]],
    [2, ["x", "x"]],
    [2.5, ["x", "y", "z"]],
  ])("refuses %d folds of %j", (folds, clusters) => {
    const scores = [new Float64Array(clusters.length)];
    expect(() => chooseSetting({ settings: ["a"], scores, clusters }, folds)).toThrow("cross-validation needs");
  });

  const table = fc
    .record({ settings: fc.integer({ min: 1, max: 5 }), n: fc.integer({ min: 2, max: 15 }) })
    .chain(({ settings, n }) =>
      fc.record({
        scores: fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: n, maxLength: n }), {
          minLength: settings,
          maxLength: settings,
        }),
        clusters: fc.array(fc.constantFrom("u", "v", "w", "x", "y", "z"), { minLength: n, maxLength: n }),
      }),
    )
    .filter(({ clusters }) => new Set(clusters).size > 1);

  it("each fold's choice equals choosing on the other questions alone", () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 2, max: 4 }), ({ scores, clusters }, folds) => {
        const settings = scores.map((_, s) => s);
        const { crossValidated } = chooseSetting({ settings, scores: rows(...scores), clusters }, folds);
        const order = [...new Set(clusters)];
        const count = Math.min(folds, order.length);
        expect(crossValidated!.folds).toBe(count);
        for (let fold = 0; fold < count; fold += 1) {
          const seen = clusters.flatMap((cluster, i) => (order.indexOf(cluster) % count === fold ? [] : [i]));
          const alone = chooseSetting({
            settings,
            scores: rows(...scores.map((row) => seen.map((i) => row[i]!))),
            clusters: seen.map((i) => clusters[i]!),
          });
          expect(crossValidated!.chosen[fold]).toBe(alone.setting);
          for (const [i, cluster] of clusters.entries()) {
            if (order.indexOf(cluster) % count === fold)
              expect(crossValidated!.scores[i]).toBe(scores[alone.setting]![i]);
          }
        }
      }),
    );
  });

  it("of one setting is worth on unseen questions what it is on seen ones", () => {
    fc.assert(
      fc.property(table, ({ scores, clusters }) => {
        const tuned = chooseSetting({ settings: ["a"], scores: rows(scores[0]!), clusters }, 3);
        expect(tuned.crossValidated!.mean).toBeCloseTo(tuned.mean, 10);
      }),
    );
  });

  it("on noise is too good where it was chosen, and honest where it was cross-validated", () => {
    // 40 settings that are all worth .5: the best of them looks better than it is.
    let state = 1;
    const random = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    let [seen, unseen] = [0, 0];
    for (let round = 0; round < 50; round += 1) {
      const settings = Array.from({ length: 40 }, (_, s) => s);
      const scores = settings.map(() => Float64Array.from({ length: 60 }, () => Math.round(random())));
      const clusters = Array.from({ length: 60 }, (_, i) => `d${i}`);
      const { mean, crossValidated } = chooseSetting({ settings, scores, clusters }, 10);
      seen += mean / 50;
      unseen += crossValidated!.mean / 50;
    }
    expect(seen).toBeGreaterThan(0.6);
    expect(unseen).toBeGreaterThan(0.46);
    expect(unseen).toBeLessThan(0.54);
  });
});
