import type { GradedItem } from "./graded-set.ts";

/** What a row of labels says of an answer that it names by its text. */
export interface NamedByText {
  /** The question's id; or else its `question`. */
  readonly query?: string;
  readonly question?: string;
  readonly answer: string;
  /** Whose answer; of every system that gave it when left out. */
  readonly system?: string;
}

/**
 * Finds answers by their text: a label is of what was said, whoever said it. Letter case does not count, and runs of white
 * space count as one space.
 */
export class AnswerTexts {
  readonly #items = new Map<string, GradedItem[]>();

  constructor(items: Iterable<GradedItem>) {
    for (const item of items) {
      const { query, question, answer } = item;
      if (answer === undefined) continue;
      this.#add(keyOf("id", query, answer), item);
      if (question !== undefined) this.#add(keyOf("text", plain(question), answer), item);
    }
  }

  find({ query, question = "", answer, system }: NamedByText): readonly GradedItem[] {
    const key = query === undefined ? keyOf("text", plain(question), answer) : keyOf("id", query, answer);
    const found = this.#items.get(key) ?? [];
    return system === undefined ? found : found.filter(({ systems }) => systems?.includes(system));
  }

  #add(key: string, item: GradedItem): void {
    const known = this.#items.get(key);
    if (known) known.push(item);
    else this.#items.set(key, [item]);
  }
}

function keyOf(by: "id" | "text", question: string, answer: string): string {
  return JSON.stringify([by, question, plain(answer)]);
}

function plain(text: string): string {
  return text.normalize("NFC").trim().replace(/\s+/gu, " ").toLowerCase();
}
