export {
  type ComparedMetric,
  type CompareOptions,
  type Comparison,
  compareRuns,
  type Flip,
  type FlipList,
} from "./compare/index.ts";
export { type Claim, type Decision, decide } from "./decide.ts";
export { differingFields, type FieldDifference } from "./differing-fields.ts";
export { formatGate } from "./format-gate.ts";
export { formatRefusal } from "./format-refusal.ts";
export { type GateOptions, gate } from "./gate.ts";
export { GATE_FORMATS, type GateFormat } from "./gate-formats.ts";
export {
  type Change as HistoryChange,
  type HistoryEntry,
  type HistoryOptions,
  HistoryWalk,
  HORIZON,
  type MetricChange,
} from "./history/index.ts";
export { type GateLimits, limitsOf } from "./limits.ts";
export {
  type PlannedMetric,
  type PlanOptions,
  planQuestions,
  type QuestionPlan,
} from "./plan/plan-questions.ts";
export {
  type CheckedJudge,
  type CheckedThing,
  type CheckKind,
  type FailureCheck,
  type GateCheck,
  type GateVerdict,
  type GateWord,
  gateExitCode,
  type Paired,
  type RunName,
  type Side,
  type UnscoredCheck,
} from "./verdict.ts";
