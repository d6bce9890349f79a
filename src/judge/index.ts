export { compileJudgePrompt, type JudgePrompt } from "./ask/judge-prompt.ts";
export { modelJudge } from "./ask/model-judge.ts";
export { type ParsedVerdict, parseVerdict, type Verdict } from "./ask/parse-verdict.ts";
export {
  type CalibratedGrades,
  type CalibratedItem,
  type CalibrateOptions,
  calibrate,
  checkThresholds,
} from "./calibrate/calibrate.ts";
export { type CorrectOptions, correctMean } from "./calibrate/correct-mean.ts";
export { type GradedRuns, gradedRuns } from "./calibrate/graded-runs.ts";
export { type JudgedAnswers, judgedAnswers } from "./calibrate/judged-answers.ts";
export { type RankAgreement, type RankAgreementOptions, rankAgreement } from "./calibrate/rank-agreement.ts";
export { type RankedJudge, type RankJudgesOptions, rankJudges } from "./calibrate/rank-judges.ts";
export { type AnswerToGrade, answersToGrade } from "./grade/answers-to-grade.ts";
export { type GradeRunOptions, gradeRequests, gradeRun } from "./grade/grade-run.ts";
export { judgesRefusals } from "./grade/grading-head.ts";
export {
  DOWN_AFTER,
  type GradeEvent,
  type GradeProgress,
  type GradeRunDeps,
  type GradeRunResult,
  type Grader,
  type PlacedRequest,
} from "./grade/record-grades.ts";
export { isSameModel, type SelfPreference, selfPreference } from "./grade/self-preference.ts";
export * from "./labels/index.ts";
export { type FitLexicalOptions, fitLexical } from "./lexical/fit-lexical.ts";
export { type FittedCriterion, LEXICAL_FIT_SCHEMA, type LexicalFit, readLexicalFit } from "./lexical/lexical-fit.ts";
export { lexicalJudge } from "./lexical/lexical-judge.ts";
export { type MeasuredRuns, measureRuns } from "./lexical/measure-runs.ts";
export { type JudgedPairs, type JudgePairsOptions, judgePairs, pairRequests } from "./pairs/judge-pairs.ts";
export { type PanelVotes, readPanelVotes } from "./panel/panel-votes.ts";
export { type GoldAgreement, goldAgreement, type PairWithGold } from "./passages/gold-agreement.ts";
export { type GradedPair, gradedPairs, judgePassages, passageRequests } from "./passages/judge-passages.ts";
export {
  PassagePool,
  type PoolCounts,
  type PooledPair,
  type PoolOptions,
} from "./passages/passage-pool.ts";
export { labelsForm, type PeopleVotes, readPeopleVotes } from "./people/people-votes.ts";
export { type ProbeJudgeDeps, probeItems, probeJudge, probeRequests } from "./probe/probe-judge.ts";
export type { ProbeItem } from "./probe/probes.ts";
