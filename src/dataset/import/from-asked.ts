import type { Target } from "./target.ts";
import { textId } from "./text-id.ts";

/** Questions that were found in files of answers, each text once. */
export interface AskedSource {
  readonly questions: readonly { readonly text: string; readonly answers: readonly string[] }[];
  /** The files they were found in. */
  readonly files: readonly string[];
}

const SPLIT = "test";

/** Writes questions with their accepted answers. Ids are made from the text alone: the same question has the same id everywhere. */
export async function importAsked({ questions }: AskedSource, target: Target): Promise<void> {
  target.split(SPLIT);
  for (const { text, answers } of questions) {
    await target.query({
      _id: textId(text, ["asked", text]),
      text,
      ...(answers.length > 0 ? { answers: [...answers] } : {}),
      split: SPLIT,
    });
  }
}
