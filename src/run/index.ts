export type { Progress, RunEvent, RunResult } from "./events.ts";
export { executeRun, exitCodeOf, type RunDeps } from "./execute-run.ts";
export { loadQuestions, type QuestionChoice, type Questions } from "./load-questions.ts";
export { type Placement, type PlaceOptions, placeRun } from "./place-run.ts";
export { type Plan, type PlanInput, planRun } from "./plan-run.ts";
export { PROTOCOL_VERSION, type Protocol, protocolOf } from "./protocol.ts";
