export type {
  AnswerMetric,
  AnswerSample,
  EdgeValue,
  Metric,
  MetricDefinition,
  MetricGroup,
  MetricKind,
  QuestionGold,
  RankingMetric,
} from "./define.ts";
export { formatMetric } from "./format.ts";
export type { GoldRule, ParamSpec, ParamSpecs, ParamValue, ParamValues } from "./params.ts";
export { type NameProblem, type ParsedMetric, parseMetric } from "./parse.ts";
export { rankIds } from "./rank-ids.ts";
export { metricReference, metricSection } from "./reference.ts";
export { type RefusalDetector, type RefusalVerdict, refusalDetector } from "./refusal.ts";
export { REFUSAL_PATTERNS, REFUSAL_PHRASES } from "./refusal-defaults.ts";
export { type CompiledPattern, compilePattern } from "./refusal-pattern.ts";
export { METRICS } from "./registry.ts";
export { trecEvalValue } from "./trec-eval.ts";
