import {
  ANSWERED,
  type Calibrations,
  CELL,
  RETRIEVAL,
  type ScoreColumn,
  type ScoreGroup,
  type Scores,
} from "../../runlog/index.ts";
import { rightnessOf, rightnessText } from "../conditions/rightness.ts";
import { calibrationMark } from "../judged/judged-text.ts";
import { columnHead } from "../metric-head.ts";

/** By what a question counts as done right, and how each question fared: one letter of {@link LETTERS} each. */
export interface RightRule {
  readonly metric: string;
  /** In words: `EM ≥ .5`, `R@4 > 0`, `j/correctness ≥ 1.5 (uncalibrated)`. */
  readonly text: string;
  readonly letters: string;
}

/** The rules of retrieval or of one condition; the first is the one that pages begin with. */
export interface GroupRight {
  readonly name: string;
  readonly rules: readonly RightRule[];
}

/** What became of one question in one run. */
export const LETTERS = {
  right: "y",
  wrong: "n",
  /** Declined a question that has no answer: that is right. */
  declinedRightly: "d",
  refused: "r",
  failed: "f",
  /** No value of the metric: no reference, no grade. */
  unscored: "u",
  absent: "-",
} as const;

/**
 * How each question of a run fared, a letter for each way to tell right from wrong: under a condition the suite's own rule first
 * (`rightnessOf`), then every metric against references of .5 or more and every judge's grade in the upper half of its scale; of
 * retrieval every ranking metric above 0, that is with a gold passage found. Of several trials the mean counts.
 * @param unanswerable places of the questions without an answer: declining them is right @param calibrations of the judges that are known
 */
export function rightLetters(
  scores: Scores,
  unanswerable: readonly number[],
  calibrations?: Calibrations,
): GroupRight[] {
  const without = new Set(unanswerable);
  return Array.from(scores.groups.values(), (group) => ({
    name: group.name,
    rules: rulesOf(group, scores, calibrations).map(({ metric, text, isRight }) => ({
      metric,
      text,
      letters: lettersOf(group, group.metrics.get(metric)!, isRight, without, scores.queries.length),
    })),
  }));
}

interface Rule {
  readonly metric: string;
  readonly text: string;
  readonly isRight: (value: number) => boolean;
}

function rulesOf(group: ScoreGroup, scores: Scores, calibrations?: Calibrations): Rule[] {
  const names = [...group.metrics.keys()];
  const heads = names.map((name) => columnHead(name, [scores], calibrations));
  if (group.name === RETRIEVAL) {
    return heads
      .filter((head) => head.group === "ranking")
      .map(({ name }) => ({ metric: name, text: `${name} > 0`, isRight: (value) => value > 0 }));
  }
  const rules = new Map<string, Rule>();
  const add = (metric: string, from: number, text = rightnessText({ metric, from })): void => {
    if (!rules.has(metric)) rules.set(metric, { metric, text, isRight: (value) => value >= from });
  };
  const usual = rightnessOf(names.filter((_, at) => heads[at]!.group !== "judged"));
  if (usual && group.metrics.has(usual.metric)) add(usual.metric, usual.from);
  for (const head of heads) {
    const { name, group: kind, range } = head;
    if (kind === "reference" && range?.[0] === 0 && range[1] === 1) add(name, 0.5);
    if (kind !== "judged" || !range) continue;
    const from = (range[0] + range[1]) / 2;
    add(name, from, rightnessText({ metric: name, from }) + calibrationMark(head));
  }
  return [...rules.values()];
}

function lettersOf(
  { answered, trials }: ScoreGroup,
  column: ScoreColumn,
  isRight: (value: number) => boolean,
  unanswerable: ReadonlySet<number>,
  questions: number,
): string {
  let letters = "";
  for (let q = 0; q < questions; q += 1) letters += letterOf(q);
  return letters;

  function letterOf(q: number): string {
    let [total, n] = [0, 0];
    const seen = new Set<number>();
    for (let cell = q * trials; cell < (q + 1) * trials; cell += 1) {
      seen.add(answered[cell]!);
      if (column.states[cell] !== CELL.scored && column.states[cell] !== CELL.failed) continue;
      total += column.values[cell]!;
      n += 1;
    }
    if (seen.has(ANSWERED.refused) && unanswerable.has(q)) return LETTERS.declinedRightly;
    if (n > 0 && isRight(total / n)) return LETTERS.right;
    if (seen.has(ANSWERED.failed)) return LETTERS.failed;
    if (seen.has(ANSWERED.refused)) return LETTERS.refused;
    if (n > 0) return LETTERS.wrong;
    return seen.size === 1 && seen.has(ANSWERED.absent) ? LETTERS.absent : LETTERS.unscored;
  }
}
