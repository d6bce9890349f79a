import type { Judgements } from "../core/ranking.ts";
import type { QuestionRecord } from "../runlog/index.ts";

/**
 * Judgements of documents as judgements of the passages of a ranking, so that any ranking metric can be taken by document: the
 * first passage of a judged document has the document's grade; further ones bring nothing new and have grade 0, in the places
 * that they take. `P@k` is then Hugging Face's precision at k, |titles of the first k ∩ gold titles| / k, and recall the share
 * of gold documents that the first k passages come from. A judged document of which nothing was retrieved counts as missed.
 * @param ranked ids, best first
 */
export function documentJudgements(
  documents: NonNullable<QuestionRecord["documents"]>,
  ranked: readonly string[],
): Judgements {
  const rank = new Map(ranked.map((id, at) => [id, at]));
  const judgements = new Map<string, number>();
  for (const [document, grade, passages] of documents) {
    const found = passages.filter((id) => rank.has(id)).sort((a, b) => rank.get(a)! - rank.get(b)!);
    // The first character keeps what stands for a document from any sensible id.
    const [first = `\u0000document ${document}`, ...again] = found;
    judgements.set(first, grade);
    for (const id of again) judgements.set(id, 0);
  }
  return judgements;
}
