import type { Passage } from "../core/passage.ts";
import { RowWriter } from "../lib/row-writer.ts";
import { RunPassages } from "./export-passages.ts";
import {
  answerOf,
  type ChosenAnswers,
  type QuestionResults,
  resultsByQuestion,
  retrievalOf,
} from "./export-results.ts";
import { judgedPassages } from "./judged-passages.ts";
import type { AnswerLine } from "./schema.ts";

/** A document as LocalRQA writes it; `id`, `score` and `grade` are ours. */
interface Doc {
  readonly page_content: string;
  readonly fmt_content: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Writes LocalRQA's predictions: a row per question with `question`, `gold_docs`, `retrieved_docs` and, for a run with
 * answers, `gold_answer` and `generated_answer`. Beside them what those files lack: ids, scores, refusal, outcomes,
 * latency and failures. Under a condition `retrieved_docs` is what the generator was given. The answer of a failed
 * question is empty, and its row has `failure`.
 */
export async function exportLocalrqa(
  dir: string,
  path: string,
  { answers, k }: { readonly answers: ChosenAnswers | undefined; readonly k: number },
): Promise<void> {
  const passages = await RunPassages.open(dir);
  const file = new RowWriter(path);
  const docs = async (rows: readonly (readonly [id: string, about: object])[]): Promise<Doc[]> => {
    const all: Doc[] = [];
    for (const [id, about] of rows) all.push(toDoc(id, about, await passages.get(id)));
    return all;
  };
  try {
    for await (const { question, results } of resultsByQuestion(dir)) {
      const gold = judgedPassages(question)
        .filter(([, grade]) => grade >= 1)
        .map(([id, grade]) => [id, { grade }] as const);
      await file.write(
        JSON.stringify({
          id: question.id,
          question: question.text,
          gold_docs: await docs(gold),
          retrieved_docs: await docs(shown(results, answers, k)),
          ...(answers === undefined ? {} : answerFields(question, results, answers)),
          ...outcomeFields(results, answers),
        }),
      );
    }
  } finally {
    await file.close(true);
    await passages.close();
  }
}

type Results = QuestionResults["results"];

/** The passages of a row: what the generator was given, or the first k that were found. */
function shown(results: Results, answers: ChosenAnswers | undefined, k: number): [id: string, about: object][] {
  const retrieval = retrievalOf(results);
  const ranking = retrieval?.kind === "retrieval" ? retrieval.ranking : [];
  if (answers === undefined) return ranking.slice(0, k).map(([id, score]) => [id, { score }]);
  const scores = new Map(ranking);
  const answer = answerOf(results, answers);
  const context = answer?.kind === "answer" ? answer.context : [];
  return context.map((id) => [id, scores.has(id) ? { score: scores.get(id) } : {}]);
}

function answerFields({ answers }: QuestionResults["question"], results: Results, chosen: ChosenAnswers): object {
  const answer = answerOf(results, chosen);
  return {
    gold_answer: answers?.[0] ?? "",
    gold_answers: answers ?? [],
    generated_answer: answer?.kind === "answer" ? answer.text : "",
    ...chosen,
    ...(answer?.kind === "answer" ? saidFields(answer) : {}),
  };
}

function saidFields({ refused, undecided, finish, usage, cost, confidence, raw }: AnswerLine): object {
  return { refused, undecided, finish, usage, cost, confidence, raw };
}

function outcomeFields(results: Results, answers: ChosenAnswers | undefined): object {
  const retrieval = retrievalOf(results);
  const answer = answers && answerOf(results, answers);
  const last = answer ?? retrieval;
  return {
    outcomes: { ...retrieval?.outcomes, ...answer?.outcomes },
    ...(retrieval?.kind === "retrieval" ? { retrieval_timing: retrieval.timing } : {}),
    ...(answer?.kind === "answer" ? { answer_timing: answer.timing } : {}),
    ...(last?.kind === "failure" ? { failure: { stage: last.stage, code: last.code, message: last.message } } : {}),
  };
}

function toDoc(id: string, about: object, passage: Passage | undefined): Doc {
  const source = passage?.document ?? id;
  const title = passage?.title ?? "";
  const text = passage?.text ?? "";
  return {
    page_content: text,
    fmt_content: `Source: ${source}\nTitle: ${title}\nContent:\n${text}`,
    metadata: { source, title, id, ...about },
  };
}
