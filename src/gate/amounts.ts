import type { Estimate } from "../core/estimate.ts";
import { CELL, type ScoreGroup, type Scores } from "../runlog/index.ts";
import { clusteredSize, type Interval, quantileInterval, quantileSorted, ratioInterval, sum } from "../stats/index.ts";
import type { PlannedCheck } from "./plan-checks.ts";
import type { Side } from "./verdict.ts";

/** A latency or a cost of one run or of two, as the gate judges it. */
export interface Amount {
  readonly baseline?: Side;
  readonly candidate: Side;
  /** The candidate's own, or its ratio to the baseline's, with its interval at a level in (0, 1). */
  readonly estimate: (level: number) => Estimate;
}

export function amountOf(plan: PlannedCheck, baseline: Scores, candidate: Scores): Amount {
  const [a, b] = [baseline, candidate].map((scores) => scores.groups.get(plan.condition));
  if (plan.of === "latency") {
    const [before, after] = [timesOf(baseline, a), timesOf(candidate, b)];
    return plan.kind === "ratio" ? latencyRatio(before, after) : latency(after);
  }
  const [before, after] = [costs(baseline, a), costs(candidate, b)];
  return plan.kind === "ratio" ? costRatio(before, after, candidate) : cost(after, candidate);
}

const P95 = 0.95;

/** Measured calls, and what each of them shares with others: its question, or what the suite clusters questions by. */
interface Times {
  readonly ms: Float64Array;
  readonly clusters: Uint32Array;
}

function timesOf({ clusters }: Scores, group: ScoreGroup | undefined): Times {
  const { ms = new Float64Array(), msQueries = new Uint32Array() } = group ?? {};
  return { ms, clusters: clusters ? msQueries.map((query) => clusters[query]!) : msQueries };
}

function latency(times: Times): Amount {
  return { candidate: p95Side(times), estimate: (level) => p95Of(times, level) };
}

/**
 * The ratio of two 95th percentiles of calls made apart: their distribution-free intervals put together on the logarithm
 * by the distances from the percentiles to their ends (MOVER: Zou and Donner, Statistics in Medicine 27, 2008). An end that
 * the sample is too small for is 0 or Infinity.
 */
function latencyRatio(before: Times, after: Times): Amount {
  const estimate = (level: number): Estimate => {
    const [a, b] = [p95Of(before, level), p95Of(after, level)];
    if (a.state === "not-estimable") return { ...a, reason: `the baseline has ${a.reason}` };
    if (b.state === "not-estimable") return { ...b, reason: `the candidate has ${b.reason}` };
    if (!(a.mean > 0 && b.mean > 0)) return { ...none(b.n), reason: "a percentile of 0 ms has no ratio" };
    const [below, above] = [
      Math.hypot(Math.log(b.mean / b.low), Math.log(a.high / a.mean)),
      Math.hypot(Math.log(b.high / b.mean), Math.log(a.mean / a.low)),
    ];
    const mean = b.mean / a.mean;
    const [low, high] = [mean * Math.exp(-below), mean * Math.exp(above)];
    return { ...b, mean, low, high, level, method: "ratio-of-quantiles" };
  };
  return { baseline: p95Side(before), candidate: p95Side(after), estimate };
}

/** A question asked again takes about as long again, so that its calls are not independent: they are worth fewer than they are. */
function p95Of({ ms, clusters }: Times, level: number): Estimate {
  if (ms.length === 0) return none(0, "no measured call");
  const sorted = ms.toSorted();
  const mean = quantileSorted(sorted, P95);
  const below = ms.map((time) => (time <= mean ? 1 : 0));
  const worth = clusteredSize(below, clusters, level);
  const { low = 0, high = Number.POSITIVE_INFINITY } = quantileInterval(sorted, P95, level, worth);
  const counts = { n: ms.length, failed: 0, unscored: 0 };
  return {
    state: "estimated",
    mean,
    low,
    high,
    level,
    method: "order-statistics",
    ...counts,
  };
}

function p95Side({ ms }: Times): Side {
  const mean = ms.length === 0 ? undefined : quantileSorted(ms.toSorted(), P95);
  return { mean, n: ms.length, failed: 0, unscored: 0 };
}

/** What a question costs in US dollars, over its answers whose cost is known; undefined where none is. */
type Costs = ReadonlyMap<string, number>;

function costs({ queries }: Scores, group: ScoreGroup | undefined): Costs {
  const known = new Map<string, number>();
  if (group?.cost === undefined) return known;
  const { trials, cost } = group;
  for (const [query, id] of queries.entries()) {
    const cells = Array.from({ length: trials }, (_, trial) => query * trials + trial);
    const priced = cells.filter((cell) => cost.states[cell] === CELL.scored).map((cell) => cost.values[cell]!);
    if (priced.length > 0) known.set(id, sum(priced) / priced.length);
  }
  return known;
}

function cost(known: Costs, scores: Scores): Amount {
  const estimate = ratioOf(known, new Map(Array.from(known.keys(), (id) => [id, 1 / THOUSAND])), scores);
  return { candidate: costSide(known), estimate };
}

/** Over the questions whose cost is known in both runs. */
function costRatio(before: Costs, after: Costs, scores: Scores): Amount {
  return { baseline: costSide(before), candidate: costSide(after), estimate: ratioOf(after, before, scores) };
}

const THOUSAND = 1000;

function costSide(known: Costs): Side {
  const mean = known.size === 0 ? undefined : (THOUSAND * sum(Array.from(known.values()))) / known.size;
  return { mean, n: known.size, failed: 0, unscored: 0 };
}

function ratioOf(above: Costs, below: Costs, { queries, clusters }: Scores): (level: number) => Estimate {
  const at = queries.flatMap((id, i) => (above.has(id) && below.has(id) ? [{ id, i }] : []));
  const [x, y] = [above, below].map((side) => Float64Array.from(at, ({ id }) => side.get(id)!)) as [
    Float64Array,
    Float64Array,
  ];
  const of = clusters && Uint32Array.from(at, ({ i }) => clusters[i]!);
  const [over, under] = [sum(x), sum(y)];
  if (at.length < 2 || !(under > 0)) return () => none(at.length, "no known cost of two questions or more");
  const mean = over / under;
  // Where every question has the same ratio there is no chance in it: the same model asked the same, or another price.
  const exact = x.every((value, i) => Math.abs(value - mean * y[i]!) <= 1e-9 * value);
  const counts = { n: at.length, failed: 0, unscored: 0 };
  return (level) => {
    const interval: Interval | undefined = exact ? { low: mean, high: mean } : ratioInterval(x, y, level, of);
    if (interval === undefined) return none(at.length, "too few questions with a known cost");
    return { state: "estimated", mean, ...interval, level, method: exact ? "exact" : "ratio-t", ...counts };
  };
}

function none(n: number, reason = ""): Estimate & { state: "not-estimable" } {
  return { state: "not-estimable", reason, n, failed: 0, unscored: 0 };
}
