import { type Condition, formatCondition } from "../../core/condition.ts";
import type { AnswerRequest } from "../../core/contracts.ts";
import type { Passage } from "../../core/passage.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { queryOf } from "../ask-question.ts";
import type { CorpusLengths } from "./corpus-lengths.ts";
import { byteLength } from "./token-measure.ts";

/** Bytes of the prompts of one condition. */
export interface PromptSizes {
  readonly condition: string;
  readonly mean: number;
  readonly longest: number;
  /** Whether the prompts are those that will be sent; those of `rag@k` are estimated, since nothing is retrieved. */
  readonly exact: boolean;
}

export interface PromptSource {
  readonly questions: Iterable<QuestionRecord> & { readonly length: number };
  readonly corpus: CorpusLengths;
  requestText(request: AnswerRequest): string;
  /** The passages of the corpus by id. */
  passages(ids: readonly string[]): Promise<readonly (Passage | undefined)[]>;
}

/**
 * How long the prompts of a condition are. `closed-book` and `oracle` prompts are rendered as they will be sent. Of `rag@k`
 * the mean has k passages of the corpus' mean length, and the longest the k longest passages of the corpus: no prompt is
 * longer.
 */
export async function promptSizes(condition: Condition, source: PromptSource): Promise<PromptSizes> {
  const name = formatCondition(condition);
  const sizeOf = (question: QuestionRecord, passages: readonly Passage[]): number =>
    byteLength(source.requestText({ query: queryOf(question), passages, condition: name, trial: 0 }));
  let total = 0;
  let longest = 0;
  for (const question of source.questions) {
    let size: number;
    let most: number;
    if (condition.kind === "rag") {
      const { mean, longest: bytes, passages } = source.corpus;
      const k = Math.min(condition.k, passages);
      // What the template writes around each passage is part of the prompt.
      const frame = sizeOf(
        question,
        Array.from({ length: k }, (_, at) => ({ id: `${at}`, document: "", text: "" })),
      );
      size = frame + k * mean;
      most = frame + bytes.slice(0, k).reduce((sum, length) => sum + length, 0);
    } else {
      size = sizeOf(question, condition.kind === "oracle" ? await goldOf(question, source) : []);
      most = size;
    }
    total += size;
    longest = Math.max(longest, most);
  }
  const mean = source.questions.length === 0 ? 0 : total / source.questions.length;
  return { condition: name, mean, longest, exact: condition.kind !== "rag" };
}

async function goldOf({ judgements }: QuestionRecord, { passages }: PromptSource): Promise<Passage[]> {
  const ids = judgements.flatMap(([id, grade]) => (grade >= 1 ? id : []));
  return ids.length === 0 ? [] : (await passages(ids)).flatMap((passage) => passage ?? []);
}
