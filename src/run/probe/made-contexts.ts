import type { Passage } from "../../core/passage.ts";
import type { Ranking } from "../../core/ranking.ts";
import { judgedPassages, type QuestionRecord } from "../../runlog/index.ts";

/** What a context may be made of. */
export interface ContextSource {
  readonly question: QuestionRecord;
  /** What was retrieved for the question; empty where the condition takes no ranking. */
  readonly ranking: Ranking;
  /** The passages of the corpus by id. */
  passages(ids: readonly string[]): Promise<readonly (Passage | undefined)[]>;
}

/** Makes contexts in place of the retriever: the same ones for the same question and condition, however often it is asked. */
export interface MadeContexts {
  contextOf(source: ContextSource, condition: string): Promise<readonly Passage[]>;
}

/** The gold passages of a question that the corpus has, best grade first: what `oracle` gives. */
export async function goldOf({ question, passages }: Omit<ContextSource, "ranking">): Promise<Passage[]> {
  const ids = goldIds(question);
  return ids.length === 0 ? [] : (await passages(ids)).flatMap((passage) => passage ?? []);
}

export function goldIds(question: QuestionRecord): string[] {
  return judgedPassages(question).flatMap(([id, grade]) => (grade >= 1 ? id : []));
}
