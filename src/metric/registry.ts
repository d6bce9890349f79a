import { answerPrecision } from "./answer-precision.ts";
import { answerTokens } from "./answer-tokens.ts";
import { answerWords } from "./answer-words.ts";
import { averagePrecision } from "./average-precision.ts";
import { bleu } from "./bleu.ts";
import { bpref } from "./bpref.ts";
import { chrf } from "./chrf.ts";
import { citationPrecision, citationRecall } from "./citation-metrics.ts";
import { complete } from "./complete.ts";
import { composite } from "./composite.ts";
import { contains } from "./contains.ts";
import { coverage } from "./coverage.ts";
import type { MetricDefinition } from "./define.ts";
import { exactMatch } from "./exact-match.ts";
import { expectedReciprocalRank } from "./expected-reciprocal-rank.ts";
import { f1 } from "./f1.ts";
import { falseAnswer } from "./false-answer.ts";
import { hitLimit } from "./hit-limit.ts";
import { judged } from "./judged.ts";
import { ndcg } from "./ndcg.ts";
import { overRefusal } from "./over-refusal.ts";
import { precision } from "./precision.ts";
import { precisionRetrieved } from "./precision-retrieved.ts";
import { quotes } from "./quotes.ts";
import { rPrecision } from "./r-precision.ts";
import { rankBiasedPrecision } from "./rank-biased-precision.ts";
import { recall } from "./recall.ts";
import { reciprocalRank } from "./reciprocal-rank.ts";
import { refusalPrecision } from "./refusal-precision.ts";
import { refusalRecall } from "./refusal-recall.ts";
import { repetition } from "./repetition.ts";
import { rouge1, rouge2, rougeL, rougeLsum } from "./rouge.ts";
import { selfDialogue } from "./self-dialogue.ts";
import { success } from "./success.ts";
import { support } from "./support.ts";

/** Every metric there is, by name. A new metric is a new file and a line here. */
export const METRICS: readonly MetricDefinition[] = [
  averagePrecision,
  answerPrecision,
  bpref,
  complete,
  contains,
  coverage,
  exactMatch,
  expectedReciprocalRank,
  f1,
  falseAnswer,
  judged,
  ndcg,
  overRefusal,
  precision,
  precisionRetrieved,
  recall,
  rankBiasedPrecision,
  reciprocalRank,
  refusalPrecision,
  refusalRecall,
  rouge1,
  rouge2,
  rougeL,
  rougeLsum,
  rPrecision,
  success,
  answerTokens,
  answerWords,
  bleu,
  chrf,
  citationPrecision,
  citationRecall,
  composite,
  hitLimit,
  quotes,
  repetition,
  selfDialogue,
  support,
].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
