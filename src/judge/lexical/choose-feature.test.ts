import { describe, expect, it } from "vitest";
import { seeded } from "../../core/rng.ts";
import { chooseFeature } from "./choose-feature.ts";
import { scoreAt } from "./cut-points.ts";

const SCALE = [0, 1, 2, 3];

/** 60 questions with two answers each; labels follow `signal`, the other column is noise. */
function made(seed: string) {
  const rng = seeded(seed);
  const n = 120;
  const signal = Float64Array.from({ length: n }, () => rng.float());
  const noise = Float64Array.from({ length: n }, () => rng.float());
  const labels = signal.map((x) => Math.min(3, Math.floor(x * 4)));
  const questions = Uint32Array.from({ length: n }, (_, i) => i >> 1);
  return { signal, noise, labels, questions };
}

function covariance(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array): number => x.reduce((sum, y) => sum + y, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  return mean(a.map((x, i) => (x - ma) * (b[i]! - mb)));
}

describe("chooseFeature", () => {
  it("takes the feature that predicts other questions, whatever its place", () => {
    const { signal, noise, labels, questions } = made("a");
    for (const [features, expected] of [
      [[noise, signal], 1],
      [[signal, noise], 0],
      [[signal, signal], 0],
    ] as const) {
      const { feature, points } = chooseFeature({ features, labels, questions, scale: SCALE }, seeded("0"));
      expect(feature).toBe(expected);
      for (const [i, x] of signal.entries()) expect(scoreAt(points, x)).toBe(labels[i]);
    }
  });

  it("is the same for one seed", () => {
    const { noise, labels, questions } = made("b");
    const choose = () => chooseFeature({ features: [noise], labels, questions, scale: SCALE }, seeded("7"));
    expect(choose()).toEqual(choose());
  });

  it("does not flatter: noise agrees with the labels it was fitted to, and with those held out no more than by chance", () => {
    let [seen, held] = [0, 0];
    const n = 100;
    for (let seed = 0; seed < 20; seed += 1) {
      const rng = seeded(`noise ${seed}`);
      const features = Array.from({ length: 6 }, () => Float64Array.from({ length: n }, () => rng.float()));
      const labels = Float64Array.from({ length: n }, () => rng.below(4));
      const questions = Uint32Array.from({ length: n }, (_, i) => i);
      const { feature, points, heldOut } = chooseFeature({ features, labels, questions, scale: SCALE }, rng);
      seen += covariance(features[feature]!.map((x) => scoreAt(points, x)), labels) / 20; // biome-ignore format: one line each
      held += covariance(heldOut, labels) / 20;
    }
    expect(seen).toBeGreaterThan(0.05);
    expect(held).toBeLessThan(0.02);
  });

  it("holds a question out with all of its answers: copies of an answer do not leak its label", () => {
    // Each question has ten answers of one value and one label that no other question shares.
    const rng = seeded("d");
    const questions = Uint32Array.from({ length: 300 }, (_, i) => Math.floor(i / 10));
    const value = Float64Array.from({ length: 30 }, () => rng.float());
    const label = Float64Array.from({ length: 30 }, () => rng.below(2) * 3);
    const features = [Float64Array.from(questions, (q) => value[q]!)];
    const labels = Float64Array.from(questions, (q) => label[q]!);
    const { heldOut } = chooseFeature({ features, labels, questions, scale: SCALE }, seeded("0"));
    const equal = heldOut.filter((score, i) => score === labels[i]).length / 300;
    expect(equal).toBeLessThan(0.7);
  });

  it("works with two questions", () => {
    const table = {
      features: [Float64Array.of(0, 1), Float64Array.of(0, 1)],
      labels: Float64Array.of(0, 3),
      questions: [0, 1],
      scale: SCALE,
    };
    const { points, heldOut } = chooseFeature(table, seeded("0"));
    expect(points.cuts).toEqual([{ from: 0.5, score: 3 }]);
    expect([...heldOut]).toEqual([3, 0]);
  });
});
