import { type AnswerMetric, parseMetric } from "../../metric/index.ts";

/**
 * What a judge without a model may look at: measures of overlap of an answer with its references, each in [0, 1] and growing with
 * the overlap. Of measures that serve equally well the first is taken, so the plainest come first. ROUGE keeps letters of all
 * scripts and stems, since its figures here are compared with no published ones.
 */
export const OVERLAP_FEATURES: readonly string[] = [
  "Contains",
  "EM",
  "F1",
  ...["recall", "precision", "f"].map((score) => `ROUGE-1(score=${score}, stem=true, unicode=true)`),
  "ROUGE-2(stem=true, unicode=true)",
  ...["recall", "f"].map((score) => `ROUGE-L(score=${score}, stem=true, unicode=true)`),
].map((name) => featureOf(name).name);

/** The measure of a canonical name; undefined for one that is none of those above. */
export function overlapFeature(name: string): AnswerMetric | undefined {
  return OVERLAP_FEATURES.includes(name) ? featureOf(name) : undefined;
}

/**
 * One measure of one answer.
 * @returns undefined where there is no reference to compare with
 */
export function overlapOf(
  feature: AnswerMetric,
  answer: string,
  references: readonly string[] | undefined,
): number | undefined {
  const outcome = feature.compute({ answer, refused: false, answerable: true, references });
  return outcome.state === "scored" ? outcome.value : undefined;
}

function featureOf(name: string): AnswerMetric {
  const parsed = parseMetric(name);
  if (!parsed.ok || parsed.metric.kind !== "answer") throw new Error(`${name} is no metric of answers`);
  return parsed.metric;
}
