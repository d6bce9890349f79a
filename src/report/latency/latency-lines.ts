import type { LatencyFigures } from "./latency-figures.ts";
import { placeOf } from "./latency-text.ts";

/** One number of a latency pass, for tables with a number a line. */
export interface LatencyLine {
  /** With its unit: `retrieval p95 (ms)`, `questions per second (2 threads)`. */
  readonly metric: string;
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** What low and high are. */
  readonly method: string;
  /** Questions that were timed; of throughput, rounds. */
  readonly n: number;
}

/** The numbers of a latency pass: percentiles of the whole and its stages, then questions per second. */
export function latencyLines({ parts, throughput }: LatencyFigures): LatencyLine[] {
  return [
    ...parts.flatMap(({ of, n, percentiles }) =>
      percentiles.map(({ p, value, low, high }) => ({
        metric: `${of} p${100 * p} (ms)`,
        ...{ value, low, high, n },
        method: "order-statistics",
      })),
    ),
    ...throughput.flatMap((part) => {
      if (part.state === "none") return [];
      const { perSecond: value, least: low, most: high, rounds: n } = part;
      return {
        metric: `questions per second (${placeOf(part)})`,
        ...{ value, low, high, n },
        method: "slowest-fastest",
      };
    }),
  ];
}
