import type { Run } from "../../runlog/index.ts";
import type { RunGroup } from "../group-runs.ts";

/** Two runs of one protocol; the second is compared with the first. */
export interface RunPair {
  readonly baseline: Run;
  readonly candidate: Run;
}

/** With more systems than these, every pair would be too many pages. */
const MOST_ALL_PAIRS = 12;

/**
 * Which pairs of a table's runs have a page: all pairs of up to 12 systems, the earlier run as the baseline; of more systems each
 * with the best one. With a pinned run, all others with that one besides.
 * @param best the run that is best by the table's first metric @param pinned a run's name
 */
export function choosePairs({ ranked, superseded }: RunGroup, best?: string, pinned?: string): RunPair[] {
  const few = ranked.length <= MOST_ALL_PAIRS;
  const named = (run?: string) => [...ranked, ...superseded].find(({ manifest }) => manifest.run === run);
  const pivots = [named(pinned), few ? undefined : (named(best) ?? ranked[0])];
  const pairs = pivots.flatMap((baseline) =>
    baseline === undefined
      ? []
      : ranked.filter((run) => run !== baseline).map((candidate) => ({ baseline, candidate })),
  );
  if (few) {
    const oldestFirst = ranked.toReversed();
    pairs.push(
      ...oldestFirst.flatMap((baseline, i) => oldestFirst.slice(i + 1).map((candidate) => ({ baseline, candidate }))),
    );
  }
  const seen = new Set<string>();
  return pairs.filter(({ baseline, candidate }) => {
    const key = JSON.stringify([baseline.manifest.run, candidate.manifest.run].sort());
    return !seen.has(key) && seen.add(key);
  });
}
