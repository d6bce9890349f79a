import type { Rng } from "../../core/rng.ts";
import type { Figure } from "../../runlog/index.ts";
import { tallyGrades } from "../../stats/index.ts";
import { agreementFigures } from "../calibrate/figures.ts";
import type { GradedPair } from "./judge-passages.ts";

/** How far a judge of passages agrees with a dataset's judgements, in one reading of both. */
export interface GoldAgreement {
  /** The least grade of the judge that counts as relevant, where the dataset's is 1; absent where the grades themselves are compared. */
  readonly from?: number;
  /** Share of equal grades, in [0, 1]. */
  readonly exact: Figure;
  /** Cohen's κ; with quadratic weights where the grades themselves are compared. */
  readonly kappa: Figure;
}

/** A pair that both graded. */
export type PairWithGold = Pick<GradedPair, "query"> & { readonly gold: number; readonly grade: number };

/**
 * Agreement over the pairs that a judge and the dataset graded, with intervals clustered by question: of the grades as they are, where
 * both are on one scale, and of relevant or not for every cut of the judge's scale, because nothing says which cut the dataset means.
 * Judgements of one grade only have no κ: many datasets list what is relevant and nothing else.
 * @param scale of the judge, ascending
 */
export function goldAgreement(
  pairs: readonly PairWithGold[],
  scale: readonly number[],
  { level, rng }: { readonly level: number; readonly rng: Rng },
): GoldAgreement[] {
  const numbers = new Map<string, number>();
  const clusters = pairs.map(({ query }) => {
    if (!numbers.has(query)) numbers.set(query, numbers.size);
    return numbers.get(query)!;
  });
  const compare = (gold: number[], judge: number[], steps: readonly number[], kappa: "kappa" | "quadratic_kappa") => {
    const tally = tallyGrades([gold, judge], steps);
    const figures = agreementFigures(tally, ["exact", kappa], { level, clusters, rng });
    const one = new Set(gold).size === 1;
    const none = { reason: "the dataset's judgements are all of one grade", n: gold.length };
    return { exact: figures.get("exact")!, kappa: one ? none : figures.get(kappa)! };
  };
  const [gold, judge] = [pairs.map((pair) => pair.gold), pairs.map(({ grade }) => grade)];
  return [
    ...(onScale(gold, scale) ? [compare(gold, judge, scale, "quadratic_kappa")] : []),
    ...(scale.length === 2 && onScale(gold, scale) ? [] : scale.slice(1)).map((from) => ({
      from,
      ...compare(
        gold.map((grade) => Number(grade >= 1)),
        judge.map((grade) => Number(grade >= from)),
        [0, 1],
        "kappa",
      ),
    })),
  ];
}

/** Judgements of 0 and 1 say relevant or not: on a longer scale they would be its two lowest grades. */
function onScale(gold: readonly number[], scale: readonly number[]): boolean {
  const binary = gold.every((grade) => grade <= 1);
  return gold.every((grade) => scale.includes(grade)) && (!binary || scale.length === 2);
}
