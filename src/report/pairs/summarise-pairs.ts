import type { Estimate } from "../../core/estimate.ts";
import type { Rng } from "../../core/rng.ts";
import { type GradingHead, openGrading, PAIR_ORDERS, readGrades } from "../../runlog/index.ts";
import { estimateMean } from "../../stats/index.ts";

/** Verdicts on the answers of two systems under one condition. */
export interface PairSummary {
  readonly condition: string;
  /** Pairs judged in both orders. */
  readonly pairs: number;
  /** Pairs that lack a verdict in one order or both: in none of the figures. */
  readonly undecided: number;
  /** Shares of pairs; a verdict that changes with the order counts as a tie. */
  readonly win: Estimate;
  readonly tie: Estimate;
  readonly loss: Estimate;
  /** Mean of 1 for a win, ½ for a tie and 0 for a loss. */
  readonly preference: Estimate;
  /** Position bias, over pairs of different texts. */
  readonly position: {
    /** Share of pairs whose verdict changes with the order. */
    readonly changed: Estimate;
    /** Of verdicts in a single order that were no tie: share for the answer shown first. ½ where place does not matter. */
    readonly first: Estimate;
  };
}

export interface PairsSummary {
  readonly head: GradingHead;
  readonly conditions: readonly PairSummary[];
}

interface Pair {
  readonly query: string;
  readonly condition: string;
  /** The preference for the answer shown first, by order. */
  ab?: number;
  ba?: number;
  /** Whether the judge was asked, rather than spared two equal texts. */
  asked: boolean;
}

export interface SummarisePairsOptions {
  readonly level: number;
  readonly rng: Rng;
}

/**
 * Reads verdicts on pairs. A win is a win in both orders, as Zheng et al. (NeurIPS 2023) count it: what changes with the order says
 * nothing of the answers. Intervals are clustered by question where questions have several pairs.
 */
export async function summarisePairs(path: string, { level, rng }: SummarisePairsOptions): Promise<PairsSummary> {
  const { head } = await openGrading(path);
  const pairs = new Map<string, Pair>();
  for await (const line of readGrades(path)) {
    const { query, condition, trial, repeat, order } = line;
    const key = `${trial}\n${repeat}\n${condition}\n${query}`;
    const pair = pairs.get(key) ?? { query, condition, asked: false };
    pairs.set(key, pair);
    pair.asked ||= line.asked > 0;
    if (line.kind === "grade" && order !== undefined) pair[order] = line.scores.preference;
  }
  const byCondition = new Map<string, Pair[]>();
  for (const pair of pairs.values()) {
    const some = byCondition.get(pair.condition);
    if (some === undefined) byCondition.set(pair.condition, [pair]);
    else some.push(pair);
  }
  const conditions = Array.from(byCondition, ([condition, some]) =>
    summarise(condition, some, { level, rng: rng.fork(`pairs/${condition}`) }),
  );
  return { head, conditions };
}

function summarise(condition: string, all: readonly Pair[], options: SummarisePairsOptions): PairSummary {
  const decided = all.flatMap(({ query, asked, ab, ba }) => {
    if (ab === undefined || ba === undefined) return [];
    // Both as preferences for the first run's answer.
    const [one, two] = [ab, 1 - ba];
    return [{ query, asked, ab, ba, changed: one !== two, value: one === two ? one : 0.5 }];
  });
  const undecided = all.length - decided.length;
  const of = (
    name: string,
    values: readonly (readonly [query: string, value: number])[],
    proportion = true,
  ): Estimate =>
    estimateMean(
      {
        values: values.map(([, value]) => value),
        ...clustersOf(values.map(([query]) => query)),
        failed: 0,
        unscored: 0,
      },
      { level: options.level, proportion, range: [0, 1], rng: options.rng.fork(name) },
    );
  const share = (name: string, value: number): Estimate =>
    of(name, decided.map((pair) => [pair.query, pair.value === value ? 1 : 0])); // biome-ignore format: one line
  const asked = decided.filter((pair) => pair.asked);
  return {
    condition,
    pairs: decided.length,
    undecided,
    win: share("win", 1),
    tie: share("tie", 0.5),
    loss: share("loss", 0),
    preference: of("preference", decided.map(({ query, value }) => [query, value]), false), // biome-ignore format: one line
    position: {
      changed: of("changed", asked.map(({ query, changed }) => [query, changed ? 1 : 0])), // biome-ignore format: one line
      first: of(
        "first",
        asked.flatMap((pair) =>
          PAIR_ORDERS.flatMap((order) => (pair[order] === 0.5 ? [] : [[pair.query, pair[order]] as const])),
        ),
      ),
    },
  };
}

/** Numbers that name the questions, where one has several values. */
function clustersOf(queries: readonly string[]): { clusters?: number[] } {
  const numbers = new Map<string, number>();
  const clusters = queries.map((query) => {
    const number = numbers.get(query) ?? numbers.size;
    numbers.set(query, number);
    return number;
  });
  return numbers.size === queries.length ? {} : { clusters };
}
