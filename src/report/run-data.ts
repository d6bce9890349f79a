import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import type { Outcome } from "../core/outcome.ts";
import {
  type AnswerLine,
  type FailureLine,
  judgedPassages,
  type LogLine,
  type Outcomes,
  type QuestionRecord,
  type ResultLine,
  type RetrievalLine,
  type Run,
  readPassages,
  readQuestions,
  readRun,
} from "../runlog/index.ts";
import { cut } from "./cut-text.ts";
import { Pieces } from "./pieces.ts";
import { type Judgements, openJudgements } from "./questions/judgements.ts";
import { MeasuredTimes } from "./questions/measured-times.ts";

/** Questions and passages of one data file. A page loads those it shows, whatever the size of the run. */
export const PER_PIECE = { questions: 50, passages: 100 } as const;

/** More hits than this are counted on the page, not listed. */
const MOST_HITS = 100;

/**
 * Writes the texts of a complete run in pieces: `q0000.js` (questions with their results and what judges and people said of them, in
 * the dataset's order) and `p0000.js` (passages, in the order of `passages.jsonl`). The log is streamed once beside the questions,
 * since a complete log is in the plan's order; of the passages only their places are held.
 *
 * @param out the folder of the pieces
 * @returns how long each question took
 * @throws DataError when a file is damaged, or the log is not in the order of its plan
 */
export async function writeRunData({ dir, manifest, end }: Run, out: string): Promise<MeasuredTimes> {
  const passages = await writePassages(dir, out);
  const judgements = await openJudgements(dir, end?.sha256 ?? "");
  const times = new MeasuredTimes(manifest.dataset.queries);
  const pieces = new Pieces(out, "q", PER_PIECE.questions);
  const lines = readRun(dir);
  let next = await lines.next();
  let at = 0;
  if (!next.done && next.value.kind === "manifest") next = await lines.next();
  try {
    for await (const question of readQuestions(dir)) {
      const results: ResultLine[] = [];
      while (!next.done && isResultOf(next.value, question.id)) {
        results.push(next.value);
        times.add(at, next.value);
        next = await lines.next();
      }
      await pieces.add(questionPage(question, results, passages, await judgements.of(question.id)));
      at += 1;
    }
  } finally {
    await judgements.close();
  }
  if (!next.done && next.value.kind !== "end") throw outOfOrder(dir);
  await pieces.finish();
  return times;
}

function isResultOf(line: LogLine, query: string): line is ResultLine {
  return line.kind !== "manifest" && line.kind !== "end" && line.query === query;
}

/** @returns the place of each passage, by its id */
async function writePassages(dir: string, out: string): Promise<ReadonlyMap<string, number>> {
  const places = new Map<string, number>();
  const pieces = new Pieces(out, "p", PER_PIECE.passages);
  for await (const { id, title, text } of readPassages(dir)) {
    places.set(id, places.size);
    await pieces.add({ id, ...(title !== undefined && { title }), text: cut(text) });
  }
  await pieces.finish();
  return places;
}

/** What the page shows of one question. A passage is named by id and place; -1: its text is not in the run. */
function questionPage(
  question: QuestionRecord,
  results: readonly ResultLine[],
  passages: ReadonlyMap<string, number>,
  judged: Awaited<ReturnType<Judgements["of"]>>,
) {
  const place = (id: string): number => passages.get(id) ?? -1;
  const retrieval = results.find((line): line is RetrievalLine => line.kind === "retrieval");
  const retrievalFailure = results.find((line): line is FailureLine => line.kind === "failure" && !line.condition);
  const { id, text, history, answers, answerable, tags, document } = question;
  return {
    id,
    answerable,
    tags,
    document,
    text: cut(text),
    history: history?.map(({ role, content }) => ({ role, content: cut(content) })) ?? [],
    answers: answers?.map((text) => cut(text)) ?? [],
    gold: judgedPassages(question)
      .filter(([, grade]) => grade > 0)
      .map(([id, grade]) => [id, grade, place(id)]),
    retrieval: retrieval && {
      hits: retrieval.ranking.slice(0, MOST_HITS).map(([id, score]) => [id, score, place(id)]),
      retrieved: retrieval.ranking.length,
      ...(retrieval.rewritten !== undefined && { rewritten: cut(retrieval.rewritten) }),
      outcomes: outcomeList(retrieval.outcomes),
      timing: retrieval.timing,
    },
    retrievalFailure: retrievalFailure && failurePage(retrievalFailure),
    results: results
      .filter((line) => line.kind === "answer" || (line.kind === "failure" && line.condition !== undefined))
      .map((line) =>
        line.kind === "answer"
          ? { ...answerPage(line), ...judged(line.condition, line.trial) }
          : failurePage(line as FailureLine),
      ),
  };
}

function answerPage({ kind, query, context, outcomes, text, raw, ...rest }: AnswerLine) {
  const rawCut = raw === undefined ? {} : { raw: cut(raw) };
  return { ...rest, text: cut(text), ...rawCut, given: context.length, outcomes: outcomeList(outcomes) };
}

function failurePage({ kind, query, outcomes, message, ...rest }: FailureLine) {
  return { ...rest, message: cut(message), failed: true, outcomes: outcomeList(outcomes) };
}

/** Pairs instead of an object: metric names come from the log. A reason stands where there is no value. */
function outcomeList(outcomes: Outcomes) {
  return Object.entries(outcomes).map(([name, outcome]: [string, Outcome]) =>
    outcome.state === "scored" ? [name, outcome.value] : [name, null, outcome.reason, outcome.detail],
  );
}

function outOfOrder(dir: string): DataError {
  return new DataError([
    {
      code: "E_RUN_ORDER",
      where: join(dir, "run.jsonl"),
      expected: "results in the order of questions.jsonl",
      got: "a result out of that order, or of a question that is not there",
      fix: "restore the folder as the run left it, or run again with --fresh",
    },
  ]);
}
