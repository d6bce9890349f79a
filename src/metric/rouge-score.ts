import { harmonicMean } from "./harmonic-mean.ts";

/** Precision, recall and F of one comparison. */
export interface RougeScore {
  readonly precision: number;
  readonly recall: number;
  readonly f: number;
}

/** @param hits units in common @param answer units of the answer @param reference units of the reference */
export function rougeScore(hits: number, answer: number, reference: number): RougeScore {
  const precision = hits / Math.max(answer, 1);
  const recall = hits / Math.max(reference, 1);
  return { precision, recall, f: harmonicMean(precision, recall) };
}
