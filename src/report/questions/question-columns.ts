import { truncate } from "../../lib/text.ts";
import { readQuestions } from "../../runlog/index.ts";

/** Longer beginnings of a question would make lists heavy; the whole text stands in the pieces. */
const LISTED = 160;

/** What lists of questions need of each of a run's questions, in the order asked. */
export interface QuestionColumns {
  readonly ids: readonly string[];
  /** The beginning of each text. */
  readonly texts: readonly string[];
  /** Tag → the questions that have it by their places, ascending; tags in the order they are first met. */
  readonly tags: ReadonlyMap<string, readonly number[]>;
  /** Places of the questions that the documents do not answer, ascending. */
  readonly unanswerable: readonly number[];
}

/** Streams a run's questions into columns. @throws DataError when the file is damaged */
export async function questionColumns(dir: string): Promise<QuestionColumns> {
  const ids: string[] = [];
  const texts: string[] = [];
  const tags = new Map<string, number[]>();
  const unanswerable: number[] = [];
  for await (const { id, text, tags: own = [], answerable } of readQuestions(dir)) {
    const at = ids.length;
    ids.push(id);
    texts.push(truncate(text, LISTED));
    if (answerable === false) unanswerable.push(at);
    for (const tag of new Set(own)) {
      const known = tags.get(tag);
      if (known === undefined) tags.set(tag, [at]);
      else known.push(at);
    }
  }
  return { ids, texts, tags, unanswerable };
}
