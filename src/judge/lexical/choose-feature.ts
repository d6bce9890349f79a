import type { Rng } from "../../core/rng.ts";
import { type CutPoints, fitSorted, scoreAt } from "./cut-points.ts";

/** Labelled answers with their measures. */
export interface FeatureTable {
  /** One column per feature, one value per answer. */
  readonly features: readonly Float64Array[];
  readonly labels: Float64Array;
  /** A number per answer that names its question. */
  readonly questions: ArrayLike<number>;
  /** The values a score may have, ascending. */
  readonly scale: readonly number[];
}

export interface ChosenFeature {
  /** Its place among the columns. */
  readonly feature: number;
  readonly points: CutPoints;
  /**
   * For each answer the score from cut points and a feature that were chosen without its question: what agreement on answers not
   * seen before is measured by.
   */
  readonly heldOut: Float64Array;
}

const FOLDS = 10;

/**
 * Chooses the feature whose cut points predict labels of other questions best, by mean squared distance under cross-validation in
 * ten parts; all answers to a question are in one part. The held-out scores repeat the whole of it, choice included, without each
 * part, since a choice made with an answer's own label would flatter.
 * @param table of at least two questions
 */
export function chooseFeature(table: FeatureTable, rng: Rng): ChosenFeature {
  const { features, labels, scale } = table;
  const folds = foldsOf(table.questions, rng);
  const orders = features.map((column) => Uint32Array.from(labels.keys()).sort((a, b) => column[a]! - column[b]!));
  const fitWithout = (feature: number, without: ReadonlySet<number>): CutPoints => {
    const kept = orders[feature]!.filter((i) => !without.has(folds.of[i]!));
    return fitSorted(kept, features[feature]!, labels, scale);
  };
  /** The feature with the least distance over all parts but one, or over all. */
  const choose = (outer: number | undefined): number => {
    const parts = [...folds.members.keys()].filter((fold) => fold !== outer);
    const distances = features.map((column, feature) => {
      let sum = 0;
      for (const fold of parts) {
        const points = fitWithout(feature, new Set(outer === undefined ? [fold] : [fold, outer]));
        for (const i of folds.members[fold]!) sum += (labels[i]! - scoreAt(points, column[i]!)) ** 2;
      }
      return sum;
    });
    return distances.indexOf(Math.min(...distances));
  };
  const heldOut = new Float64Array(labels.length);
  for (const [fold, members] of folds.members.entries()) {
    // With two parts nothing is left to choose by once one is held out: the plainest feature stands in.
    const feature = folds.members.length > 2 ? choose(fold) : 0;
    const points = fitWithout(feature, new Set([fold]));
    for (const i of members) heldOut[i] = scoreAt(points, features[feature]![i]!);
  }
  const feature = choose(undefined);
  return { feature, points: fitWithout(feature, new Set()), heldOut };
}

/** Questions in random order, dealt into parts. */
function foldsOf(questions: ArrayLike<number>, rng: Rng) {
  const distinct = [...new Set(Array.from(questions))];
  for (let i = distinct.length - 1; i > 0; i -= 1) {
    const j = rng.below(i + 1);
    [distinct[i], distinct[j]] = [distinct[j]!, distinct[i]!];
  }
  const count = Math.min(FOLDS, distinct.length);
  const foldOf = new Map(distinct.map((question, at) => [question, at % count]));
  const of = Uint8Array.from(questions, (question) => foldOf.get(question)!);
  const members = Array.from({ length: count }, (_, fold) => Array.from(of.keys()).filter((i) => of[i] === fold));
  return { of, members };
}
