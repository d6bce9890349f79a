import type { Ranking } from "../../core/ranking.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import type { PassageWords } from "./passage-words.ts";

/** Token Jaccard from which on two passages count as near-duplicates. */
export const NEAR_DUPLICATE = 0.8;

/** What a ranking did with one question that has gold. */
export interface QuestionFacts {
  /** Rank of the first gold passage, from 1; absent where none was retrieved. */
  readonly rank?: number;
  /** The lowest and the highest rank that the first gold could have, were passages of equal score put in another order. */
  readonly tieRanks?: readonly [best: number, worst: number];
  /** Whether a passage above the first gold, or any where there is none, is a near-duplicate of a gold passage. */
  readonly nearDuplicate: boolean;
  /** Whether the text of some passage that had to be compared for that is not in the run folder. */
  readonly textsMissing: boolean;
  /** Whether nobody has judged the first hit, and so none can say that it is wrong. */
  readonly unjudgedOnTop: boolean;
  /** Share of the question's words in the gold passage that has most of them; absent where no text of one is known. */
  readonly overlap?: number;
}

/** A question with gold: its facts, or that its retrieval failed. */
export interface Diagnosed {
  /** Position in the run's list of questions. */
  readonly at: number;
  readonly cluster?: number;
  readonly facts: QuestionFacts | undefined;
}

/**
 * Looks at a settled ranking. A passage is gold from grade 1 on; the question has one at least.
 * @param ranking best first; scores compare as 32-bit floats, as everywhere
 */
export function questionFacts(
  { text, judgements }: Pick<QuestionRecord, "text" | "judgements">,
  ranking: Ranking,
  words: PassageWords,
): QuestionFacts {
  const grades = new Map(judgements);
  const gold = judgements.flatMap(([id, grade]) => (grade >= 1 ? [id] : []));
  const isGold = (id: string): boolean => (grades.get(id) ?? 0) >= 1;
  const at = ranking.findIndex(([id]) => isGold(id));
  const above = ranking.slice(0, at === -1 ? ranking.length : at).map(([id]) => id);
  const overlaps = gold.flatMap((id) => words.overlap(text, id) ?? []);
  const first = ranking[0];
  return {
    ...(at !== -1 && { rank: at + 1, tieRanks: tieRanks(ranking, at, isGold) }),
    nearDuplicate: above.some((id) => gold.some((of) => (words.jaccard(id, of) ?? 0) >= NEAR_DUPLICATE)),
    textsMissing: above.some((id) => !words.has(id)) || (above.length > 0 && gold.some((id) => !words.has(id))),
    unjudgedOnTop: first !== undefined && !grades.has(first[0]),
    ...(overlaps.length > 0 && { overlap: Math.max(...overlaps) }),
  };
}

/** @param at index of the first gold */
function tieRanks(ranking: Ranking, at: number, isGold: (id: string) => boolean): [best: number, worst: number] {
  const score = Math.fround(ranking[at]![1]);
  const tied = ranking.filter(([, other]) => Math.fround(other) === score);
  const start = ranking.findIndex(([, other]) => Math.fround(other) === score);
  const others = tied.filter(([id]) => !isGold(id)).length;
  return [start + 1, start + others + 1];
}
