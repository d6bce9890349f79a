import { printable } from "../../lib/text.ts";
import { formatCount } from "../text/format-number.ts";
import { LONG_ANSWER } from "./answer-prints.ts";
import { COPIES, type SameAnswerPair } from "./same-answer-pairs.ts";

/** The finding in a word, beside the name of a system. */
export const SAME_WORD = "same answers as another";

/** Pairs listed; how many more there are is said. */
const MOST_PAIRS = 50;
/** Pairs that are not folded. */
const MOST_SHOWN = 3;

/** Two systems in one line, over all contexts in which their answers are the same. */
export interface PairLine {
  readonly runs: readonly [string, string];
  /** `rag@3: 128 of 134 answers compared (95.5 %)`, the worst context; then the others. */
  readonly says: string;
}

/** Of each two runs one line, in the order of the pairs. */
export function pairLines(pairs: readonly SameAnswerPair[]): PairLine[] {
  const of = new Map<string, SameAnswerPair[]>();
  for (const pair of pairs) {
    const key = JSON.stringify(pair.runs);
    of.set(key, [...(of.get(key) ?? []), pair]);
  }
  return Array.from(of.values(), ([worst, ...others]) => {
    const { runs, condition, same, compared } = worst!;
    const part = `${formatCount(same)} of ${formatCount(compared)} answers compared (${((100 * same) / compared).toFixed(1)} %)`;
    const also = others.map((other) => printable(other.condition)).join(", ");
    return { runs, says: `${printable(condition)}: ${part}${also === "" ? "" : `; likewise under ${also}`}` };
  });
}

/** Why a pair is flagged, and from where on. */
export const SAME_REASONS: readonly string[] = [
  `Short right answers are the same word for word without any copying: where two of twelve systems on Natural Questions are both right, they say the same to up to 98 % of the questions. Wrong ones agree far less. So only answers are compared that are no reference word for word and that each of the two systems gives to one such question alone; where a question has no reference, answers of at least ${LONG_ANSWER} words. Refusals are left out.`,
  `A pair is flagged from ${100 * COPIES.share} % of them on, where the ${100 * COPIES.level} % interval lies above ${100 * COPIES.above} %, which takes at least ${COPIES.least} questions. Of the 66 pairs of those twelve systems, the two that agree most, variants of one reader over different passages, do so on 66 % of 1,504 questions and on 74.6 % of 134.`,
  "Systems whose files name the same model, program, address or file of saved answers are not compared. The finding does not say who took whose answers: two files may hold the same system under two names. A difference between the two, or a rank of both, is then no evidence.",
];

/** The note above a table. @param nameOf links a run: its name and its page @returns undefined where there is no such pair */
export function sameAnswersView<T>(pairs: readonly SameAnswerPair[], nameOf: (run: string) => T) {
  if (pairs.length === 0) return undefined;
  const all = pairLines(pairs);
  const lines = all.slice(0, MOST_PAIRS).map(({ runs, says }) => ({ a: nameOf(runs[0]), b: nameOf(runs[1]), says }));
  const unlisted = all.length - lines.length;
  return {
    shown: lines.slice(0, MOST_SHOWN),
    folded: lines.slice(MOST_SHOWN),
    more: formatCount(all.length - MOST_SHOWN),
    unlisted: unlisted > 0 ? formatCount(unlisted) : undefined,
    reasons: SAME_REASONS,
  };
}

/** What stands beside a row of the table: with whom it shares its answers. @returns nothing where with nobody */
export function sameAnswersMark(
  pairs: readonly SameAnswerPair[],
  run: string,
  condition: string | undefined,
  nameOf: (run: string) => string,
): { readonly word: string; readonly says: string }[] {
  const own = pairs.filter((pair) => pair.condition === condition && pair.runs.includes(run));
  const [first] = own;
  if (first === undefined) return [];
  const other = first.runs[0] === run ? first.runs[1] : first.runs[0];
  const besides = own.length === 1 ? "" : `, and ${own.length - 1} more such`;
  const part = `${formatCount(first.same)} of ${formatCount(first.compared)}`;
  return [{ word: SAME_WORD, says: `${part} answers compared are word for word those of ${nameOf(other)}${besides}` }];
}
