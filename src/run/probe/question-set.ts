import { createHash } from "node:crypto";
import { QuestionList, type QuestionRecord } from "../../runlog/index.ts";
import type { Questions } from "../load-questions.ts";

/** The questions that a probe asks, hashed as it asks them. */
export function questionSet(split: string, questions: Iterable<QuestionRecord>): Questions {
  const records = new QuestionList();
  const hash = createHash("sha256");
  for (const record of questions) {
    records.add(record);
    hash.update(`${JSON.stringify(record)}\n`);
  }
  return { split, records, sha256: hash.digest("hex") };
}
