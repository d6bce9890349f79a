export { alsoPlays } from "./also-plays.ts";
export {
  correctionsFile,
  type JudgedColumn,
  type JudgedPart,
  judgedParts,
} from "./grade-columns.ts";
export * from "./grade-schema.ts";
export { GradeWriter, gradeKey, gradesFile, pairsFile } from "./grade-writer.ts";
export { GradesByQuestion, type QuestionGrades } from "./grades-by-question.ts";
export { type JudgeProbes, PROBES_SCHEMA, type ProbeFigures, readJudgeProbes } from "./judge-probes.ts";
export { newestGradings } from "./newest-gradings.ts";
export { type GradesRead, type Grading, listGradings, openGrading, readGrades } from "./read-grades.ts";
export { judgeRefusalsCommand, type RefusalJudging } from "./refusal-verdicts.ts";
export { isUnjudged } from "./unjudged-columns.ts";
