export type { GradedSample } from "./graded-sample.ts";
export { type LabelsNeeded, type LabelsNeededOptions, labelsNeeded } from "./labels-needed.ts";
export {
  type PredictionPowered,
  type PredictionPoweredOptions,
  predictionPoweredMean,
} from "./prediction-powered-mean.ts";
export { type RoganGladen, type RoganGladenOptions, roganGladen } from "./rogan-gladen.ts";
