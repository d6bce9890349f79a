import type { Passage } from "../../core/passage.ts";
import type { Query } from "../../core/query.ts";
import {
  type AnswerLine,
  openRun,
  type QuestionRecord,
  RunPassages,
  readQuestions,
  readRun,
} from "../../runlog/index.ts";

/** An answer of a run, with what a judge may be shown of its question. */
export interface AnswerToGrade {
  readonly query: Query;
  readonly answer: AnswerLine;
  readonly passages: readonly Passage[];
  readonly goldPassages: readonly Passage[];
}

export interface AnswersToGradeOptions {
  /** Only answers of these conditions. @default all */
  readonly conditions?: readonly string[];
  /** Only answers to the first questions. @default all */
  readonly limit?: number;
  /** Answers that decline too. */
  readonly refusals: boolean;
}

/**
 * Streams the answers of a complete run in the order of its questions. Questions that failed have no answer and are left out.
 * A finished log has its lines in the order of the questions, so that both are read side by side and memory stays flat.
 */
export async function* answersToGrade(dir: string, options: AnswersToGradeOptions): AsyncGenerator<AnswerToGrade> {
  const { conditions, limit = Number.POSITIVE_INFINITY, refusals } = options;
  const wanted = conditions && new Set(conditions);
  await openRun(dir);
  const texts = await RunPassages.open(dir);
  const questions = readQuestions(dir);
  try {
    let [number, question]: [number, QuestionRecord | undefined] = [0, undefined];
    for await (const line of readRun(dir)) {
      if (line.kind !== "answer") continue;
      while (question?.id !== line.query) {
        const next = await questions.next();
        if (next.done) return;
        question = next.value;
        number += 1;
      }
      if (number > limit) return;
      if ((wanted && !wanted.has(line.condition)) || (line.refused && !refusals)) continue;
      const gold = question.judgements.flatMap(([id, grade]) => (grade >= 1 ? [id] : []));
      yield {
        query: queryOf(question),
        answer: line,
        passages: await found(texts, line.context),
        goldPassages: await found(texts, gold),
      };
    }
  } finally {
    await questions.return(undefined);
    await texts.close();
  }
}

function queryOf({ id, text, answers, history }: QuestionRecord): Query {
  return { id, text, ...(answers && { answers }), ...(history && { history }) };
}

async function found(texts: RunPassages, ids: readonly string[]): Promise<Passage[]> {
  const passages: Passage[] = [];
  for (const id of ids) {
    const passage = await texts.get(id);
    if (passage) passages.push(passage);
  }
  return passages;
}
