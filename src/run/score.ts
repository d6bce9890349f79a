import type { Answer } from "../core/contracts.ts";
import { type Outcome, scored, unscored } from "../core/outcome.ts";
import type { Passage } from "../core/passage.ts";
import type { Judgements, Ranking } from "../core/ranking.ts";
import type { AnswerMetric, RankingMetric } from "../metric/index.ts";
import type { Outcomes, QuestionRecord } from "../runlog/index.ts";
import { documentJudgements } from "./document-judgements.ts";

/** What the ranking metrics say of a settled ranking. */
export function scoreRanking(metrics: readonly RankingMetric[], ranking: Ranking, question: QuestionRecord): Outcomes {
  const ids = ranking.map(([id]) => id);
  return byName(metrics, (metric) => rankingOutcome(metric, ids, question));
}

/**
 * An unanswerable question without judgements has nothing to be found: rankings say nothing of it. An answerable one without
 * judgements lacks its gold.
 */
function rankingOutcome(metric: RankingMetric, ids: readonly string[], question: QuestionRecord): Outcome {
  const judgements = judgementsFor(metric, question, ids);
  if (question.answerable === false && judgements.size === 0) {
    return unscored("not-applicable", "the question is unanswerable: there is nothing to be found");
  }
  return metric.compute(ids, judgements);
}

/**
 * What a metric finds relevant: by its rule where the gold is spans (a passage judged as a whole is the same by both), or by
 * document.
 * @param ranked ids, best first: which passage stands for its document is the ranking's choice
 */
export function judgementsFor(
  { gold }: Pick<RankingMetric, "gold">,
  { judgements, strict = judgements, documents = [] }: QuestionRecord,
  ranked: readonly string[],
): Judgements {
  if (gold === "document") return documentJudgements(documents, ranked);
  return new Map(gold === "strict" ? strict : judgements);
}

/** Whether there is something relevant to be found. */
export function hasGold(
  { gold }: Pick<RankingMetric, "gold">,
  { judgements, documents = [] }: QuestionRecord,
): boolean {
  return (gold === "document" ? documents : judgements).some(([, grade]) => grade >= 1);
}

/** What they say when retrieval failed: the worst value where they speak of the question, else why they do not. */
export function rankingFloors(metrics: readonly RankingMetric[], question: QuestionRecord): Outcomes {
  return byName(metrics, (metric) => {
    const { whenFailed, range, better } = metric.definition;
    const outcome = rankingOutcome(metric, [], question);
    if (outcome.state === "unscored") return outcome;
    return scored(typeof whenFailed === "number" ? whenFailed : range[better === "higher" ? 0 : 1]);
  });
}

/** What the answer metrics say of an answer. @param passages what the generator was given, best first */
export function scoreAnswer(
  metrics: readonly AnswerMetric[],
  { text, raw, finish, usage }: Pick<Answer, "text" | "raw" | "finish" | "usage">,
  refused: boolean,
  passages: readonly Passage[],
  question: QuestionRecord,
): Outcomes {
  const said = { answer: text, refused, finish, ...(raw !== undefined && { raw }), ...(usage && { usage }) };
  const sample = { ...said, passages, ...goldOf(question) };
  return byName(metrics, (metric) => metric.compute(sample));
}

/** What they say when there is no answer because the system failed. */
export function answerFloors(metrics: readonly AnswerMetric[], question: QuestionRecord): Outcomes {
  const gold = goldOf(question);
  return byName(metrics, (metric) => metric.floor(gold));
}

/** A dataset that does not say whether a question is answerable means that it is. */
function goldOf({ answers, answerable = true, judgements }: QuestionRecord) {
  return { references: answers, answerable, judgements: new Map(judgements) };
}

function byName<M extends { readonly name: string }>(metrics: readonly M[], of: (metric: M) => Outcome): Outcomes {
  return Object.fromEntries(metrics.map((metric) => [metric.name, of(metric)]));
}
