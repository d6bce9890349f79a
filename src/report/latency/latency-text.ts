import { printable } from "../../lib/text.ts";
import { formatCount, formatDuration, formatLevel, MISSING } from "../text/format-number.ts";
import type { LatencyFigures, Percentile, Throughput } from "./latency-figures.ts";

/** `12 ms [11 ms, 14 ms]`; an end that the sample is too small for is a dash. */
export function formatPercentile(percentile: Percentile | undefined): string {
  if (percentile === undefined) return MISSING;
  return `${formatLatency(percentile.value)} ${formatEnds(percentile)}`;
}

/** As {@link formatDuration}, with microseconds below one millisecond: a search of a small corpus takes some 50 of them. */
export function formatLatency(ms: number): string {
  return ms < 0.9995 ? `${(1000 * ms).toFixed(0)} µs` : formatDuration(ms);
}

export function formatEnds({ low, high }: Percentile): string {
  const [from, to] = [low, high].map((end) => (end === undefined ? MISSING : formatLatency(end)));
  return `[${from}, ${to}]`;
}

/** `1 240/s [1 180, 1 260]`: the median round, the slowest and the fastest. */
export function formatThroughput(throughput: Throughput): string {
  if (throughput.state === "none") return MISSING;
  const { perSecond, least, most } = throughput;
  return `${formatRate(perSecond)}/s [${formatRate(least)}, ${formatRate(most)}]`;
}

/** Three significant digits at least, none behind a large number. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 99.95) return formatCount(Math.round(perSecond));
  return perSecond.toFixed(perSecond >= 9.995 ? 1 : 2);
}

/** Where it was searched: `in the process`, `2 threads`. */
export function placeOf({ workers }: Throughput): string {
  if (workers === 0) return "in the process";
  return workers === 1 ? "1 thread" : `${workers} threads`;
}

/** How the pass was made, in one sentence. */
export function describePass({ warmup, k, level, machine, startedAt }: LatencyFigures): string {
  return (
    `${formatCount(k)} passages asked for, one question at a time after ${formatCount(warmup)} to warm up; ` +
    `${formatLevel(level)} intervals by order statistics; ${printable(machine)}; ${printable(startedAt.slice(0, 10))}`
  );
}

/** What stands between a pass and a clean measurement: nothing, one hopes. */
export function latencyNotes(figures: LatencyFigures): string[] {
  const { failures, notMeasured, compared, different, throughput } = figures;
  const notes: string[] = [];
  if (failures > 0) notes.push(`questions that failed and have no latency: ${formatCount(failures)}`);
  if (notMeasured > 0) {
    notes.push(`searches that came from a cache and are in no figure: ${formatCount(notMeasured)}`);
  }
  if (different > 0) {
    notes.push(`${formatCount(different)} of ${formatCount(compared)} rankings were not those of the run's log`);
  }
  const reasons = new Map<string, string[]>();
  for (const part of throughput) {
    if (part.state === "none") reasons.set(part.reason, [...(reasons.get(part.reason) ?? []), placeOf(part)]);
    else if (part.different > 0) {
      const counts = `${formatCount(part.different)} of ${formatCount(part.compared)}`;
      notes.push(`${placeOf(part)}: ${counts} rankings were not those of the run's log`);
    }
  }
  for (const [reason, places] of reasons) notes.push(`${places.join(", ")}: ${printable(reason)}`);
  return notes;
}

/** Whether every ranking found in batches and threads was that of the log. */
export function sameEverywhere({ throughput, compared, different }: LatencyFigures): boolean {
  const measured = throughput.filter((part) => part.state === "measured");
  return compared > 0 && different === 0 && measured.every((part) => part.different === 0);
}
