import { describe, expect, it } from "vitest";
import { BadArgument } from "../../core/errors.ts";
import type { Estimated } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import type { GradedSample } from "./graded-sample.ts";
import { labelsNeeded } from "./labels-needed.ts";
import { predictionPoweredMean } from "./prediction-powered-mean.ts";
import { drawGraded, POPULATIONS } from "./testing/graded-populations.ts";

const population = POPULATIONS["grades of a lenient judge"];
const known = (pilot: GradedSample, width: number, answers?: number) => {
  const found = labelsNeeded(pilot, { width, answers });
  if (found.state === "unknown") throw new Error(found.reason);
  return found;
};
const widthOf = (sample: GradedSample, lambda?: number) => {
  const { low, high } = predictionPoweredMean(sample, { lambda }).corrected as Estimated;
  return high - low;
};

describe("labelsNeeded", () => {
  it.each([0.3, 0.2, 0.12])("gives the labels that then give a width of %d", (width) => {
    const pilot = drawGraded(population, 4000, 6000, seeded("pilot"));
    const { withJudge, labelsAlone } = known(pilot, width, 10_000);
    const mean = (labels: number, lambda?: number) => {
      const widths = Array.from({ length: 40 }, (_, r) =>
        widthOf(drawGraded(population, labels, 10_000 - labels, seeded(`check/${r}`)), lambda),
      );
      return widths.reduce((a, b) => a + b) / widths.length;
    };
    expect(mean(withJudge!) / width).toBeCloseTo(1, 1);
    expect(mean(labelsAlone, 0) / width).toBeCloseTo(1, 1);
    expect(withJudge!).toBeLessThan(labelsAlone);
  });

  it("wants four times the labels for half the width, from labels alone", () => {
    const pilot = drawGraded(population, 200, 800, seeded("pilot"));
    expect(known(pilot, 0.1).labelsAlone / known(pilot, 0.2).labelsAlone).toBeCloseTo(4, 1);
  });

  it("says when labelling every answer is not enough, and how narrow that would be", () => {
    const pilot = drawGraded(population, 100, 400, seeded("pilot"));
    const { withJudge, narrowest } = known(pilot, 0.01);
    expect(withJudge).toBeUndefined();
    expect(known(pilot, 1.001 * narrowest).withJudge).toBeLessThanOrEqual(500);
    expect(known(pilot, 0.999 * narrowest, 500).withJudge).toBeUndefined();
  });

  it("saves nothing with a judge that guesses", () => {
    const pilot = drawGraded(POPULATIONS["grades of a judge that guesses"], 2000, 20_000, seeded("pilot"));
    const { withJudge, labelsAlone } = known(pilot, 0.2);
    expect(withJudge! / labelsAlone).toBeGreaterThan(0.97);
  });

  it("wants more where answers to one question are alike", () => {
    const rng = seeded("alike");
    const [people, judge, clusters]: number[][] = [[], [], []];
    for (let i = 0; i < 600; i++) {
      if (i % 6 === 0) clusters!.push(i, i, i, i, i, i);
      people!.push(i % 6 === 0 ? rng.below(4) : people![i - 1]!);
      judge!.push(rng.float() < 0.6 ? people![i]! : rng.below(4));
    }
    const part = (from: number, to: number) => ({ judge: judge!.slice(from, to), clusters: clusters!.slice(from, to) });
    const clustered = { labelled: { people: people!.slice(0, 300), ...part(0, 300) }, unlabelled: part(300, 600) };
    const plain = {
      labelled: { ...clustered.labelled, clusters: undefined },
      unlabelled: { ...clustered.unlabelled, clusters: undefined },
    };
    expect(known(clustered, 0.5, 5000).labelsAlone).toBeGreaterThan(4 * known(plain, 0.5, 5000).labelsAlone);
    expect(known(clustered, 0.5, 5000).withJudge).toBeGreaterThan(known(plain, 0.5, 5000).withJudge!);
  });

  it.each([
    ["one label", { labelled: { people: [1], judge: [1] }, unlabelled: { judge: [1] } }],
    ["labels all equal", { labelled: { people: [1, 1], judge: [1, 0] }, unlabelled: { judge: [1] } }],
  ])("does not know from %s", (_, pilot) => {
    expect(labelsNeeded(pilot, { width: 0.1 })).toMatchObject({ state: "unknown" });
  });

  it.each([{ width: 0 }, { width: Number.NaN }, { width: 0.1, level: 0 }, { width: 0.1, answers: 0.5 }])(
    "refuses %o",
    (options) => {
      const pilot = { labelled: { people: [1, 0], judge: [1, 0] }, unlabelled: { judge: [1] } };
      expect(() => labelsNeeded(pilot, options)).toThrow(BadArgument);
    },
  );
});
