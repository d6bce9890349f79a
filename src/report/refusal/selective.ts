import type { Estimate } from "../../core/estimate.ts";
import { seeded } from "../../core/rng.ts";
import { type AskedQuestion, type Manifest, readByQuestion, type Scores } from "../../runlog/index.ts";
import { areaUnderRiskCoverage, estimateAurc, type RiskCoverage, riskCoverage } from "../../stats/index.ts";
import { type Rightness, rightnessOf } from "../conditions/rightness.ts";
import { answersTo } from "./answers-of-run.ts";

/** How well a system's confidence orders its answers under one condition. Plain data: it goes through JSON unchanged. */
export interface SelectiveAnswering {
  readonly condition: string;
  /** What is right; the loss of an answer is 0 where it is, else 1. */
  readonly right: Rightness;
  /** Area under the risk–coverage curve of the answers given, refused and failed ones left out; low is good. */
  readonly aurc: Estimate;
  /** The same area if the confidence said nothing, which is the plain risk, and if it ordered the answers perfectly. */
  readonly uninformed: number;
  readonly perfect: number;
  /** The curve, at most {@link MOST_POINTS} of its points. */
  readonly curve: readonly RiskCoverage[];
}

/** A picture shows no more. */
export const MOST_POINTS = 200;

/** Risk and coverage of a complete run from its folder. @param scores of the same run @throws DataError when a file is damaged */
export async function selectiveAnswering(dir: string, scores: Scores): Promise<SelectiveAnswering[]> {
  const confident = new ConfidentAnswers(scores.manifest);
  for await (const asked of readByQuestion(dir)) confident.take(asked);
  return confident.finish(scores);
}

/** The answers of a run that carry a confidence: three numbers of each are held. */
export class ConfidentAnswers {
  readonly #rightness: Rightness | undefined;
  readonly #given: ReadonlyMap<string, Given>;

  constructor({ conditions, metrics }: Manifest) {
    this.#rightness = rightnessOf(metrics);
    this.#given = new Map(conditions.map((name) => [name, { at: [], confidences: [], losses: [] }]));
  }

  take(asked: AskedQuestion): void {
    if (this.#rightness === undefined) return;
    for (const { condition, at, state, confidence, right } of answersTo(asked, this.#rightness)) {
      const sample = this.#given.get(condition);
      if (sample === undefined || state !== "answered" || confidence === undefined) continue;
      sample.at.push(at);
      sample.confidences.push(confidence);
      sample.losses.push(right ? 0 : 1);
    }
  }

  /**
   * Risk and coverage of every condition whose answers carry a confidence. Trials of a question are one cluster.
   * @returns none where no answer carries one, or the run has no metric that says what is right
   */
  finish({ manifest, clusters }: Scores): SelectiveAnswering[] {
    const right = this.#rightness;
    if (right === undefined) return [];
    const clustered = clusters !== undefined || manifest.trials > 1;
    return Array.from(this.#given).flatMap(([condition, { at, confidences, losses }]) => {
      if (at.length === 0) return [];
      return {
        condition,
        right,
        aurc: estimateAurc(confidences, losses, {
          level: manifest.level,
          ...(clustered && { clusters: at.map((query) => (clusters ? clusters[query]! : query)) }),
          rng: seeded(manifest.seed).fork(`aurc/${manifest.run}/${condition}`),
        }),
        uninformed: losses.reduce((a, b) => a + b, 0) / losses.length,
        perfect: areaUnderRiskCoverage(
          losses.map((loss) => -loss),
          losses,
        ),
        curve: thinned(riskCoverage(confidences, losses)),
      };
    });
  }
}

/** Answers of one condition in columns. */
interface Given {
  readonly at: number[];
  readonly confidences: number[];
  readonly losses: number[];
}

function thinned(curve: readonly RiskCoverage[]): RiskCoverage[] {
  const step = (curve.length - 1) / (MOST_POINTS - 1);
  if (step <= 1) return [...curve];
  return Array.from({ length: MOST_POINTS }, (_, i) => curve[Math.round(i * step)]!);
}
