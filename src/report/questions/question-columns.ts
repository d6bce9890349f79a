import { truncate } from "../../lib/text.ts";
import { type AskedQuestion, readQuestions } from "../../runlog/index.ts";

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
  const columns = new GrowingColumns();
  for await (const question of readQuestions(dir)) columns.take({ question });
  return columns;
}

/** The columns of the questions that were taken so far. */
export class GrowingColumns implements QuestionColumns {
  readonly ids: string[] = [];
  readonly texts: string[] = [];
  readonly tags = new Map<string, number[]>();
  readonly unanswerable: number[] = [];

  take({ question: { id, text, tags = [], answerable } }: Pick<AskedQuestion, "question">): void {
    const at = this.ids.length;
    this.ids.push(id);
    this.texts.push(truncate(text, LISTED));
    if (answerable === false) this.unanswerable.push(at);
    for (const tag of new Set(tags)) {
      const known = this.tags.get(tag);
      if (known === undefined) this.tags.set(tag, [at]);
      else known.push(at);
    }
  }
}
