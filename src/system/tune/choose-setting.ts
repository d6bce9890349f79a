import { BadArgument } from "../../core/errors.ts";

/** How well each of some settings did, question by question. */
export interface SettingScores<S> {
  readonly settings: readonly S[];
  /** `scores[s][i]` is the score of setting s on question i; more is better. */
  readonly scores: readonly Float64Array[];
  /** For each question the document it belongs to; questions of one document are never on both sides of a fold. */
  readonly clusters: readonly string[];
}

/** A setting that was chosen on some questions. */
export interface Tuned<S> {
  readonly setting: S;
  /** Mean score of the chosen setting on the questions it was chosen on: too good for them. */
  readonly mean: number;
  /** How many settings were looked at. */
  readonly looked: number;
  readonly n: number;
  /** Only where folds were asked for. */
  readonly crossValidated?: CrossValidated<S>;
}

/** What choosing this way is worth on questions it has not seen. */
export interface CrossValidated<S> {
  /** Mean score of every question under the setting that was chosen without the questions of its fold. */
  readonly mean: number;
  /** Those scores, in the order of the questions: for intervals and paired comparisons. */
  readonly scores: Float64Array;
  readonly folds: number;
  /** The settings that the folds chose. One that differs from fold to fold was chosen by chance. */
  readonly chosen: readonly S[];
}

/**
 * The setting of the highest mean score; of equal ones the first, so that a grid begins with what is to be kept when nothing is
 * better. With `folds`, documents are dealt to that many folds in the order they appear, and each fold's questions are scored
 * by the setting that is best on all the others.
 * @param folds 2 or more; fewer documents than that make as many folds as there are documents
 * @throws BadArgument without settings or questions, for scores that are not finite or not one a question, or one document only
 */
export function chooseSetting<S>({ settings, scores, clusters }: SettingScores<S>, folds?: number): Tuned<S> {
  const n = clusters.length;
  if (settings.length === 0 || n === 0) throw new BadArgument("choosing needs at least one setting and one question");
  if (scores.length !== settings.length || scores.some((row) => row.length !== n || !row.every(Number.isFinite))) {
    throw new BadArgument(`each of ${settings.length} settings needs ${n} finite scores`);
  }
  const all = scores.map((row) => row.reduce((sum, score) => sum + score, 0));
  const best = largest(all);
  const chosen = { setting: settings[best]!, mean: all[best]! / n, looked: settings.length, n };
  if (folds === undefined) return chosen;
  return { ...chosen, crossValidated: crossValidate(settings, scores, foldsOf(clusters, folds), all) };
}

function crossValidate<S>(
  settings: readonly S[],
  scores: readonly Float64Array[],
  { foldOf, count }: { readonly foldOf: Uint32Array; readonly count: number },
  all: readonly number[],
): CrossValidated<S> {
  const held = new Float64Array(foldOf.length);
  const chosen: S[] = [];
  for (let fold = 0; fold < count; fold += 1) {
    const others = scores.map((row, s) => all[s]! - row.reduce((sum, x, i) => (foldOf[i] === fold ? sum + x : sum), 0));
    const best = largest(others);
    chosen.push(settings[best]!);
    for (const [i, own] of foldOf.entries()) if (own === fold) held[i] = scores[best]![i]!;
  }
  return { mean: held.reduce((sum, x) => sum + x, 0) / held.length, scores: held, folds: count, chosen };
}

function foldsOf(clusters: readonly string[], folds: number): { foldOf: Uint32Array; count: number } {
  const numbers = new Map<string, number>();
  for (const cluster of clusters) if (!numbers.has(cluster)) numbers.set(cluster, numbers.size);
  const count = Math.min(folds, numbers.size);
  if (!(Number.isSafeInteger(folds) && count >= 2)) {
    throw new BadArgument(`cross-validation needs 2 folds and 2 documents; got ${folds} and ${numbers.size}`);
  }
  return { foldOf: Uint32Array.from(clusters, (cluster) => numbers.get(cluster)! % count), count };
}

/** Where the largest is; sums of the same scores in another order may differ in their last bits and are equal here. */
function largest(values: readonly number[]): number {
  let best = 0;
  for (const [at, value] of values.entries()) {
    if (value > values[best]! + 1e-9 * Math.max(1, Math.abs(values[best]!))) best = at;
  }
  return best;
}
