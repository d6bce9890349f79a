import {
  type AnsweredRequest,
  countGood,
  hasLimit,
  isGood,
  type LoadLimits,
  type LoadRecord,
  type LoadRequest,
  type LoadStep,
} from "../../runlog/load-record.ts";
import { effectiveSize, type Interval, quantileInterval, quantileSorted, wilson } from "../../stats/index.ts";
import type { Percentile } from "../latency/latency-figures.ts";

/** Quantiles of one time, in milliseconds, over the answered requests that have it; those of a speed in tokens per second. */
export interface LoadQuantiles {
  readonly n: number;
  readonly percentiles: readonly Percentile[];
}

/** What one rate brought. */
export interface StepFigures {
  readonly rate: number;
  /** Requests that were due in the measured window and became something. */
  readonly n: number;
  readonly answered: number;
  /** Why requests failed, the most frequent first. */
  readonly errors: readonly { readonly code: string; readonly count: number }[];
  readonly notSent: number;
  readonly cutOff: number;
  /** Of the answered and failed: how late they went out. */
  readonly late: { readonly p99: number; readonly most: number };
  readonly firstToken: LoadQuantiles;
  readonly tokenGap: LoadQuantiles;
  readonly longestGap: LoadQuantiles;
  readonly end: LoadQuantiles;
  /** Tokens per second of one answer, from its intended start to its end: the median, and what 9 and 99 of 100 answers exceed. */
  readonly perUser: LoadQuantiles;
  /** Of the whole step: tokens of answers, and answers, per second. */
  readonly tokensPerSecond?: number;
  readonly answersPerSecond: number;
  /** Means over the answers that say so. */
  readonly promptTokens?: number;
  readonly cachedPromptTokens?: number;
  readonly answerTokens?: number;
  /** The share of answers that ended at the most tokens allowed. */
  readonly hitLimit: number;
  /** Of all requests due, those answered within the limits; absent where none was due. */
  readonly goodput?: { readonly good: number; readonly share: number; readonly low: number; readonly high: number };
  readonly goodPerSecond: number;
}

/** The highest rate that a system bears: the last of the rates, from the lowest up, of which each has the share of good answers. */
export type Knee =
  | {
      readonly state: "found";
      readonly rate: number;
      /** The lowest rate above it, which is not borne. */
      readonly above: number;
      /** Whether the intervals of both rates exclude the share, so that more requests would hardly move it. */
      readonly sure: boolean;
    }
  | { readonly state: "above"; readonly rate: number; readonly sure: boolean }
  | { readonly state: "below"; readonly rate: number; readonly sure: boolean }
  | { readonly state: "none"; readonly reason: string };

/** What a load test says. Plain data: it goes through JSON unchanged. */
export interface LoadFigures {
  readonly level: number;
  /** By rate, ascending. */
  readonly steps: readonly StepFigures[];
  readonly knee: Knee;
}

const QUANTILES = [0.5, 0.9, 0.99];
/** Of a speed the slow end matters. */
const SLOWEST = [0.5, 0.1, 0.01];

/** @param level confidence level of all intervals, in (0, 1) */
export function loadFigures({ steps, limits, share }: LoadRecord, level: number): LoadFigures {
  const figures = steps.map((step) => stepFigures(step, limits, level)).sort((a, b) => a.rate - b.rate);
  return { level, steps: figures, knee: kneeOf(figures, limits, share) };
}

function stepFigures(step: LoadStep, limits: LoadLimits, level: number): StepFigures {
  const { rate, requests, cutOff, spanMs } = step;
  const answers = requests.filter((request) => request.state === "answered");
  const sent = requests
    .flatMap((request) => (request.state === "not-sent" ? [] : request.lateMs))
    .sort((a, b) => a - b);
  const codes = new Map<string, number>();
  for (const request of requests) {
    if (request.state === "failed") codes.set(request.code, (codes.get(request.code) ?? 0) + 1);
  }
  const quantiles = (of: (answer: AnsweredRequest) => number | undefined, percentiles = QUANTILES): LoadQuantiles => {
    return quantilesOf(known(answers, of), percentiles, level);
  };
  const tokens = known(answers, (answer) => answer.tokens);
  const good = countGood(step, limits);
  const perSecond = (count: number): number => (spanMs > 0 ? (1000 * count) / spanMs : 0);
  return {
    ...{ rate, n: requests.length, answered: answers.length, cutOff },
    errors: Array.from(codes, ([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count),
    notSent: requests.filter(({ state }) => state === "not-sent").length,
    late: sent.length === 0 ? { p99: 0, most: 0 } : { p99: quantileSorted(sent, 0.99), most: sent.at(-1)! },
    firstToken: quantiles((answer) => answer.firstTokenMs),
    tokenGap: quantiles((answer) => answer.tokenGapMs),
    longestGap: quantiles((answer) => answer.longestGapMs),
    end: quantiles((answer) => answer.endMs),
    perUser: quantiles((answer) => speedOf(answer), SLOWEST),
    ...(tokens.length > 0 && { tokensPerSecond: perSecond(sumOf(tokens)) }),
    answersPerSecond: perSecond(answers.length),
    ...meanAs(
      "promptTokens",
      known(answers, (answer) => answer.promptTokens),
    ),
    ...meanAs(
      "cachedPromptTokens",
      known(answers, (answer) => answer.cachedPromptTokens),
    ),
    ...meanAs("answerTokens", tokens),
    hitLimit: answers.length === 0 ? 0 : answers.filter(({ finish }) => finish === "length").length / answers.length,
    ...(requests.length > 0 && {
      goodput: { good, share: good / requests.length, ...goodputInterval(requests, limits, level) },
    }),
    goodPerSecond: perSecond(good),
  };
}

/**
 * Quantiles of values in the order of their requests. The intervals are by order statistics, for a sample of the size that the
 * requests are worth: neighbours wait in one queue and resemble each other.
 */
function quantilesOf(values: readonly number[], percentiles: readonly number[], level: number): LoadQuantiles {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return { n: 0, percentiles: [] };
  const percentileOf = (p: number): Percentile => {
    const value = quantileSorted(sorted, p);
    const { low, high } = quantileInterval(sorted, p, level, worthAt(values, value));
    return { p, value, ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
  };
  return { n: sorted.length, percentiles: percentiles.map(percentileOf) };
}

/** How many independent values a series is worth, for the question which of them are at most some value. */
function worthAt(values: readonly number[], most: number): number {
  return effectiveSize(values.map((value) => (value <= most ? 1 : 0)));
}

/**
 * Wilson's interval, with what the requests are worth as n. Where all are good their dependence does not show in that: it is
 * taken from the slowest tenth of their times, where that shows more.
 */
function goodputInterval(requests: readonly LoadRequest[], limits: LoadLimits, level: number): Interval {
  const n = requests.length;
  const good = requests.map((request) => (isGood(request, limits) ? 1 : 0));
  const ends = requests.flatMap((request) => (request.state === "answered" ? request.endMs : []));
  const ninth =
    ends.length === 0
      ? 0
      : quantileSorted(
          ends.toSorted((a, b) => a - b),
          0.9,
        );
  const shares = [effectiveSize(good) / n, ...(ends.length === 0 ? [] : [worthAt(ends, ninth) / ends.length])];
  const worth = Math.min(...shares) * n;
  return wilson((sumOf(good) / n) * worth, worth, level);
}

function speedOf({ tokens, endMs }: AnsweredRequest): number | undefined {
  return tokens !== undefined && endMs > 0 ? (1000 * tokens) / endMs : undefined;
}

function known(answers: readonly AnsweredRequest[], of: (answer: AnsweredRequest) => number | undefined): number[] {
  return answers.flatMap((answer) => of(answer) ?? []);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function meanAs<K extends string>(key: K, values: readonly number[]): { [P in K]?: number } {
  return (values.length === 0 ? {} : { [key]: sumOf(values) / values.length }) as { [P in K]?: number };
}

/** @param steps by rate, ascending */
function kneeOf(steps: readonly StepFigures[], limits: LoadLimits, share: number): Knee {
  if (!hasLimit(limits)) {
    return { state: "none", reason: "no limit is stated that an answer has to keep to" };
  }
  const measured = steps.flatMap(({ rate, goodput }) => (goodput ? [{ rate, ...goodput }] : []));
  const failed = measured.findIndex((step) => step.share < share);
  const first = measured[failed];
  const last = measured[failed === -1 ? measured.length - 1 : failed - 1];
  if (first && last) {
    return { state: "found", rate: last.rate, above: first.rate, sure: last.low >= share && first.high < share };
  }
  if (last) return { state: "above", rate: last.rate, sure: last.low >= share };
  if (first) return { state: "below", rate: first.rate, sure: first.high < share };
  return { state: "none", reason: "no request was due" };
}
