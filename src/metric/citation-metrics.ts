import { type Outcome, scored, unscored } from "../core/outcome.ts";
import { citationsOf } from "./citations.ts";
import { type AnswerSample, defineAnswerMetric, type QuestionGold } from "./define.ts";
import { hasRelevant } from "./grades.ts";
import { REL } from "./params.ts";

const HOW =
  "An answer cites by number, in square brackets: `[1]`, `[1, 3]`, `[2-4]`; passages are numbered from 1 in the order " +
  "the generator was given them, and a number beyond them is a wrong citation.";

export const citationPrecision = defineAnswerMetric({
  name: "CitationPrecision",
  title: "Citation precision: relevant among cited",
  group: "grounding",
  params: { rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "share of the passages cited",
  meaning:
    `Of the passages an answer cites, the share that is relevant by the judgements. ${HOW} Answers that cite nothing, ` +
    "refused and failed questions are not part of it, so read it beside CitationRecall.",
  source: "precision of the citations against judged passages",
  whenEmpty: "not-applicable",
  whenNoGold: "no-gold",
  whenFailed: "not-applicable",
  proportion: false,
  excludes: (question) => lacksJudgements(question),
  compute(sample, { rel }) {
    const silent = saysNothing(sample);
    if (silent !== undefined) return silent;
    const cited = citationsOf(sample.answer);
    if (cited.length === 0) return unscored("not-applicable", "the answer cites nothing");
    return scored(relevantNumbers(sample, rel).filter((number) => cited.includes(number)).length / cited.length);
  },
});

export const citationRecall = defineAnswerMetric({
  name: "CitationRecall",
  title: "Citation recall: cited among relevant",
  group: "grounding",
  params: { rel: REL },
  range: [0, 1],
  better: "higher",
  unit: "share of the relevant passages given",
  meaning:
    `Of the relevant passages the generator was given, the share its answer cites. ${HOW} Retrieval is not blamed here: ` +
    "relevant passages it did not bring count nowhere, and where it brought none the question is not part of it. A " +
    "refused question is not part of it either; a failed one has 0.",
  source: "recall of the citations against judged passages",
  whenEmpty: "not-applicable",
  whenNoGold: "no-gold",
  whenFailed: 0,
  proportion: false,
  excludes: (question, { rel }) =>
    lacksJudgements(question) ??
    (hasRelevant(question.judgements!, rel)
      ? undefined
      : unscored("not-applicable", `no passage has a grade of ${rel} or more`)),
  compute(sample, { rel }) {
    const silent = saysNothing(sample);
    if (silent !== undefined) return silent;
    const relevant = relevantNumbers(sample, rel);
    if (relevant.length === 0) return unscored("not-applicable", "no relevant passage was given");
    const cited = citationsOf(sample.answer);
    return scored(relevant.filter((number) => cited.includes(number)).length / relevant.length);
  },
});

function lacksJudgements({ judgements, answerable }: QuestionGold): Outcome | undefined {
  if (judgements !== undefined && judgements.size > 0) return undefined;
  return answerable
    ? unscored("no-gold", "no passage is judged")
    : unscored("not-applicable", "the question is unanswerable: no passage is relevant");
}

function saysNothing({ refused, passages = [] }: AnswerSample): Outcome | undefined {
  if (refused) return unscored("not-applicable", "the question was refused");
  return passages.length === 0 ? unscored("not-applicable", "the answer was given without passages") : undefined;
}

/** Numbers of the relevant passages among those given. */
function relevantNumbers({ passages = [], judgements }: AnswerSample, rel: number): number[] {
  return passages.flatMap(({ id }, at) => ((judgements?.get(id) ?? 0) >= rel ? [at + 1] : []));
}
