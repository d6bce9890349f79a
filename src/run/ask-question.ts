import { type Condition, formatCondition } from "../core/condition.ts";
import type { Answer, Clock, Generator, Retriever } from "../core/contracts.ts";
import { SystemFailure } from "../core/errors.ts";
import type { Passage } from "../core/passage.ts";
import type { Query } from "../core/query.ts";
import type { Ranking } from "../core/ranking.ts";
import { quoteValue, truncate } from "../lib/text.ts";
import {
  type AnswerLine,
  type FailureLine,
  judgedPassages,
  type QuestionRecord,
  RETRIEVAL,
  type ResultLine,
  type RetrievalLine,
  type RunLogWriter,
} from "../runlog/index.ts";
import { type AskOptions, ask } from "./ask.ts";
import { checkAnswer, settleRanking } from "./check-reply.ts";
import { outcomesOf, refusalOf } from "./left-to-judge.ts";
import type { Plan } from "./plan-run.ts";
import { answerFloors, rankingFloors, scoreAnswer, scoreRanking } from "./score.ts";

/** Messages of failures are quoted in tables and pages; a server's whole page is not. */
const LONGEST_MESSAGE = 1000;

/** What the questions of one run have in common. */
export interface Asking {
  readonly plan: Plan;
  readonly retriever?: Retriever;
  readonly generator?: Generator;
  passages(ids: readonly string[]): Promise<readonly (Passage | undefined)[]>;
  readonly writer: RunLogWriter;
  readonly clock: Clock;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Takes a result, which is scored, logged and told of while the next question is asked. */
  done(reply: Reply, lineOf: () => ResultLine): Promise<void>;
  /** Keeps back a failure that may be the system's and not the question's; the question comes again. */
  setAside(question: QuestionRecord, line: FailureLine): void;
  /** Whether a limit of the run is reached, so that no further call may begin. */
  stopping(): boolean;
  /** Told of each call of the system: whether it begins (1) or ends (-1). */
  inFlight(change: 1 | -1): void;
  onRetry(): void;
}

/** What counts of a result before it is scored. */
export type Reply =
  | Pick<AnswerLine, "kind" | "query" | "cost" | "timing">
  | Pick<RetrievalLine, "kind">
  | Pick<FailureLine, "kind">;

/** Asks all that the log still lacks of one question: its retrieval first, then each condition and trial. */
export async function askQuestion(asking: Asking, question: QuestionRecord, signal: AbortSignal): Promise<void> {
  const { writer } = asking;
  const open = openAnswers(asking, question);
  const slot = writer.slots.slotOf(question.id, RETRIEVAL, 0);
  if (open.length === 0 && (slot === undefined || writer.has(slot))) return;
  if (asking.stopping()) return;
  const retrieved = slot === undefined ? undefined : await retrieve(asking, question, slot, signal);
  if (retrieved === SET_ASIDE) return;
  const ranking = retrieved?.kind === "retrieval" ? retrieved.ranking : [];
  const largestK = Math.max(0, ...open.map(({ condition }) => (condition.kind === "rag" ? condition.k : 0)));
  const texts = await textsOf(asking, question, ranking.slice(0, largestK));
  for (const { condition, trial } of open) {
    signal.throwIfAborted();
    if (asking.stopping()) return;
    const name = formatCondition(condition);
    if (takesRanking(condition) && retrieved?.kind === "failure") {
      await asking.done(retrieved, () => answerFailure(asking, question, name, trial, "retrieval", retrieved));
    } else {
      const put = { condition, name, trial, ranking, texts };
      if ((await answer(asking, question, put, signal)) === SET_ASIDE) return;
    }
  }
}

/** A failure was kept back: nothing more is asked of its question for now. */
const SET_ASIDE = Symbol("set aside");

/** What conditions need of a question's retrieval. */
type Retrieved =
  | Pick<RetrievalLine, "kind" | "ranking">
  | Pick<FailureLine, "kind" | "code" | "message" | "attempts">
  | typeof SET_ASIDE;

function keepBack(asking: Asking, question: QuestionRecord, line: FailureLine): typeof SET_ASIDE {
  asking.setAside(question, line);
  return SET_ASIDE;
}

interface OpenAnswer {
  readonly condition: Condition;
  readonly trial: number;
}

function openAnswers({ plan, writer }: Asking, question: QuestionRecord): OpenAnswer[] {
  const open: OpenAnswer[] = [];
  for (const condition of plan.conditions) {
    for (let trial = 0; trial < plan.manifest.trials; trial += 1) {
      const slot = writer.slots.slotOf(question.id, formatCondition(condition), trial)!;
      if (!writer.has(slot)) open.push({ condition, trial });
    }
  }
  return open;
}

/** The question's ranking or failure: from the log where it is there, else by asking once at the largest depth. */
async function retrieve(
  asking: Asking,
  question: QuestionRecord,
  slot: number,
  signal: AbortSignal,
): Promise<Retrieved> {
  const { plan, writer, retriever } = asking;
  if (writer.has(slot)) return (await writer.read(slot)) as RetrievalLine | FailureLine;
  const { depth } = plan.manifest;
  let rewritten: string | undefined;
  const asked = await call(asking, plan.retrievalAttempts, signal, async () => {
    const found = await retriever!.search([queryOf(question)], depth, signal, (_, text) => {
      rewritten = text;
    });
    return settleRanking(found, depth);
  });
  if (asked.ok) {
    const { value: ranking, ms } = asked;
    const result = { kind: "retrieval", ranking } as const;
    await asking.done(result, () => ({
      kind: "retrieval",
      query: question.id,
      trial: 0,
      ranking,
      ...(rewritten !== undefined && { rewritten }),
      outcomes: scoreRanking(plan.rankingMetrics, ranking, question),
      timing: { ms, source: plan.retrievalSource },
    }));
    return result;
  }
  const line: FailureLine = {
    kind: "failure",
    query: question.id,
    trial: 0,
    stage: "retrieval",
    code: asked.code,
    message: truncate(asked.message, LONGEST_MESSAGE),
    attempts: asked.attempts,
    outcomes: rankingFloors(plan.rankingMetrics, question),
  };
  if (asked.passing) return keepBack(asking, question, line);
  await asking.done(line, () => line);
  return line;
}

interface Put {
  readonly condition: Condition;
  readonly name: string;
  readonly trial: number;
  readonly ranking: Ranking;
  readonly texts: ReadonlyMap<string, Passage>;
}

async function answer(
  asking: Asking,
  question: QuestionRecord,
  put: Put,
  signal: AbortSignal,
): Promise<typeof SET_ASIDE | undefined> {
  const { plan, generator } = asking;
  const { name, trial } = put;
  let context: readonly Passage[] = [];
  const asked = await call(asking, plan.answerAttempts, signal, async () => {
    context = await contextOf(asking, question, put);
    const request = { query: queryOf(question), passages: context, condition: name, trial };
    return checkAnswer(await generator!.answer(request, signal));
  });
  if (!asked.ok) {
    const line = answerFailure(asking, question, name, trial, "answer", asked);
    if (asked.passing) return keepBack(asking, question, line);
    await asking.done(line, () => line);
    return undefined;
  }
  const { cost, timing } = asked.value;
  const reply = { kind: "answer", query: question.id, ...(cost && { cost }), timing } as const;
  await asking.done(reply, () => answerLine(plan, question, put, context, asked.value));
  return undefined;
}

function answerLine(
  plan: Plan,
  question: QuestionRecord,
  { name, trial }: Put,
  context: readonly Passage[],
  given: Answer,
): AnswerLine {
  const { text, raw, refused: flag, finish, usage, cost, confidence, hedged, timing, cachedFrom } = given;
  const verdict = plan.detectRefusal(text, flag);
  return {
    kind: "answer",
    query: question.id,
    condition: name,
    trial,
    text,
    ...(raw !== undefined && raw !== text && { raw }),
    ...refusalOf(plan, verdict),
    finish,
    ...(usage && { usage }),
    ...(cost && { cost }),
    ...(confidence !== undefined && { confidence }),
    ...(hedged && { hedged }),
    context: context.map((p) => p.id),
    ...outcomesOf(plan, verdict, (refused) => scoreAnswer(plan.answerMetrics, given, refused, context, question)),
    timing,
    ...(cachedFrom && { cachedFrom }),
  };
}

function answerFailure(
  { plan }: Asking,
  question: QuestionRecord,
  condition: string,
  trial: number,
  stage: FailureLine["stage"],
  failed: { readonly code: string; readonly message: string; readonly attempts: number },
): FailureLine {
  return {
    kind: "failure",
    query: question.id,
    condition,
    trial,
    stage,
    code: failed.code,
    message: truncate(failed.message, LONGEST_MESSAGE),
    attempts: failed.attempts,
    outcomes: answerFloors(plan.answerMetrics, question),
  };
}

function takesRanking(condition: Condition): boolean {
  return condition.kind === "rag" || (condition.kind === "probe" && condition.ranked > 0);
}

/** The passages a condition allows. @throws SystemFailure when the ranking names one that the corpus does not have */
async function contextOf(
  { plan, passages }: Asking,
  question: QuestionRecord,
  { condition, ranking, texts }: Put,
): Promise<readonly Passage[]> {
  if (condition.kind === "closed-book") return [];
  if (condition.kind === "probe") return plan.contexts!.contextOf({ question, ranking, passages }, condition.name);
  // Judgements come best grade first, then by id; gold that the corpus lacks is the dataset's mistake, not the system's.
  if (condition.kind === "oracle") {
    return judgedPassages(question).flatMap(([id, grade]) => (grade >= 1 ? (texts.get(id) ?? []) : []));
  }
  return ranking.slice(0, condition.k).map(([id]) => {
    const passage = texts.get(id);
    if (passage !== undefined) return passage;
    const message = `the ranking names ${quoteValue(id)}, a passage that the corpus does not have`;
    throw new SystemFailure("E_PASSAGE_UNKNOWN", message, { retryable: false });
  });
}

/** The texts that any condition of the question needs, read at once. */
async function textsOf(
  { plan, passages }: Asking,
  question: QuestionRecord,
  ranking: Ranking,
): Promise<ReadonlyMap<string, Passage>> {
  const gold = plan.conditions.some((c) => c.kind === "oracle")
    ? judgedPassages(question).filter(([, grade]) => grade >= 1)
    : [];
  const ids = Array.from(new Set([...ranking, ...gold].map(([id]) => id)));
  const found = new Map<string, Passage>();
  for (const passage of ids.length > 0 ? await passages(ids) : []) if (passage) found.set(passage.id, passage);
  return found;
}

/** The question as a system may see it: without references, answerability, gold, tags and document. */
export function queryOf({ id, text, history }: QuestionRecord): Query {
  return { id, text, ...(history && { history }) };
}

async function call<T>(asking: Asking, attempts: number, signal: AbortSignal, of: () => Promise<T>) {
  const options: AskOptions = {
    attempts,
    clock: asking.clock,
    signal,
    sleep: asking.sleep,
    onRetry: asking.onRetry,
  };
  asking.inFlight(1);
  try {
    return await ask(of, options);
  } finally {
    asking.inFlight(-1);
  }
}
