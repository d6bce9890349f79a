import { sha256 } from "../../lib/hash.ts";
import { truncate } from "../../lib/text.ts";
import { type AskedQuestion, readByQuestion } from "../../runlog/index.ts";

/** Answers of one condition that are word for word those to another question: canned text can please a metric or a judge. */
export interface SameAnswers {
  readonly condition: string;
  /** Questions that got an answer; refusals are canned by nature and not looked at. */
  readonly answered: number;
  /** Of those, the questions whose answer some other question got as well. */
  readonly shared: number;
  /** The answers that most questions share, at most {@link LISTED}. */
  readonly most: readonly { readonly text: string; readonly questions: number }[];
  /** Of the answered, the questions that have a reference. */
  readonly referenced: number;
  /** Of those, the questions that accept the reference which most of them accept: as often a system may well repeat itself. */
  readonly commonest: number;
  /**
   * Of those, the questions whose answer others got with which they share no reference, so that it cannot be right for all. Answers
   * given at most twice as often as they are a reference are not counted: yes and no repeat themselves in the truth, too.
   */
  readonly misplaced: number;
}

const LISTED = 3;
const LONGEST_TEXT = 200;

/** Counts the answers that several questions of a complete run got. @throws DataError when a file is damaged */
export async function sameAnswers(dir: string): Promise<SameAnswers[]> {
  const same = new SameAnswersTally();
  for await (const asked of readByQuestion(dir)) same.take(asked);
  return same.finish();
}

/**
 * Counts answers that several questions got, by condition: of each question the first trial, whatever case, white space and a
 * full stop at the end. Held are hashes of the references, and a hash and counts for every distinct answer.
 */
export class SameAnswersTally {
  readonly #found = new Map<string, Tally>();

  take({ question: { answers = [] }, results }: AskedQuestion): void {
    const references = answers.length === 0 ? undefined : Array.from(new Set(answers.map(keyOf)));
    for (const line of results) {
      if (line.kind !== "answer" || line.trial !== 0 || line.refused || line.undecided) continue;
      const tally: Tally = this.#found.get(line.condition) ?? { texts: new Map(), accepted: new Map() };
      this.#found.set(line.condition, tally);
      count(tally, line.text, references);
    }
  }

  /** @returns the conditions in which there are any */
  finish(): SameAnswers[] {
    return Array.from(this.#found, ([condition, tally]) => sameUnder(condition, tally)).filter(
      ({ shared }) => shared > 0,
    );
  }
}

/** @param of the references of the question, where it has some */
function count({ texts, accepted }: Tally, text: string, of: readonly string[] | undefined): void {
  for (const reference of of ?? []) accepted.set(reference, (accepted.get(reference) ?? 0) + 1);
  const key = keyOf(text);
  const seen = texts.get(key);
  if (seen === undefined) {
    texts.set(key, {
      ...{ key, text: truncate(text, LONGEST_TEXT), questions: 1, referenced: of ? 1 : 0 },
      ...(of && { common: of }),
    });
    return;
  }
  seen.questions += 1;
  if (of === undefined) return;
  seen.referenced += 1;
  seen.common = seen.common?.filter((reference) => of.includes(reference)) ?? of;
}

function sameUnder(condition: string, { texts, accepted }: Tally): SameAnswers {
  const all = [...texts.values()];
  const several = all.filter(({ questions }) => questions > 1).sort((a, b) => b.questions - a.questions);
  const sum = (list: readonly Repeated[], of: (item: Repeated) => number) => list.reduce((n, item) => n + of(item), 0);
  return {
    condition,
    answered: sum(all, ({ questions }) => questions),
    shared: sum(several, ({ questions }) => questions),
    most: several.slice(0, LISTED).map(({ text, questions }) => ({ text, questions })),
    referenced: sum(all, ({ referenced }) => referenced),
    commonest: Array.from(accepted.values()).reduce((most, n) => Math.max(most, n), 0),
    misplaced: sum(
      several.filter(({ key, questions }) => questions > 2 * (accepted.get(key) ?? 0)),
      ({ common, referenced }) => (common?.length === 0 ? referenced : 0),
    ),
  };
}

interface Tally {
  readonly texts: Map<string, Repeated>;
  /** How many of the answered questions accept a reference. */
  readonly accepted: Map<string, number>;
}

/** One text and the questions that got it. */
interface Repeated {
  readonly key: string;
  readonly text: string;
  questions: number;
  /** Of the questions, those with a reference. */
  referenced: number;
  /** The references that all of them accept. */
  common?: readonly string[];
}

function keyOf(text: string): string {
  return sha256(plainAnswer(text)).slice(0, 24);
}

/** Whatever case, white space and a full stop at the end: two answers of one plain text are the same. */
export function plainAnswer(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim().replace(/\.$/, "");
}
