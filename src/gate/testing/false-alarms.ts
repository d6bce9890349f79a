import { type Rng, seeded } from "../../core/rng.ts";
import { holm, studentTCdf, sum } from "../../stats/index.ts";
import { standardError, toUnits } from "../../stats/units.ts";
import { gate } from "../gate.ts";
import type { GateWord } from "../verdict.ts";
import { madeScores } from "./made-scores.ts";
import type { RealPairs } from "./real-pairs.ts";

export const ALPHA = 0.05;
/** The minimum effect at which power is shown. */
export const EFFECT = 0.05;
/** The drop of a mean at which the gate without statistics fails. */
export const DELTA = 0.01;

export interface Setting {
  readonly pairs: RealPairs;
  readonly questions: number;
  /** Questions come in documents of one to six whose systems differ alike. */
  readonly clustered: boolean;
  readonly simulations: number;
}

/** Shares of the simulated gates. */
export interface Rates {
  /** Of the questions, those on which no metric differs. */
  readonly ties: number;
  /** Equal systems, no margin: gates that fail, and that call any metric better or worse. */
  readonly fails: number;
  readonly decides: number;
  /** Equal systems, the minimum effect as margin: gates that pass, and that fail. */
  readonly passes: number;
  readonly failsMargin: number;
  /** The candidate loses the minimum effect on the first metric, no margin: gates that fail. */
  readonly finds: number;
  /** Equal systems: gates that fail because a mean dropped by more than the fixed delta. */
  readonly fixedFails: number;
}

/**
 * Comparisons of systems that are equal by construction, on real scores: questions (or whole documents) are drawn with
 * replacement, and of each the two systems' real scores are given to baseline and candidate by a fair coin. So the expected
 * difference is 0 while ties, ceilings and spread stay what they are. A biased coin makes the candidate worse by a known loss.
 */
export function falseAlarms({ pairs, questions, clustered, simulations }: Setting): Rates {
  const units = unitsOf(pairs, clustered);
  const rng = seeded(`false alarms/${pairs.name}/${questions}/${clustered}`);
  const counts = { ties: 0, fails: 0, decides: 0, passes: 0, failsMargin: 0, finds: 0, fixedFails: 0 };
  const biased = coinFor(units, EFFECT);
  for (let i = 0; i < simulations; i += 1) {
    const equal = draw(pairs, { units, questions, clustered, worse: 0.5 }, rng);
    const strict = quickVerdict(pairs, equal, 0);
    if (strict.includes("fail")) counts.fails += 1;
    // Where no question differs the gate passes a run for being the same, which is no claim of a gain.
    const differs = Array.from(equal.columns.values(), ({ a, b }) => a.some((x, q) => x !== b[q]));
    if (strict.some((verdict, m) => verdict !== "cannot tell" && differs[m])) counts.decides += 1;
    const margin = quickVerdict(pairs, equal, EFFECT);
    if (margin.every((verdict) => verdict === "pass")) counts.passes += 1;
    if (margin.includes("fail")) counts.failsMargin += 1;
    const loss = draw(pairs, { units, questions, clustered, worse: biased }, rng);
    if (quickVerdict(pairs, loss, 0).includes("fail")) counts.finds += 1;
    const columns = [...equal.columns.values()];
    if (columns.some(({ a, b }) => (sum(b) - sum(a)) / questions < -DELTA)) counts.fixedFails += 1;
    const tied = equal.questions.filter((q) => columns.every(({ a, b }) => a[q] === b[q]));
    counts.ties += tied.length / questions;
  }
  return mapValues(counts, (count) => count / simulations);
}

function mapValues<K extends string>(record: Record<K, number>, f: (value: number) => number): Record<K, number> {
  return Object.fromEntries(Object.entries<number>(record).map(([key, value]) => [key, f(value)])) as Record<K, number>;
}

/** Questions that are drawn and turned together, by position, with what the second system gains on them by the first metric. */
export interface Unit {
  readonly questions: readonly number[];
  readonly gain: number;
}

/** Single questions, or documents of neighbours in the order of the first metric's difference. */
export function unitsOf({ metrics }: RealPairs, clustered: boolean): Unit[] {
  const [{ a, b }] = [...metrics.values()] as [{ a: readonly number[]; b: readonly number[] }];
  const gains = a.map((x, i) => b[i]! - x);
  const unit = (questions: readonly number[]): Unit => ({ questions, gain: sum(questions.map((i) => gains[i]!)) });
  const all = Array.from(a.keys());
  if (!clustered) return all.map((i) => unit([i]));
  const order = all.toSorted((i, j) => gains[i]! - gains[j]!);
  const units: Unit[] = [];
  for (let at = 0, size = 1; at < order.length; at += size, size = (size % 6) + 1) {
    units.push(unit(order.slice(at, at + size)));
  }
  return units;
}

/** The chance that a unit's worse side is the candidate's, so that its mean is lower by the loss. */
function coinFor(units: readonly Unit[], loss: number): number {
  const spread = sum(units.map(({ gain }) => Math.abs(gain))) / sum(units.map(({ questions }) => questions.length));
  return (1 + loss / spread) / 2;
}

/** Scores of the questions drawn, by metric. */
export interface Drawn {
  readonly questions: readonly number[];
  readonly columns: ReadonlyMap<string, { readonly a: number[]; readonly b: number[] }>;
  readonly clusters?: number[];
}

export function draw(
  { metrics }: RealPairs,
  from: {
    readonly units: readonly Unit[];
    readonly questions: number;
    readonly clustered: boolean;
    /** The chance that the candidate gets a unit's worse side. */
    readonly worse: number;
  },
  rng: Rng,
): Drawn {
  const columns = Array.from(metrics, ([metric, real]) => ({ metric, real, a: [] as number[], b: [] as number[] }));
  const clusters: number[] = [];
  for (let document = 0; clusters.length < from.questions; document += 1) {
    const { questions, gain } = from.units[rng.below(from.units.length)]!;
    const swap = gain > 0 === rng.float() < from.worse;
    for (const i of questions.slice(0, from.questions - clusters.length)) {
      clusters.push(document);
      for (const { real, a, b } of columns) {
        a.push((swap ? real.b : real.a)[i]!);
        b.push((swap ? real.a : real.b)[i]!);
      }
    }
  }
  return {
    questions: Array.from(clusters.keys()),
    columns: new Map(columns.map(({ metric, a, b }) => [metric, { a, b }])),
    ...(from.clustered && { clusters }),
  };
}

/** The gate's own verdict on a drawn comparison. */
export function gateVerdict({ condition }: RealPairs, { columns, clusters }: Drawn, minEffect: number): GateWord[] {
  const side = (pick: "a" | "b") =>
    madeScores({
      groups: { [condition]: Object.fromEntries(Array.from(columns, ([metric, column]) => [metric, column[pick]])) },
      ...(clusters && { clusters }),
    });
  const metrics = new Map(Array.from(columns.keys(), (metric) => [metric, { min_effect: minEffect }]));
  const limits = { alpha: ALPHA, maxFailures: 0, metrics };
  return gate(side("a"), side("b"), limits, { seed: 0, draws: 999 }).checks.map(({ verdict }) => verdict);
}

/**
 * The same verdicts by the closed form that the gate's interval has here, Student's t: p-values of both directions, each
 * direction by Holm at alpha / 2. Some hundred times as fast, and in the tests equal to the gate's.
 */
export function quickVerdict(pairs: RealPairs, drawn: Drawn, minEffect: number): GateWord[] {
  const tests = Array.from(drawn.columns.values(), ({ a, b }) => {
    const units = toUnits(
      b.map((y, i) => (Math.abs(y - a[i]!) <= 1e-12 * Math.max(Math.abs(y), Math.abs(a[i]!)) ? 0 : y - a[i]!)),
      drawn.clusters,
    );
    if (units.constant) return undefined;
    return { t: (units.mean + minEffect) / standardError(units), df: units.count - 1 };
  });
  // Differences without spread are judged by other rules: the gate's own.
  if (tests.includes(undefined)) return gateVerdict(pairs, drawn, minEffect);
  const passes = holm(tests.map((test) => studentTCdf(-test!.t, test!.df)));
  const fails = holm(tests.map((test) => studentTCdf(test!.t, test!.df)));
  return tests.map((_, i) => (passes[i]! <= ALPHA / 2 ? "pass" : fails[i]! <= ALPHA / 2 ? "fail" : "cannot tell"));
}
