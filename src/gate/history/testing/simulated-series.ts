import { type Rng, seeded } from "../../../core/rng.ts";
import type { Scores } from "../../../runlog/index.ts";
import { holm, pairedRandomization, studentTCdf, sum } from "../../../stats/index.ts";
import { standardError, toUnits } from "../../../stats/units.ts";
import { madeScores } from "../../testing/made-scores.ts";
import type { RealPairs } from "../../testing/real-pairs.ts";
import { HistoryWalk } from "../history-walk.ts";

/** Two scores of a question by every metric, in the order of the pool's metrics. */
interface Question {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface Pool {
  readonly metrics: readonly string[];
  readonly condition: string;
  readonly questions: readonly Question[];
}

export interface SeriesSetting {
  readonly pool: Pool;
  /** Drawn from the pool with replacement, once for a series. */
  readonly questions: number;
  readonly runs: number;
  /** The true mean of the first metric at each run, less that at the first. Default 0. */
  readonly shift?: (run: number) => number;
  /** Questions come in documents of so many, which fall out alike. Default: each for itself. */
  readonly perDocument?: number;
}

/** Scores by run, metric and question. */
export interface Series {
  readonly pool: Pool;
  readonly scores: readonly (readonly Float64Array[])[];
  readonly clusters?: readonly number[];
}

/**
 * A series of runs that are the same system: of every question each run gets one of two scores by a fair coin, so that no run
 * is better than another while ties, ceilings and spread are those of the pool. A biased coin shifts the mean by a known amount.
 */
export function simulateSeries(
  { pool, questions, runs, shift = () => 0, perDocument = 1 }: SeriesSetting,
  rng: Rng,
): Series {
  const drawn = Array.from({ length: questions }, () => pool.questions[rng.below(pool.questions.length)]!);
  const spread = sum(pool.questions.map(({ low, high }) => high[0]! - low[0]!)) / pool.questions.length;
  const clusters = drawn.map((_, q) => Math.floor(q / perDocument));
  const scores = Array.from({ length: runs }, (_, run) => {
    const chance = 0.5 + shift(run) / spread;
    const coins = Array.from({ length: clusters.at(-1)! + 1 }, () => rng.float() < chance);
    return pool.metrics.map((_, m) =>
      Float64Array.from(drawn, ({ low, high }, q) => (coins[clusters[q]!] ? high : low)[m]!),
    );
  });
  return { pool, scores, ...(perDocument > 1 && { clusters }) };
}

/** For each run the metrics, by their places, at which the walk flags a change. */
export function flags({ pool, scores, clusters }: Series, horizon: number): number[][] {
  const walk = new HistoryWalk({ horizon });
  return scores.map((ofRun, run) => {
    const cells = Object.fromEntries(pool.metrics.map((metric, m) => [metric, Array.from(ofRun[m]!)]));
    const made = { run: `run-${run}`, groups: { [pool.condition]: cells }, ...(clusters && { clusters }) };
    const { metrics } = walk.add(madeScores(made) satisfies Scores);
    return metrics.flatMap(({ metric, change }) => (change ? [pool.metrics.indexOf(metric)] : []));
  });
}

/**
 * The same by Student's p-values in closed form, some hundred times as fast; the randomization test where they flag something.
 * @param references whether runs are held against a reference too, as the walk does
 */
export function quickFlags(series: Series, horizon: number, references = true): number[][] {
  const { scores, clusters } = series;
  const alpha = 0.05 / horizon;
  const reference = scores[0]!.map(() => 0);
  return scores.map((ofRun, run) => {
    if (run === 0) return [];
    const asked = ofRun.flatMap((_, m) =>
      [run - 1, ...(references && reference[m] !== run - 1 ? [reference[m]!] : [])].map((against) => ({ m, against })),
    );
    const differences = asked.map(({ m, against }) => ofRun[m]!.map((x, q) => x - scores[against]![m]![q]!));
    const below = differences.map((values) => lossP(values, clusters));
    const [worse, better] = [holm(below.map(([loss]) => loss)), holm(below.map(([, gain]) => gain))];
    const draws = Math.max(99_999, Math.ceil((10 * asked.length) / alpha));
    const suspects = asked.map((_, i) => Math.min(worse[i]!, better[i]!) <= alpha / 2);
    const p = holm(
      differences.map((values, i) =>
        suspects[i] ? pairedRandomization(values, { draws, rng: seeded(0), ...(clusters && { clusters }) }).p : 1,
      ),
    );
    const changed = new Set(asked.flatMap(({ m }, i) => (suspects[i] && p[i]! <= alpha ? [m] : [])));
    for (const m of changed) reference[m] = run;
    return [...changed];
  });
}

/** One-sided p-values of a loss and of a gain. */
function lossP(values: Float64Array, clusters: readonly number[] | undefined): readonly [loss: number, gain: number] {
  const units = toUnits(values, clusters);
  if (units.constant) return [1, 1];
  const p = studentTCdf(units.mean / standardError(units), units.count - 1);
  return [p, 1 - p];
}

/** EM and F1 of answers that are right in some runs and wrong in others; two in three questions always end alike. */
export function madePool(): Pool {
  const rng = seeded("history/pool");
  const questions = Array.from({ length: 600 }, (_, q): Question => {
    const partly = Math.round(rng.float() * 8) / 10;
    if (q % 3 === 0) return { low: [0, partly], high: [1, 1] };
    const always = q % 2 === 0 ? [0, partly] : [1, 1];
    return { low: always, high: always };
  });
  return { metrics: ["EM", "F1"], condition: "rag@3", questions };
}

/** The better and the worse score of two real systems, question by question; by the first metric. */
export function realPool({ metrics, condition }: RealPairs): Pool {
  const columns = [...metrics.values()];
  const questions = columns[0]!.a.map((_, q): Question => {
    const [a, b] = [columns.map((column) => column.a[q]!), columns.map((column) => column.b[q]!)];
    return a[0]! > b[0]! ? { low: b, high: a } : { low: a, high: b };
  });
  return { metrics: [...metrics.keys()], condition, questions };
}
