export { openRun, type Run } from "./open-run.ts";
export { readPassages, readQuestions, readRun } from "./read-run.ts";
export { readScores } from "./read-scores.ts";
export { type RunFolder, runFolder } from "./run-folder.ts";
export { type ScoreSample, sampleOf } from "./sample-of.ts";
export * from "./schema.ts";
export { ANSWERED, CELL, RETRIEVAL, type ScoreColumn, type ScoreGroup, type Scores } from "./scores.ts";
