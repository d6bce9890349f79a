import type { QuestionRecord } from "./schema.ts";

/**
 * The judged passages of a question. Where documents are judged and no passages, all passages of those documents: any of them
 * stands for its document.
 */
export function judgedPassages({
  judgements,
  documents = [],
}: Pick<QuestionRecord, "judgements" | "documents">): QuestionRecord["judgements"] {
  if (judgements.length > 0) return judgements;
  return documents.flatMap(([, grade, passages]) => passages.map((id) => [id, grade] as const));
}
