import { sha256 } from "../../lib/hash.ts";
import { truncate } from "../../lib/text.ts";
import { readRun } from "../../runlog/index.ts";

/** Answers of one condition that are word for word those to another question: canned text can please a metric or a judge. */
export interface SameAnswers {
  readonly condition: string;
  /** Questions that got an answer; refusals are canned by nature and not looked at. */
  readonly answered: number;
  /** Of those, the questions whose answer some other question got as well. */
  readonly shared: number;
  /** The answers that most questions share, at most {@link LISTED}. */
  readonly most: readonly { readonly text: string; readonly questions: number }[];
}

const LISTED = 3;
const LONGEST_TEXT = 200;

/**
 * Counts answers that several questions got, by condition: of each question the first trial, whatever case and white space.
 * Held are a hash and a count for every distinct answer.
 * @returns the conditions in which there are any
 * @throws DataError when a file is damaged
 */
export async function sameAnswers(dir: string): Promise<SameAnswers[]> {
  const found = new Map<string, Map<string, { text: string; questions: number }>>();
  for await (const line of readRun(dir)) {
    if (line.kind !== "answer" || line.trial !== 0 || line.refused) continue;
    const texts = found.get(line.condition) ?? new Map<string, { text: string; questions: number }>();
    found.set(line.condition, texts);
    const key = sha256(line.text.toLowerCase().replace(/\s+/g, " ").trim()).slice(0, 24);
    const seen = texts.get(key);
    if (seen) seen.questions += 1;
    else texts.set(key, { text: truncate(line.text, LONGEST_TEXT), questions: 1 });
  }
  return Array.from(found, ([condition, texts]) => {
    const all = [...texts.values()];
    const several = all.filter(({ questions }) => questions > 1).sort((a, b) => b.questions - a.questions);
    const count = (list: readonly { questions: number }[]): number =>
      list.reduce((n, { questions }) => n + questions, 0);
    return { condition, answered: count(all), shared: count(several), most: several.slice(0, LISTED) };
  }).filter(({ shared }) => shared > 0);
}
