import type { Rng } from "../../../core/rng.ts";
import type { GradedSample } from "../graded-sample.ts";

/** Where answers come from: what people say of one, and what the judge says. */
export interface GradedPopulation {
  /** What people say on average. */
  readonly mean: number;
  readonly draw: (rng: Rng) => readonly [people: number, judge: number];
}

export const POPULATIONS = {
  /** Grades 0 to 3; the judge is often right and else lenient. */
  "grades of a lenient judge": {
    mean: 0.4 * 0 + 0.25 * 1 + 0.2 * 2 + 0.15 * 3,
    draw: (rng) => {
      const u = rng.float();
      const people = u < 0.4 ? 0 : u < 0.65 ? 1 : u < 0.85 ? 2 : 3;
      return [people, rng.float() < 0.6 ? people : Math.min(3, people + 1)];
    },
  },
  /** Right or wrong, 60% right; the judge has sensitivity .9 and specificity .7. */
  "verdicts of a lenient judge": {
    mean: 0.6,
    draw: (rng) => {
      const right = rng.float() < 0.6;
      return [right ? 1 : 0, rng.float() < (right ? 0.9 : 0.3) ? 1 : 0];
    },
  },
  /** The judge knows nothing and mostly says 2. */
  "grades of a judge that guesses": {
    mean: 1.5,
    draw: (rng) => [rng.below(4), rng.float() < 0.7 ? 2 : rng.below(4)],
  },
} satisfies Record<string, GradedPopulation>;

export function drawGraded(population: GradedPopulation, labelled: number, unlabelled: number, rng: Rng): GradedSample {
  const pairs = Array.from({ length: labelled }, () => population.draw(rng));
  const rest = Array.from({ length: unlabelled }, () => population.draw(rng)[1]);
  return {
    labelled: { people: pairs.map(([people]) => people), judge: pairs.map(([, judge]) => judge) },
    unlabelled: { judge: rest },
  };
}

/** The answers at some indices as the labelled part, all others as the unlabelled. */
export function splitSample(
  people: readonly number[],
  judge: readonly number[],
  labelled: readonly number[],
  clusters?: readonly number[],
): GradedSample {
  const chosen = new Set(labelled);
  const rest = [...judge.keys()].filter((i) => !chosen.has(i));
  const at = (values: readonly number[] | undefined, indices: readonly number[]) =>
    values && indices.map((i) => values[i]!);
  return {
    labelled: { people: at(people, labelled)!, judge: at(judge, labelled)!, clusters: at(clusters, labelled) },
    unlabelled: { judge: at(judge, rest)!, clusters: at(clusters, rest) },
  };
}
