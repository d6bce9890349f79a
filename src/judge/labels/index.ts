export {
  type CriterionGrades,
  type GradedItem,
  type GradedSet,
  type GradesByName,
  questionNumbers,
} from "./graded-set.ts";
export type { LabelCriterion, ScoreMapping } from "./label-score.ts";
export { answerItem, LABEL_FIELDS, type LabelField, type ReadLabelsOptions } from "./label-table.ts";
export { readLlmJudge } from "./published/llmjudge.ts";
export { MTRAG_CRITERIA, MTRAG_JUDGES, readMtragHumanEval } from "./published/mtrag.ts";
export { readOpenqaEval } from "./published/openqa.ts";
export { raterSlots } from "./rater-slots.ts";
export { type LabelSet, readLabels } from "./read-labels.ts";
