/**
 * The public API. The command `bench` is made of these parts; what is not listed here may change without notice.
 * @module
 */
export {
  findProject,
  type Judge as JudgeFile,
  loadJudge,
  loadSuite,
  loadSystem,
  type Project,
  type Suite,
  type SuiteOverrides,
  type System,
} from "./config/index.ts";
export type { Condition } from "./core/condition.ts";
export { formatCondition, parseCondition } from "./core/condition.ts";
export type {
  Answer,
  AnswerRequest,
  ChatModel,
  Clock,
  Generator,
  Grade,
  GradeRequest,
  Judge,
  Retriever,
  StageTime,
  TimedSearch,
  Timing,
  Usage,
} from "./core/contracts.ts";
export {
  BadArgument,
  BenchError,
  DataError,
  EXIT,
  SystemFailure,
  UnavailableError,
  UsageError,
} from "./core/errors.ts";
export type { Estimate, Estimated, NotEstimable } from "./core/estimate.ts";
export type { Outcome, UnscoredReason } from "./core/outcome.ts";
export type { Passage } from "./core/passage.ts";
export { formatProblem, type Problem } from "./core/problem.ts";
export type { Query, Turn } from "./core/query.ts";
export type { Hit, Judgements, Ranking } from "./core/ranking.ts";
export { type Rng, seeded } from "./core/rng.ts";
export * from "./dataset/index.ts";
export * from "./gate/index.ts";
export * from "./judge/index.ts";
export * from "./metric/index.ts";
export * from "./report/index.ts";
export * from "./run/index.ts";
export * from "./runlog/index.ts";
export * from "./search/index.ts";
export * from "./stats/index.ts";
export * from "./system/index.ts";
