import { type Condition, formatCondition } from "../../core/condition.ts";
import type { AnswerRequest } from "../../core/contracts.ts";
import type { Passage } from "../../core/passage.ts";
import type { QuestionRecord } from "../../runlog/index.ts";
import { queryOf } from "../ask-question.ts";
import { goldOf, type MadeContexts } from "../probe/made-contexts.ts";
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
  /** Of a probe's conditions. */
  readonly contexts?: MadeContexts | undefined;
}

/**
 * How long the prompts of a condition are. `closed-book` and `oracle` prompts are rendered as they will be sent. Of `rag@k`
 * the mean has k passages of the corpus' mean length, and the longest the k longest passages of the corpus: no prompt is
 * longer. So it is of the retrieved passages of a probe, which come beside what it makes without them.
 */
export async function promptSizes(condition: Condition, source: PromptSource): Promise<PromptSizes> {
  const name = formatCondition(condition);
  const sizeOf = (question: QuestionRecord, passages: readonly Passage[]): number =>
    byteLength(source.requestText({ query: queryOf(question), passages, condition: name, trial: 0 }));
  const { mean: each, longest: bytes, passages } = source.corpus;
  const k = Math.min(retrievedBy(condition), passages);
  // What the template writes around each passage is part of the prompt.
  const empty = Array.from({ length: k }, (_, at) => ({ id: `${at}`, document: "", text: "" }));
  let total = 0;
  let longest = 0;
  for (const question of source.questions) {
    const made = await madeOf(condition, question, source);
    const frame = sizeOf(question, [...made, ...empty]);
    total += frame + k * each;
    longest = Math.max(
      longest,
      bytes.slice(0, k).reduce((sum, length) => sum + length, frame),
    );
  }
  const mean = source.questions.length === 0 ? 0 : total / source.questions.length;
  return { condition: name, mean, longest, exact: retrievedBy(condition) === 0 };
}

/** How many retrieved passages a prompt has at most. */
export function retrievedBy(condition: Condition): number {
  return condition.kind === "rag" ? condition.k : condition.kind === "probe" ? condition.ranked : 0;
}

/** The passages of a prompt that are known before anything is retrieved. */
async function madeOf(
  condition: Condition,
  question: QuestionRecord,
  source: PromptSource,
): Promise<readonly Passage[]> {
  const { contexts, passages } = source;
  if (condition.kind === "oracle") return goldOf({ question, passages });
  if (condition.kind !== "probe") return [];
  return contexts!.contextOf({ question, ranking: [], passages }, condition.name);
}
