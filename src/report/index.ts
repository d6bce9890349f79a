export { type BuiltSite, buildSite, type SiteOptions } from "./build-site.ts";
export type { Compare, ComparePageOptions } from "./compare/compare-pages.ts";
export { formatComparison } from "./compare/format-comparison.ts";
export {
  type FlipSide,
  type Located,
  type ToldComparison,
  type ToldFlip,
  type ToldFlips,
  tellFlips,
} from "./compare/tell-flips.ts";
export { attributeFailures, type FailureAttribution } from "./conditions/attribute-failures.ts";
export { type ContextEffect, contextEffects } from "./conditions/context-effect.ts";
export type { FailureClass } from "./conditions/failure-classes.ts";
export { type SameAnswers, sameAnswers } from "./conditions/same-answers.ts";
export { diagnose } from "./diagnosis/diagnose.ts";
export type { Diagnosis, OverlapGroup, QuestionClass } from "./diagnosis/diagnosis.ts";
export { type DiagnosisTextOptions, diagnosisText } from "./diagnosis/diagnosis-text.ts";
export type { ReportedResults } from "./external/reported-results.ts";
export { type ChosenSeries, chooseSeries, type SeriesChoice } from "./history/choose-series.ts";
export { type CollectOptions, collectHistory } from "./history/collect-history.ts";
export { formatHistory } from "./history/format-history.ts";
export type { BeginWalk } from "./history/history-pages.ts";
export type {
  HistoryMetric,
  HistoryPoint,
  HistoryRun,
  HistoryTable,
  OtherProtocol,
} from "./history/history-table.ts";
export type { KnownJudge } from "./judged/judge-sheets.ts";
export type { LatencyFigures, LatencyPart, Percentile, Throughput } from "./latency/latency-figures.ts";
export { type PairSummary, type PairsSummary, summarisePairs } from "./pairs/summarise-pairs.ts";
export { type DetectorCheck, DetectorTally, type LabelledAnswer } from "./refusal/detector-check.ts";
export { type SelectiveAnswering, selectiveAnswering } from "./refusal/selective.ts";
export { type StandingOptions, standings } from "./standings.ts";
export { formatSummary } from "./summary/summary-format.ts";
export { SUMMARY_FORMATS, type SummaryFormat } from "./summary/summary-formats.ts";
export { type TerminalOptions, terminalSummary } from "./summary/terminal-summary.ts";
export { type SummariseOptions, summarise } from "./summary.ts";
export type {
  Cell,
  Evidence,
  Latency,
  MetricHead,
  ProtocolTable,
  Row,
  RunHead,
  Standing,
  SuiteSummary,
  Summary,
  TablePart,
} from "./summary-types.ts";
export { formatCount, formatDuration, formatEstimate, formatLevel, formatValue } from "./text/format-number.ts";
export { type TrialSpread, trialSpreads } from "./trials/trial-spread.ts";
