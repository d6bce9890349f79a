export { type Coefficient, differenceOf } from "./coefficient.ts";
export {
  type CoefficientInterval,
  type CoefficientIntervalOptions,
  type CoefficientWithInterval,
  coefficientIntervals,
} from "./coefficient-interval.ts";
export { cohenKappa, type Kappa, kappaOf } from "./cohen-kappa.ts";
export { type ComparedJudge, type CompareJudgesOptions, compareJudges } from "./compare-judges.ts";
export { type ConfusionMatrix, confusionMatrix } from "./confusion-matrix.ts";
export { WEIGHTINGS, type Weighting } from "./disagreement.ts";
export { fleissKappa } from "./fleiss-kappa.ts";
export { type GwetAc, gwetAc } from "./gwet-ac.ts";
export { kendallTau } from "./kendall-tau.ts";
export { krippendorffAlpha, MEASUREMENT_LEVELS, type MeasurementLevel } from "./krippendorff-alpha.ts";
export { exactAgreement, meanAbsoluteError, signedBias, withinOne } from "./pair-differences.ts";
export { type PairEstimateOptions, type PairEstimates, pairEstimates } from "./pair-estimates.ts";
export { type PanelGrade, type PanelOptions, type PanelRule, panelGrade } from "./panel-grade.ts";
export { pearson, spearman } from "./spearman.ts";
export {
  type GradedAnswers,
  type SystemPair,
  type SystemRanking,
  type SystemRankingOptions,
  systemRanking,
} from "./system-ranking.ts";
export { type GradeColumn, selectRaters, type Tally, tallyGrades } from "./tally.ts";
