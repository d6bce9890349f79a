import { answerPrecision } from "./answer-precision.ts";
import { averagePrecision } from "./average-precision.ts";
import { bpref } from "./bpref.ts";
import { complete } from "./complete.ts";
import { contains } from "./contains.ts";
import { coverage } from "./coverage.ts";
import type { MetricDefinition } from "./define.ts";
import { exactMatch } from "./exact-match.ts";
import { expectedReciprocalRank } from "./expected-reciprocal-rank.ts";
import { f1 } from "./f1.ts";
import { falseAnswer } from "./false-answer.ts";
import { judged } from "./judged.ts";
import { ndcg } from "./ndcg.ts";
import { overRefusal } from "./over-refusal.ts";
import { precision } from "./precision.ts";
import { precisionRetrieved } from "./precision-retrieved.ts";
import { rPrecision } from "./r-precision.ts";
import { rankBiasedPrecision } from "./rank-biased-precision.ts";
import { recall } from "./recall.ts";
import { reciprocalRank } from "./reciprocal-rank.ts";
import { refusalPrecision } from "./refusal-precision.ts";
import { refusalRecall } from "./refusal-recall.ts";
import { rouge1, rouge2, rougeL, rougeLsum } from "./rouge.ts";
import { success } from "./success.ts";

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
].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
