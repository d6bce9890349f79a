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

/** What all estimates are made of: means, and variances and covariance with the divisor n (0 for an empty part). */
export interface Moments {
  readonly labels: number;
  readonly others: number;
  readonly people: number;
  readonly judge: number;
  readonly peopleVariance: number;
  readonly judgeVariance: number;
  readonly covariance: number;
  /** Of the judge's grades of unlabelled answers. */
  readonly rest: number;
  readonly restVariance: number;
}

/** @param sample as `checkGradedSample` wants it */
export function momentsOf({ labelled, unlabelled }: GradedSample): Moments {
  const [labels, others] = [labelled.people.length, unlabelled.judge.length];
  const people = mean(labelled.people);
  const judge = mean(labelled.judge);
  const rest = mean(unlabelled.judge);
  let [xx, yy, xy, zz] = [0, 0, 0, 0];
  for (let i = 0; i < labels; i++) {
    const x = labelled.people[i]! - people;
    const y = labelled.judge[i]! - judge;
    xx += x * x;
    yy += y * y;
    xy += x * y;
  }
  for (let i = 0; i < others; i++) zz += (unlabelled.judge[i]! - rest) ** 2;
  const share = (total: number, n: number) => (n === 0 ? 0 : total / n);
  return {
    labels,
    others,
    people,
    judge,
    peopleVariance: share(xx, labels),
    judgeVariance: share(yy, labels),
    covariance: share(xy, labels),
    rest,
    restVariance: share(zz, others),
  };
}

function mean(values: ArrayLike<number>): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
