export type {
  AnswerMetric,
  AnswerSample,
  EdgeValue,
  Metric,
  MetricDefinition,
  MetricGroup,
  MetricKind,
  RankingMetric,
} from "./define.ts";
export { formatMetric } from "./format.ts";
export type { ParamSpec, ParamSpecs, ParamValue, ParamValues } from "./params.ts";
export { type NameProblem, type ParsedMetric, parseMetric } from "./parse.ts";
export { rankIds } from "./rank-ids.ts";
export { METRICS } from "./registry.ts";
