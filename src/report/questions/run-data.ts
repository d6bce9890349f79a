import type { Outcome } from "../../core/outcome.ts";
import type { Passage } from "../../core/passage.ts";
import {
  type AnswerLine,
  type AskedQuestion,
  type FailureLine,
  judgedPassages,
  type Outcomes,
  type QuestionRecord,
  type ResultLine,
  type RetrievalLine,
} from "../../runlog/index.ts";
import { Pieces } from "../pages/pieces.ts";
import { cut } from "../text/cut-text.ts";
import { type JudgedQuestion, judgementsOf } from "./judgements.ts";

/** Questions and passages of one data file. A page loads those it shows, whatever the size of the run. */
export const PER_PIECE = { questions: 50, passages: 100 } as const;

/** More hits than this are counted on the page, not listed. */
const MOST_HITS = 100;

/** Writes the passages of a complete run in pieces, `p0000.js`, in the order of `passages.jsonl`; their places alone are held. */
export class PassageData {
  /** By id. */
  readonly places = new Map<string, number>();
  readonly #pieces: Pieces;

  /** @param out the folder of the pieces */
  constructor(out: string) {
    this.#pieces = new Pieces(out, "p", PER_PIECE.passages);
  }

  async add({ id, title, text }: Passage): Promise<void> {
    this.places.set(id, this.places.size);
    await this.#pieces.add({ id, ...(title !== undefined && { title }), text: cut(text) });
  }

  finish(): Promise<void> {
    return this.#pieces.finish();
  }
}

/** Writes questions with their results and what judges and people said of them in pieces, `q0000.js`, in the dataset's order. */
export class QuestionData {
  readonly #passages: ReadonlyMap<string, number>;
  readonly #pieces: Pieces;

  /** @param out the folder of the pieces @param passages places of the passages, by id */
  constructor(out: string, passages: ReadonlyMap<string, number>) {
    this.#passages = passages;
    this.#pieces = new Pieces(out, "q", PER_PIECE.questions);
  }

  add({ question, results }: AskedQuestion, judged: JudgedQuestion): Promise<void> {
    return this.#pieces.add(questionPage(question, results, this.#passages, judged));
  }

  finish(): Promise<void> {
    return this.#pieces.finish();
  }
}

/** What the page shows of one question. A passage is named by id and place; -1: its text is not in the run. */
function questionPage(
  question: QuestionRecord,
  results: readonly ResultLine[],
  passages: ReadonlyMap<string, number>,
  judged: JudgedQuestion,
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
          ? { ...answerPage(line), ...judgementsOf(judged, line) }
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
