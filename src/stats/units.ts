import { BadArgument } from "../core/errors.ts";
import { requireFinite } from "./argument.ts";
import { sum } from "./sum.ts";

/**
 * What is drawn independently: single values, or clusters of values that share a document. A mean over clusters is a
 * ratio, Σ sums ÷ Σ sizes; single values are clusters of size 1, so every interval below has one formula for both.
 */
export interface Units {
  /** Number of values. */
  readonly n: number;
  /** Number of units: clusters, or n. */
  readonly count: number;
  /** Sum of the values of each unit. */
  readonly sums: Float64Array;
  /** Number of values of each unit; undefined when all are 1. */
  readonly sizes: Float64Array | undefined;
  readonly mean: number;
  /** sum - mean × size of each unit: how far it pulls the mean. They add up to 0. */
  readonly deviations: Float64Array;
  /** Whether all values (or the means of all clusters) are equal, up to rounding: then they say nothing about spread. */
  readonly constant: boolean;
}

/**
 * @param values finite
 * @param clusters a whole number per value that names its cluster; which numbers and in which order does not matter
 * @throws BadArgument when a value is not finite, or clusters and values differ in length
 */
export function toUnits(values: ArrayLike<number>, clusters?: ArrayLike<number>): Units {
  requireFinite("values", values);
  const n = values.length;
  const mean = n === 0 ? 0 : sum(values) / n;
  if (clusters === undefined) {
    const sums = Float64Array.from(values);
    return withConstant({ n, count: n, sums, sizes: undefined, mean, deviations: sums.map((x) => x - mean) }, values);
  }
  if (clusters.length !== n) throw new BadArgument(`${n} values need ${n} cluster numbers, got ${clusters.length}`);
  const members = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const list = members.get(clusters[i]!);
    if (list === undefined) members.set(clusters[i]!, [values[i]!]);
    else list.push(values[i]!);
  }
  const lists = [...members.values()];
  const units = {
    n,
    count: lists.length,
    sums: Float64Array.from(lists, sum),
    sizes: Float64Array.from(lists, (list) => list.length),
    mean,
    // Deviations are summed after centring: a large common offset costs no digits.
    deviations: Float64Array.from(lists, (list) => sum(list.map((x) => x - mean))),
  };
  return withConstant(units, values);
}

/** Values that differ by rounding only (0.3 - 0.2 and 0.2 - 0.1) are the same value. */
function withConstant(units: Omit<Units, "constant">, values: ArrayLike<number>): Units {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  const slack = 1e-12 * largest;
  const constant = units.deviations.every((x, i) => Math.abs(x) <= slack * (units.sizes?.[i] ?? 1));
  return { ...units, constant };
}

/**
 * Standard error of the mean: sd / √n for single values, the cluster-robust ("sandwich") error with the factor
 * G / (G - 1) for G clusters. Source: Cameron and Miller, J. Human Resources 50, 2015, equation 11.
 *
 * @param units at least two
 */
export function standardError({ deviations, count, n }: Units): number {
  return Math.sqrt((count / (count - 1)) * sum(deviations.map((x) => x * x))) / n;
}
