import type { LatencyPass, ThroughputLine } from "../../runlog/index.ts";
import { quantileInterval, quantileSorted } from "../../stats/index.ts";

/** One percentile of durations, in milliseconds. */
export interface Percentile {
  /** In (0, 1). */
  readonly p: number;
  readonly value: number;
  /** Ends of its interval by order statistics (binomial, distribution-free); absent where the sample is too small for one. */
  readonly low?: number;
  readonly high?: number;
}

/** Durations of measured calls of one kind. */
export interface LatencyPart {
  /** `retrieval` for the whole, else a stage of it. */
  readonly of: string;
  readonly n: number;
  readonly percentiles: readonly Percentile[];
}

/** Questions per second in batches: the median of the rounds with the slowest and the fastest, or why there is none. */
export type Throughput =
  | {
      readonly state: "measured";
      /** Worker threads; 0: in the process itself. */
      readonly workers: number;
      readonly perSecond: number;
      readonly least: number;
      readonly most: number;
      readonly rounds: number;
      /** Questions compared with the run's log, and those that found other passages or another order. */
      readonly compared: number;
      readonly different: number;
    }
  | { readonly state: "none"; readonly workers: number; readonly reason: string };

/** What a latency pass says. Plain data: it goes through JSON unchanged. */
export interface LatencyFigures {
  readonly level: number;
  readonly warmup: number;
  readonly batch: number;
  /** Passages asked for per question. */
  readonly k: number;
  readonly machine: string;
  readonly startedAt: string;
  /** The whole first, then its stages. */
  readonly parts: readonly LatencyPart[];
  /** Searches that came from a cache, a store or a file; in no percentile. */
  readonly notMeasured: number;
  readonly failures: number;
  readonly compared: number;
  readonly different: number;
  readonly throughput: readonly Throughput[];
}

export const PERCENTILES: readonly number[] = [0.5, 0.95, 0.99];

/** @param level confidence level of the percentiles' intervals, in (0, 1) */
export function latencyFigures(pass: LatencyPass, level: number): LatencyFigures {
  const { head, ms, stages, notMeasured, failures, compared, different } = pass;
  const { warmup, batch, k, machine, startedAt } = head;
  return {
    level,
    warmup,
    batch,
    k,
    machine: `${machine.platform} ${machine.arch}, ${machine.cpus} processors, Node ${machine.node}`,
    startedAt,
    parts: [["retrieval", ms] as const, ...stages].map(([of, durations]) => ({
      of,
      n: durations.length,
      percentiles: percentilesOf(durations, level),
    })),
    notMeasured,
    failures,
    compared,
    different,
    throughput: pass.throughput.map(throughputOf),
  };
}

/** p50, p95 and p99 of durations, type 7; none of an empty sample. */
export function percentilesOf(ms: Float64Array, level: number): Percentile[] {
  if (ms.length === 0) return [];
  const sorted = ms.toSorted();
  return PERCENTILES.map((p) => {
    const { low, high } = quantileInterval(sorted, p, level);
    return {
      p,
      value: quantileSorted(sorted, p),
      ...(low !== undefined && { low }),
      ...(high !== undefined && { high }),
    };
  });
}

function throughputOf(line: ThroughputLine): Throughput {
  const { workers } = line;
  if (line.kind === "no-throughput") return { state: "none", workers, reason: line.reason };
  if (line.source !== "measured") return { state: "none", workers, reason: `${line.source}, so not measured` };
  const rates = line.rounds.flatMap(([queries, ms]) => (ms > 0 ? (1000 * queries) / ms : [])).sort((a, b) => a - b);
  if (rates.length === 0) return { state: "none", workers, reason: "the clock did not move" };
  const { compared, different } = line;
  const [perSecond, least, most] = [quantileSorted(rates, 0.5), rates[0]!, rates.at(-1)!];
  return { state: "measured", workers, perSecond, least, most, rounds: rates.length, compared, different };
}
