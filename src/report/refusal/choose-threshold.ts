import type { DecidedAnswer } from "./answers-of-run.ts";

/** What a threshold is chosen for. */
export type ThresholdAim =
  /** The best mean score, where declining is worth 1 on an unanswerable question and 0 on an answerable one. */
  | { readonly kind: "score" }
  /** The greatest coverage with at least this share of right answers among those given, in (0, 1). */
  | { readonly kind: "precision"; readonly least: number };

export interface ChosenThreshold {
  /** Answers below it are declined; -Infinity declines none. */
  readonly threshold: number;
  /** Mean score, or answer precision, on the answers it was chosen on, with it and without. */
  readonly reached: number;
  readonly without: number;
  /** How many thresholds were looked at. */
  readonly looked: number;
}

/**
 * Chooses the confidence below which a system had better decline. Looked at are all thresholds that change a decision; of
 * equally good ones the lowest is taken, which declines least. Refused and failed answers stay what they are.
 *
 * @returns undefined where no threshold reaches the aim, or no answer was given
 */
export function chooseThreshold(answers: readonly DecidedAnswer[], aim: ThresholdAim): ChosenThreshold | undefined {
  const open = answers
    .filter(({ state, confidence }) => state === "answered" && confidence !== undefined)
    .sort((a, b) => a.confidence! - b.confidence!);
  const fixed = answers.filter(({ state, confidence }) => state !== "answered" || confidence === undefined);
  let score = 0;
  let right = 0;
  let given = 0;
  for (const answer of fixed) {
    score += declinedValue(answer, answer.state === "refused");
    if (answer.state === "refused") continue;
    given += 1;
    if (answer.right) right += 1;
  }
  for (const answer of open) {
    score += answer.value;
    given += 1;
    if (answer.right) right += 1;
  }
  const reach = (): number | undefined => {
    if (aim.kind === "score") return answers.length === 0 ? undefined : score / answers.length;
    return given === 0 ? undefined : right / given;
  };
  const without = reach();
  if (without === undefined) return undefined;
  let best: { threshold: number; reached: number } | undefined;
  const look = (threshold: number): void => {
    const reached = reach();
    if (reached === undefined || (aim.kind === "precision" && reached < aim.least)) return;
    // The first that is precise enough has the greatest coverage; a score must be beaten.
    if (best === undefined || (aim.kind === "score" && reached > best.reached + 1e-12)) best = { threshold, reached };
  };
  look(Number.NEGATIVE_INFINITY);
  let looked = 1;
  for (let i = 0; i < open.length; ) {
    const { confidence } = open[i]!;
    for (; i < open.length && open[i]!.confidence === confidence; i += 1) {
      const answer = open[i]!;
      score += declinedValue(answer, true) - answer.value;
      given -= 1;
      if (answer.right) right -= 1;
    }
    const next = open[i]?.confidence;
    looked += 1;
    // Half way to the next, so that a confidence that is a little off on another machine decides the same.
    look(between(confidence!, next ?? aboveAll(confidence!)));
  }
  return best && { ...best, without, looked };
}

function declinedValue({ answerable, value }: DecidedAnswer, declined: boolean): number {
  if (!declined) return value;
  return answerable ? 0 : 1;
}

/** @returns above `low`, at most `high`, also where no number lies between them */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle > low ? middle : high;
}

/** The least number above a confidence that a file of three more digits can hold apart from it. */
function aboveAll(confidence: number): number {
  return confidence + Math.max(1e-9, Math.abs(confidence) * 1e-9);
}
