export type { OpenFile } from "./append-file.ts";
export * from "./calibration/calibration-schema.ts";
export * from "./calibration/correction-schema.ts";
export { type AnswerLabels, labelsByQuestion } from "./calibration/labels-by-question.ts";
export { readCalibration, readCorrections } from "./calibration/read-calibration.ts";
export {
  LABELS_SCHEMA,
  type LabelLine,
  type LabelsHead,
  labelLine,
  labelsFile,
  writeRunLabels,
} from "./calibration/run-labels.ts";
export { type CarryOver, carryOver } from "./carry-over.ts";
export { RunPassages } from "./export-passages.ts";
export { type ExportRunOptions, exportRun, RUN_EXPORTS, type RunExport, type RunExported } from "./export-run.ts";
export { exportTrecRun } from "./export-trec-run.ts";
export { type CalibrationNote, type Calibrations, calibrationNote } from "./grades/calibration-note.ts";
export { agreementWords, peopleWords } from "./grades/calibration-words.ts";
export * from "./grades/index.ts";
export { judgedPassages } from "./judged-passages.ts";
export type { LatencyBodyLine, LatencyHead, ThroughputLine, TimingLine } from "./latency-schema.ts";
export { LinePlaces } from "./line-places.ts";
export { listRuns, type RunList } from "./list-runs.ts";
export { type Owner, ownerOf, removeDeadLocks } from "./lock.ts";
export type { Counts } from "./log-index.ts";
export { openRun, type Run } from "./open-run.ts";
export { QuestionList } from "./question-list.ts";
export { type AskedQuestion, readByQuestion } from "./read-by-question.ts";
export { type LatencyPass, readLatency } from "./read-latency.ts";
export { readLog, readPassages, readQuestions, readRun } from "./read-run.ts";
export { readScores, ScoresReader } from "./read-scores.ts";
export { type RunFolder, runFolder } from "./run-folder.ts";
export { type ScoreSample, sampleOf } from "./sample-of.ts";
export * from "./schema.ts";
export { ANSWERED, CELL, RETRIEVAL, type ScoreColumn, type ScoreGroup, type Scores } from "./scores.ts";
export type { SealOptions } from "./sealing.ts";
export { groupOf, type SlotGroup, Slots } from "./slots.ts";
export { sealProblems, verifyRun } from "./verify-run.ts";
export { type LatencyFacts, writeLatency } from "./write-latency.ts";
export { RunLogWriter, type WriterOptions } from "./writer.ts";
