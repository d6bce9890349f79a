import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { parseMetric } from "../../metric/index.ts";
import type { DecidedAnswer } from "./answers-of-run.ts";
import { chooseThreshold, type ThresholdAim } from "./choose-threshold.ts";
import { REFUSAL_FIGURES, type RefusalFigure, refusalFigures } from "./refusal-figures.ts";

const given = (confidence: number, value: number, answerable = true): DecidedAnswer => ({
  ...{ at: 0, answerable, state: "answered", confidence, value, right: value >= 0.5 },
});
const SCORE: ThresholdAim = { kind: "score" };

describe("chooseThreshold", () => {
  it("declines what is wrong and unsure, half way to the next that is right", () => {
    const answers = [given(0.1, 0, false), given(0.2, 0, false), given(0.6, 1), given(0.9, 1)];
    expect(chooseThreshold(answers, SCORE)).toEqual({ threshold: 0.4, reached: 1, without: 0.5, looked: 5 });
  });

  it("declines nothing where nothing is gained, and everything where nothing can be answered", () => {
    expect(chooseThreshold([given(0.1, 1), given(0.9, 0)], SCORE)!.threshold).toBe(Number.NEGATIVE_INFINITY);
    const all = chooseThreshold([given(0.1, 0, false), given(0.9, 0, false)], SCORE)!;
    expect(all.reached).toBe(1);
    expect(all.threshold).toBeGreaterThan(0.9);
  });

  it("answers of equal confidence are declined together", () => {
    const answers = [given(0.5, 0, false), given(0.5, 1), given(0.5, 1), given(0.8, 1)];
    expect(chooseThreshold(answers, SCORE)).toMatchObject({ threshold: Number.NEGATIVE_INFINITY, looked: 3 });
  });

  it("neighbouring numbers are told apart", () => {
    const next = 0.5 + Number.EPSILON / 2;
    const { threshold } = chooseThreshold([given(0.5, 0, false), given(next, 1)], SCORE)!;
    expect(0.5 < threshold && !(next < threshold)).toBe(true);
  });

  it("for a precision takes the greatest coverage that reaches it, or says that none does", () => {
    const answers = [given(0.1, 0), given(0.2, 1), given(0.3, 0), given(0.4, 1), given(0.5, 1)];
    const aim = (least: number): ThresholdAim => ({ kind: "precision", least });
    expect(chooseThreshold(answers, aim(0.5))!.threshold).toBe(Number.NEGATIVE_INFINITY);
    expect(chooseThreshold(answers, aim(0.75))).toMatchObject({ reached: 3 / 4, without: 3 / 5 });
    expect(chooseThreshold(answers, aim(0.99))).toMatchObject({ threshold: 0.35, reached: 1 });
    expect(chooseThreshold([given(0.1, 0)], aim(0.5))).toBeUndefined();
    expect(chooseThreshold([], SCORE)).toBeUndefined();
  });

  const answer = fc.record({
    at: fc.nat(20),
    answerable: fc.boolean(),
    state: fc.constantFrom<DecidedAnswer["state"]>("answered", "answered", "answered", "refused", "failed"),
    confidence: fc.integer({ min: 0, max: 6 }),
    right: fc.boolean(),
  });
  const answers = fc.array(answer, { minLength: 1, maxLength: 20 }).map((list) =>
    list.map(
      ({ right, ...rest }): DecidedAnswer => ({
        ...rest,
        value: Number(right && rest.state === "answered" && rest.answerable),
        right: right && rest.state === "answered" && rest.answerable,
      }),
    ),
  );
  const scoreAt = (list: readonly DecidedAnswer[], threshold: number): number =>
    list.reduce((total, { answerable, state, confidence, value }) => {
      const declined = state === "refused" || (state === "answered" && confidence! < threshold);
      return total + (declined ? Number(!answerable) : value);
    }, 0) / list.length;

  const declinedAt = (list: readonly DecidedAnswer[], threshold: number): number =>
    list.filter(({ state, confidence }) => state === "answered" && confidence! < threshold).length;

  it("no other threshold does better, and no lower one as well", () => {
    fc.assert(
      fc.property(answers, (list) => {
        const { threshold, reached, without } = chooseThreshold(list, SCORE)!;
        expect(reached).toBeCloseTo(scoreAt(list, threshold), 12);
        expect(without).toBeCloseTo(scoreAt(list, Number.NEGATIVE_INFINITY), 12);
        for (const other of [-1, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5]) {
          expect(scoreAt(list, other)).toBeLessThanOrEqual(reached + 1e-12);
          if (declinedAt(list, other) < declinedAt(list, threshold)) expect(scoreAt(list, other)).toBeLessThan(reached);
        }
      }),
    );
  });

  it("the figures are those of the metrics of the same names", () => {
    fc.assert(
      fc.property(answers, fc.integer({ min: 0, max: 7 }), (list, threshold) => {
        const figures = refusalFigures(list, threshold, { level: 0.95, rng: seeded("x") });
        for (const name of REFUSAL_FIGURES) {
          const values = list.flatMap((a) => metricValue(name, a, threshold) ?? []);
          const figure = figures.get(name)!;
          expect(figure.n, name).toBe(values.length);
          if (figure.state === "estimated") {
            expect(figure.mean, name).toBeCloseTo(values.reduce((x, y) => x + y, 0) / values.length, 12);
          }
        }
      }),
    );
  });

  /** What the metric says of the answer, had the system declined it. */
  function metricValue(name: RefusalFigure, a: DecidedAnswer, threshold: number): number | undefined {
    const parsed = parseMetric(name);
    if (!parsed.ok || parsed.metric.kind !== "answer") throw new Error(name);
    const question = { answerable: a.answerable, references: ["right"] };
    const refused = a.state === "refused" || (a.state === "answered" && a.confidence! < threshold);
    const outcome =
      a.state === "failed"
        ? parsed.metric.floor(question)
        : parsed.metric.compute({ ...question, refused, answer: a.right ? "right" : "wrong" });
    return outcome.state === "scored" ? outcome.value : undefined;
  }
});
