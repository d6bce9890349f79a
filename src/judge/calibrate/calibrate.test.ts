import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { hasShared, shared } from "../../lib/testing/shared.ts";
import type { GradedSet } from "../labels/graded-set.ts";
import { raterSlots, readLlmJudge, readMtragHumanEval, readOpenqaEval } from "../labels/index.ts";
import { type CalibratedGrades, type CalibratedItem, calibrate, checkThresholds } from "./calibrate.ts";

const options = { level: 0.95, resamples: 500, rng: seeded("0") };
const item = (id: string, query: string, more: Partial<CalibratedItem> = {}): CalibratedItem => ({
  id,
  query,
  ...more,
});

/** Six answers to three questions by two systems, two people; the judge failed on one. */
const ITEMS = ["q1", "q1", "q2", "q2", "q3", "q3"].map((query, i) =>
  item(`a${i}`, query, { systems: [i % 2 === 0 ? "one" : "two"], tags: i < 2 ? ["hard"] : [] }),
);
const CRITERION: CalibratedGrades = {
  id: "correctness",
  scale: [0, 1, 2, 3],
  people: new Map([
    ["anna", [0, 3, 2, 3, 1, 0]],
    ["ben", [0, 3, 3, 3, undefined, 0]],
  ]),
  judge: [
    [0, 3, 3, 2, 1, undefined],
    [0, 3, 3, 3, 1, 0],
  ],
};

/** The one judge of a published set, as a judge of one repeat. */
function judgeOf({ items, criteria }: GradedSet, criterion: string, judge: string) {
  const { scale, people, judges } = criteria.get(criterion)!;
  return calibrate(items, [{ id: criterion, scale, people, judge: [judges.get(judge)!] }], options).criteria[0]!;
}

describe("calibrate", () => {
  const { criteria, systems } = calibrate(ITEMS, [CRITERION], options);
  const [found] = criteria as [NonNullable<(typeof criteria)[0]>];

  it("compares the first repeat with the median label, by hand", () => {
    // Labels 0 3 2 3 1 (the lower of 2 and 3), grades 0 3 3 2 1.
    expect(found).toMatchObject({ n: 5, questions: 3, judgeFailed: 1 });
    expect(found.figures.exact).toMatchObject({ value: 3 / 5, n: 5 });
    expect(found.figures.within_one).toMatchObject({ value: 1 });
    expect(found.figures.mae).toMatchObject({ value: 2 / 5 });
    expect(found.figures.bias).toMatchObject({ value: 0 });
    expect(found.confusion).toEqual([
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 1],
      [0, 0, 1, 1],
    ]);
  });

  it("says how well people agree among themselves, and the judge with itself", () => {
    expect(found.ceiling).toMatchObject({ raters: 2, n: 5, figures: { exact: { value: 4 / 5 } } });
    expect(found.repeats).toMatchObject({ repeats: 2, n: 5, exact: { value: 4 / 5 } });
  });

  it("names each system and tag with its bias", () => {
    expect(found.bySystem.map(({ name, n, bias }) => [name, n, "value" in bias && bias.value])).toEqual([
      ["one", 3, 1 / 3],
      ["two", 2, -0.5],
    ]);
    expect(found.byTag).toMatchObject([{ name: "hard", n: 2, exact: { value: 1 } }]);
    expect(systems?.means).toEqual([
      { system: "two", judge: 2.5, people: 3, answers: 2 },
      { system: "one", judge: expect.closeTo(4 / 3, 10), people: 1, answers: 3 },
    ]);
  });

  it("gives no number where there is none: labels of one grade only, no common item, no label", () => {
    const constant = calibrate(
      ITEMS,
      [{ ...CRITERION, people: new Map([["anna", ITEMS.map(() => 2)]]), judge: [ITEMS.map(() => 2)] }],
      options,
    );
    expect(constant.criteria[0]!.figures.kappa).toEqual({ reason: expect.any(String), n: 6 });
    expect(constant.criteria[0]!.figures.exact).toMatchObject({ value: 1 });
    for (const people of [new Map<string, undefined[]>(), new Map([["anna", ITEMS.map(() => undefined)]])]) {
      const none = calibrate(ITEMS, [{ ...CRITERION, people }], options);
      expect(none.criteria[0]).toMatchObject({ n: 0, figures: {}, judgeFailed: 0 });
      expect(none.systems).toBeUndefined();
    }
    expect(JSON.stringify(constant)).not.toMatch(/NaN|null/);
  });

  it("checks thresholds on every criterion; what cannot be estimated is not met", () => {
    const checks = checkThresholds(criteria, { exact: 0.5, within_one: 0.95, kappa: 0.9 });
    expect(checks.map(({ figure, met }) => [figure, met])).toEqual([
      ["exact", true],
      ["within_one", true],
      ["kappa", false],
    ]);
    expect(checkThresholds([{ ...found, figures: {} }], { exact: 0 })).toMatchObject([{ met: false }]);
  });

  it("does not depend on the order of items, but for the draws of its intervals", () => {
    const order = [3, 1, 5, 0, 4, 2];
    const of = <T>(column: readonly T[]) => order.map((i) => column[i]!);
    const turned = calibrate(
      of(ITEMS),
      [
        {
          ...CRITERION,
          people: new Map(Array.from(CRITERION.people, ([name, column]) => [name, of(column)])),
          judge: CRITERION.judge.map(of),
        },
      ],
      options,
    ).criteria[0]!;
    for (const [name, figure] of Object.entries(found.figures)) {
      const other = turned.figures[name]!;
      expect("value" in other ? other.value : other.reason).toEqual(
        "value" in figure ? expect.closeTo(figure.value, 12) : figure.reason,
      );
    }
  });
});

describe.skipIf(!hasShared)("published judges", () => {
  it("GPT-4 on OpenQA-eval: κ .6935 on 1,480 answers, with its interval", async () => {
    const found = judgeOf(await readOpenqaEval(shared("data/openqa-eval-nq")), "correct", "gpt-4");
    expect(found.n).toBe(1480);
    expect(found.figures.kappa).toMatchObject({ value: expect.closeTo(0.6935, 4) });
    const { low, high } = found.figures.kappa as { low: number; high: number };
    expect(low).toBeGreaterThan(0.6);
    expect(high).toBeLessThan(0.78);
    expect(found.bySystem.length).toBeGreaterThan(3);
  });

  it("a person of mtrag in the judge's place: above chance, with the ceiling of all people beside it", async () => {
    const path = shared("data/mtrag-human-eval/reference_subset_with_human_evaluations.json");
    const { items, criteria } = await readMtragHumanEval(path);
    const [[id, { scale, people }] = ["", { scale: [], people: new Map() }]] = criteria;
    const judge = raterSlots(people)[0]!;
    const { ceiling, figures } = calibrate(items, [{ id, scale, people, judge: [judge] }], options).criteria[0]!;
    expect(ceiling!.n).toBeGreaterThan(100);
    const [own, all] = [figures.alpha, ceiling!.figures.alpha] as { value: number; low: number }[];
    expect(own!.low).toBeGreaterThan(0);
    expect(own!.value).toBeGreaterThan(all!.value);
  });

  it("a judge of TREC's relevance", async () => {
    const set = await readLlmJudge(shared("data/llmjudge-2024"));
    const [name] = set.criteria.keys();
    const [judge] = set.criteria.get(name!)!.judges.keys();
    expect(judgeOf(set, name!, judge!).n).toBeGreaterThan(1000);
  });
});
