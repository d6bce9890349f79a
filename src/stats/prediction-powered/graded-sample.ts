import { BadArgument } from "../../core/errors.ts";
import { requireCount, requireFinite } from "../argument.ts";
import { sum } from "../sum.ts";

/** All answers graded by the judge, a part of them labelled by people as well. */
export interface GradedSample {
  readonly labelled: {
    readonly people: ArrayLike<number>;
    /** The judge's grades of the same answers, in the same order. */
    readonly judge: ArrayLike<number>;
    /** A number per answer that names its question; the same numbers as in `unlabelled`. */
    readonly clusters?: ArrayLike<number>;
  };
  readonly unlabelled: {
    readonly judge: ArrayLike<number>;
    readonly clusters?: ArrayLike<number>;
  };
}

/** @throws BadArgument when lengths differ, a value is not finite, or just one part has clusters */
export function checkGradedSample({ labelled, unlabelled }: GradedSample): void {
  requireCount("labelled people", labelled.people.length, 0);
  if (labelled.people.length !== labelled.judge.length) {
    throw new BadArgument(`${labelled.people.length} labels need as many grades, got ${labelled.judge.length}`);
  }
  requireFinite("labelled.people", labelled.people);
  requireFinite("labelled.judge", labelled.judge);
  requireFinite("unlabelled.judge", unlabelled.judge);
  const given = [labelled, unlabelled].filter(({ judge, clusters }) => clusters !== undefined || judge.length === 0);
  if ((labelled.clusters ?? unlabelled.clusters) !== undefined && given.length < 2) {
    throw new BadArgument("clusters must be given for the labelled and the unlabelled answers, or for neither");
  }
  for (const { judge, clusters } of [labelled, unlabelled]) {
    if (clusters !== undefined && clusters.length !== judge.length) {
      throw new BadArgument(`${judge.length} answers need ${judge.length} cluster numbers, got ${clusters.length}`);
    }
  }
}

export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/** Σ (x - mean x)(y - mean y) ÷ n. */
export function covariance(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const centreX = mean(x);
  const centreY = mean(y);
  const products = new Float64Array(x.length);
  for (let i = 0; i < products.length; i++) products[i] = (x[i]! - centreX) * (y[i]! - centreY);
  return sum(products) / products.length;
}
