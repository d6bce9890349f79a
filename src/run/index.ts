export { costOf, type Taken } from "./cost/cost-of.ts";
export type { Progress, RunEvent, RunResult } from "./events.ts";
export { executeRun, exitCodeOf, type RunDeps } from "./execute-run.ts";
export { type LatencyDeps, measureLatency } from "./latency/measure-latency.ts";
export { type SearchThreads, type StartThreads, searchThreads, type ThreadOptions } from "./latency/search-threads.ts";
export { loadQuestions, type QuestionChoice, type Questions } from "./load-questions.ts";
export { type Placement, type PlaceOptions, placeRun } from "./place-run.ts";
export { type Plan, type PlanInput, planRun } from "./plan-run.ts";
export { PROTOCOL_VERSION, type Protocol, protocolOf } from "./protocol.ts";
